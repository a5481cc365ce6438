"""Settings: a TOML file, the environment over it, secrets also from files. A typo is an error that names the key."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo

from handlers.conversation.context import Retention, RoundupPolicy
from storage.engine import DatabaseUrlError, async_url
from storage.enums import Locale, Moderation
from storage.quiet_hours import QuietHours

PREFIX = "COMMUNITY_BOT__"
FILE_SUFFIX = "_FILE"
CONFIG_PATH = Path("config.toml")
TELEGRAM_FREE_PER_SECOND = 30
TELEGRAM_PAID_PER_SECOND = 1000
"""Messages a second, all chats together (Telegram's bots FAQ; Bot API, ``allow_paid_broadcast``)."""
SHORTEST_KEY = 32
"""Characters of a key that codes are kept under."""


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
    quiet_from: time = time(21)
    quiet_until: time = time(7, 30)

    @property
    def quiet_hours(self) -> QuietHours | None:
        """When nobody is disturbed who has not chosen otherwise."""
        return QuietHours(self.quiet_from, self.quiet_until) if self.quiet_from != self.quiet_until else None

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
    sector_topics: dict[str, Annotated[int, Field(ge=1)]] = {}

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
    sector_channels: dict[str, str] = {}


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
    telegram_paid_broadcast: bool = False
    telegram_chat_seconds: Annotated[float, Field(ge=0)] = 1.0
    telegram_group_per_minute: Annotated[int, Field(ge=0)] = 20
    slack_per_second: Annotated[float, Field(ge=0)] = 8.0
    slack_chat_seconds: Annotated[float, Field(ge=0)] = 1.0
    slack_edits_per_minute: Annotated[int, Field(ge=0)] = 50
    in_flight: Annotated[int, Field(ge=1, le=128)] = 8
    unrepeatable_in_flight: Annotated[int, Field(ge=1, le=128)] = 1
    lease_seconds: Annotated[float, Field(ge=1, le=300)] = 15.0

    @model_validator(mode="after")
    def _rate(self) -> Self:
        free, most = TELEGRAM_FREE_PER_SECOND, TELEGRAM_PAID_PER_SECOND
        if self.telegram_per_second > most:
            raise ValueError(f"telegram_per_second: Telegram takes {most} a second at most; 0 means no limit")
        if self.telegram_per_second > free and not self.telegram_paid_broadcast:
            raise ValueError(
                f"telegram_per_second: more than {free} a second need telegram_paid_broadcast = true, and a balance"
            )
        return self


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


class MailSettings(Section):
    """``[mail]``."""

    host: str = ""
    port: Annotated[int, Field(ge=0, le=65535)] = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = ""

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+", value):
            raise ValueError("must be an address alone, like community@example.org")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("sender is missing: the address that e-mails come from, like community@example.org")
        return self


class LimitSettings(Section):
    """``[limits]``."""

    events_in_ten_seconds: Annotated[int, Field(ge=0)] = 20
    events_in_a_minute: Annotated[int, Field(ge=0)] = 60


class SecuritySettings(Section):
    """``[security]``."""

    code_key: SecretStr = SecretStr("")

    @field_validator("code_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"must have at least {SHORTEST_KEY} characters; leave it empty and one is made")
        return value


class RetentionSettings(Section):
    """``[privacy.retention]``: how long each kind of data is kept."""

    inactive_days: Annotated[int, Field(ge=30)] = 3 * 365
    warning_days: Annotated[int, Field(ge=7, le=90)] = 7
    unfinished_days: Annotated[int, Field(ge=1)] = 30
    refused_days: Annotated[int, Field(ge=1)] = 180
    drafts_days: Annotated[int, Field(ge=1)] = 30
    inbox_hours: Annotated[int, Field(ge=25)] = 25
    outbox_days: Annotated[int, Field(ge=1)] = 7
    keys_days: Annotated[int, Field(ge=30)] = 180
    results_days: Annotated[int, Field(ge=1)] = 365
    attempts_days: Annotated[int, Field(ge=1)] = 1
    codes_days: Annotated[int, Field(ge=1)] = 30
    audit_days: Annotated[int, Field(ge=30)] = 5 * 365
    web_messages_days: Annotated[int, Field(ge=1)] = 365
    readings_days: Annotated[int, Field(ge=30)] = 400
    applications_days: Annotated[int, Field(ge=1)] = 2 * 365
    channel_members_days: Annotated[int, Field(ge=1)] = 90
    exports_days: Annotated[int, Field(ge=1)] = 7

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.keys_days < self.outbox_days:
            raise ValueError("keys_days must not be shorter than outbox_days: the keys keep messages from going twice")
        return self

    def lengths(self) -> Retention:
        """As handlers take them."""
        units = {"days": timedelta(days=1), "hours": timedelta(hours=1)}
        return Retention(
            **{
                name.rpartition("_")[0]: getattr(self, name) * units[name.rpartition("_")[2]]
                for name in type(self).model_fields
            }
        )


class PrivacySettings(Section):
    """``[privacy]``."""

    retention: RetentionSettings = RetentionSettings()


class StaffSettings(Section):
    """``[staff]``."""

    remind_after_days: Annotated[int, Field(ge=0, le=90)] = 2
    note_at: time = time(9)


class KnowhowSettings(Section):
    """``[knowhow]``."""

    moderation: Moderation = Moderation.ALL
    first_posts: Annotated[int, Field(ge=1, le=100)] = 3


Weekday = Literal["never", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)


class DigestSettings(Section):
    """``[digests]``: the weekly roundups, on the community's clock. The personal digests are everybody's own."""

    channel_day: Weekday = "never"
    channel_hour: Annotated[int, Field(ge=0, le=23)] = 9
    staff_day: Weekday = "never"
    staff_hour: Annotated[int, Field(ge=0, le=23)] = 8

    def policy(self) -> RoundupPolicy:
        """As handlers take it."""
        return RoundupPolicy(
            channel_weekday=WEEKDAYS.index(self.channel_day) - 1,
            channel_hour=self.channel_hour,
            staff_weekday=WEEKDAYS.index(self.staff_day) - 1,
            staff_hour=self.staff_hour,
        )


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
    mail: MailSettings = MailSettings()
    digests: DigestSettings = DigestSettings()
    limits: LimitSettings = LimitSettings()
    security: SecuritySettings = SecuritySettings()
    privacy: PrivacySettings = PrivacySettings()
    staff: StaffSettings = StaffSettings()
    knowhow: KnowhowSettings = KnowhowSettings()
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
        *tables, key = name[len(PREFIX) :].lower().split("__")
        known, within = _fields_of(tables), values
        if not tables or known is None:
            raise ConfigError(f"{name}: no such setting; the form is {PREFIX}TABLE__KEY")
        value = given
        if key not in known and key.upper().endswith(FILE_SUFFIX):
            key = key[: -len(FILE_SUFFIX)]
            try:
                value = Path(given).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"{name}: the file cannot be read: {error}") from error
        if key not in known or _is_table(known[key]):
            raise ConfigError(f"{name}: no such setting in [{'.'.join(tables)}]; there are {', '.join(known)}")
        for table in tables:
            within = within.setdefault(table, {})
        within[key] = value


def _is_table(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Section)


def _fields_of(tables: list[str]) -> dict[str, FieldInfo] | None:
    """The keys of a table of the file, like ``["privacy", "retention"]``; ``None`` when there is no such table."""
    known = Settings.model_fields
    for table in tables:
        field = known.get(table)
        if field is None or not _is_table(field) or field.annotation is None:
            return None
        known = field.annotation.model_fields
    return known


def _line(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{where}: no such setting; see config.example.toml for those that exist"
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}"
