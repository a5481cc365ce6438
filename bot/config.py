"""Settings: a TOML file, the environment over it, secrets also from files. A typo is an error that names the key."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from storage.engine import DatabaseUrlError, async_url
from storage.enums import Locale

PREFIX = "COMMUNITY_BOT__"
FILE_SUFFIX = "_FILE"
CONFIG_PATH = Path("config.toml")


class ConfigError(Exception):
    """The settings cannot be used; the message names each key and says how to mend it, a line each."""


class Section(BaseModel):
    """A table of the file. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CommunitySettings(Section):
    """``[community]``."""

    name: str = "Cluster Lombardo Scienze della Vita"
    default_language: Locale = Locale.ITALIAN
    timezone: str = "Europe/Rome"
    slash_command: str = "/cluster"
    controller: str = "Cluster Lombardo Scienze della Vita"
    contact: str = "privacy@cluster.example"

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("not an IANA time zone; use a name like Europe/Rome") from error
        return value

    @field_validator("slash_command")
    @classmethod
    def _slash(cls, value: str) -> str:
        if not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
            raise ValueError("must be a slash and up to 31 of a-z 0-9 _ -, like /cluster")
        return value


class DatabaseSettings(Section):
    """``[database]``."""

    url: str = "sqlite:///var/community.sqlite3"
    durable: bool = False

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        try:
            async_url(value)
        except DatabaseUrlError as error:
            raise ValueError(str(error)) from error
        return value


class TelegramSettings(Section):
    """``[telegram]``."""

    token: SecretStr = SecretStr("")
    mode: Literal["polling", "webhook"] = "polling"
    api_base_url: str = "https://api.telegram.org"
    webhook_secret: SecretStr = SecretStr("")
    community_chat: str = ""

    @field_validator("token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
            raise ValueError("not a bot token; @BotFather gives one like 123456:ABC-def")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("must be up to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("community_chat", mode="before")
    @classmethod
    def _chat(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value

    @field_validator("community_chat")
    @classmethod
    def _chat_id(cls, value: str) -> str:
        if value and not re.fullmatch(r"-?\d+(:\d+)?", value):
            raise ValueError("must be a chat's id like -1001234567890, with :7 behind it for topic 7")
        return value


class SlackSettings(Section):
    """``[slack]``."""

    bot_token: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    mode: Literal["socket", "http"] = "socket"
    api_base_url: str = "https://slack.com/api/"
    community_channel: str = ""


class WebSettings(Section):
    """``[web]``."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str = ""
    allow_remote_demo: bool = False

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", value):
            raise ValueError("must be an address like https://bot.example.org")
        return value.rstrip("/")


class DeliverySettings(Section):
    """``[delivery]``."""

    telegram_per_second: Annotated[float, Field(ge=0)] = 30.0
    telegram_chat_seconds: Annotated[float, Field(ge=0)] = 1.0
    telegram_group_per_minute: Annotated[int, Field(ge=0)] = 20
    slack_per_second: Annotated[float, Field(ge=0)] = 8.0
    slack_chat_seconds: Annotated[float, Field(ge=0)] = 1.0
    slack_edits_per_minute: Annotated[int, Field(ge=0)] = 50
    in_flight: Annotated[int, Field(ge=1, le=128)] = 8
    unrepeatable_in_flight: Annotated[int, Field(ge=1, le=128)] = 1
    lease_seconds: Annotated[float, Field(ge=1, le=300)] = 15.0


class AnnouncementSettings(Section):
    """``[announcements]``."""

    second_approval_above: Annotated[int, Field(ge=0)] = 0
    send_from: time = time(8)
    send_until: time = time(20)
    spare_holidays: bool = True

    @model_validator(mode="after")
    def _window(self) -> Self:
        if self.send_until < self.send_from:
            raise ValueError("send_until must not be before send_from; equal times leave the window always open")
        return self


class StaffSettings(Section):
    """``[staff]``."""

    remind_after_days: Annotated[int, Field(ge=0, le=90)] = 2
    note_at: time = time(9)


class LogSettings(Section):
    """``[log]``."""

    format: Literal["text", "json"] = "text"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(Section):
    """All settings."""

    community: CommunitySettings = CommunitySettings()
    database: DatabaseSettings = DatabaseSettings()
    telegram: TelegramSettings = TelegramSettings()
    slack: SlackSettings = SlackSettings()
    web: WebSettings = WebSettings()
    delivery: DeliverySettings = DeliverySettings()
    announcements: AnnouncementSettings = AnnouncementSettings()
    staff: StaffSettings = StaffSettings()
    log: LogSettings = LogSettings()


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        path: the file; ``config.toml`` in the current folder when it is there.
        environ: the environment; the process's own by default.

    Raises:
        ConfigError: the file cannot be read, or a key or value is wrong.
    """
    values: dict[str, Any] = {}
    source = path or (CONFIG_PATH if CONFIG_PATH.is_file() else None)
    if source is not None:
        try:
            values = tomllib.loads(source.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ConfigError(f"{source}: no such file; copy config.example.toml to it") from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{source}: cannot be read: {error}") from error
    _overlay(values, os.environ if environ is None else environ)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_line(problem) for problem in error.errors())) from error


def _overlay(values: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Lay the environment over the file. Every variable with our prefix must be a key, so a typo is noticed."""
    for name, given in sorted(environ.items()):
        if not name.upper().startswith(PREFIX):
            continue
        words = name[len(PREFIX) :].lower().split("__")
        table = Settings.model_fields.get(words[0])
        if len(words) != 2 or table is None:
            raise ConfigError(f"{name}: no such setting; the form is {PREFIX}TABLE__KEY")
        section, key = words
        value = given
        known = table.annotation.model_fields if table.annotation is not None else {}
        if key not in known and key.upper().endswith(FILE_SUFFIX):
            key = key[: -len(FILE_SUFFIX)]
            try:
                value = Path(given).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"{name}: the file cannot be read: {error}") from error
        if key not in known:
            raise ConfigError(f"{name}: no such setting in [{section}]; there are {', '.join(known)}")
        values.setdefault(section, {})[key] = value


def _line(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{where}: no such setting; see config.example.toml for those that exist"
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}"
