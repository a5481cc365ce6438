"""Settings: file, environment, secrets from files, and errors that name the key."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import ConfigError, Section, Settings, load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
TELEGRAM_TOKEN = "123456789:AAF-secret-secret-secret-secret-secret"


def plain(settings: Settings) -> dict[str, dict[str, Any]]:
    """All settings as TOML would hold them."""
    return {table: _plain_table(getattr(settings, table)) for table in Settings.model_fields}


def _plain_table(table: Section) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in table:
        if isinstance(value, Section):
            found[key] = _plain_table(value)
        else:
            found[key] = value.get_secret_value() if isinstance(value, SecretStr) else value
    return found


def variables(table: str, values: dict[str, object]) -> dict[str, str]:
    """The environment that says the same."""
    found: dict[str, str] = {}
    for key, value in values.items():
        name = f"{table}__{key.upper()}"
        found |= variables(name, value) if isinstance(value, dict) else {name: str(value)}
    return found


def failure(path: Path | None = None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {})
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


# The example


def test_the_example_holds_every_setting_with_its_default_and_no_other() -> None:
    assert tomllib.loads(EXAMPLE.read_text()) == plain(Settings())


def test_the_example_can_be_used_as_it_is() -> None:
    assert load(EXAMPLE, {}) == Settings()


def test_every_setting_of_the_example_is_explained() -> None:
    for table in EXAMPLE.read_text().split("\n[")[1:]:
        name, *lines = table.splitlines()
        explained_together = lines[0].startswith("#") and name == "delivery]"
        for above, line in zip(["", *lines], lines, strict=False):
            if line and not line.startswith("#"):
                assert explained_together or "  # " in line or above.startswith("#"), f"[{name} {line}"


def test_without_file_and_environment_the_defaults_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None, {}) == Settings()


def test_the_file_of_the_current_folder_is_read(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.chdir(file.parent)
    file.write_text('[community]\nname = "Prova"\n')
    assert load(None, {}).community.name == "Prova"


# The environment


def test_the_environment_wins_over_the_file(file: Path) -> None:
    file.write_text('[community]\nname = "File"\ntimezone = "Europe/Paris"\n[web]\nport = 1\n')
    environ = {"COMMUNITY_BOT__COMMUNITY__NAME": "Ambiente", "COMMUNITY_BOT__WEB__PORT": "9090", "PATH": "/bin"}
    settings = load(file, environ)
    assert (settings.community.name, settings.community.timezone, settings.web.port) == (
        "Ambiente",
        "Europe/Paris",
        9090,
    )


@pytest.mark.parametrize("table", list(Settings.model_fields))
def test_every_setting_can_come_from_the_environment(table: str) -> None:
    values = plain(Settings())[table]
    environ = variables(f"COMMUNITY_BOT__{table.upper()}", values)
    assert getattr(load(None, environ), table) == getattr(Settings(), table)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("telegram", "token", TELEGRAM_TOKEN),
        ("telegram", "webhook_secret", "s3cret"),
        ("slack", "bot_token", "xoxb-1"),
        ("slack", "app_token", "xapp-1"),
        ("slack", "signing_secret", "abc"),
    ],
)
def test_each_secret_can_come_from_a_file(table: str, key: str, value: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(value + "\n")
    settings = load(None, {f"COMMUNITY_BOT__{table.upper()}__{key.upper()}_FILE": str(secret)})
    assert getattr(getattr(settings, table), key).get_secret_value() == value


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    message = failure(None, {"COMMUNITY_BOT__TELEGRAM__TOKEN_FILE": str(tmp_path / "nothing")})
    assert message.startswith("COMMUNITY_BOT__TELEGRAM__TOKEN_FILE: the file cannot be read")


# Typing errors


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[telegram]\ntokn = "1:a"\n', "telegram.tokn: no such setting"),
        ("[telegramm]\n", "telegramm: no such setting"),
        ('name = "x"\n', "name: no such setting"),
    ],
)
def test_a_typing_error_in_the_file_is_named(text: str, named: str, file: Path) -> None:
    file.write_text(text)
    assert named in failure(file)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("COMMUNITY_BOT__TELEGRAM__TOKN", "no such setting in [telegram]; there are token, mode"),
        ("COMMUNITY_BOT__TELEGRAMM__TOKEN", "no such setting; the form is COMMUNITY_BOT__TABLE__KEY"),
        ("COMMUNITY_BOT__TOKEN", "no such setting; the form is"),
        ("COMMUNITY_BOT__TELEGRAM__TOKEN__FILE", "no such setting; the form is"),
        ("COMMUNITY_BOT__TELEGRAM__TOKN_FILE", "no such setting; the form is"),
    ],
)
def test_a_typing_error_in_the_environment_is_named(name: str, said: str, tmp_path: Path) -> None:
    message = failure(None, {name: str(tmp_path)})
    assert message.startswith(f"{name}: ")
    assert said in message or "the file cannot be read" in message


def test_all_wrong_settings_are_told_at_once(file: Path) -> None:
    file.write_text('[community]\nnome = "x"\n[web]\nport = 99999\n[log]\nlevel = "LOUD"\n')
    lines = failure(file).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["community.nome", "web.port", "log.level"]


# Bad values


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("community", "timezone", "Europe/Milano", "community.timezone: not an IANA time zone"),
        ("community", "timezone", "../../etc/passwd", "community.timezone: not an IANA time zone"),
        ("community", "timezone", "", "community.timezone: not an IANA time zone"),
        ("community", "slash_command", "cluster", "community.slash_command: must be a slash and up to 31"),
        ("community", "slash_command", "/" + "a" * 32, "community.slash_command: must be a slash and up to 31"),
        ("community", "default_language", "de", "community.default_language: Input should be 'it' or 'en'"),
        ("database", "url", "mysql://x/y", "database.url: 'mysql' is not supported"),
        ("database", "url", "nonsense", "database.url: not a database address"),
        ("database", "durable", "perhaps", "database.durable: "),
        ("telegram", "token", "abc", "telegram.token: not a bot token; @BotFather gives one like 123456:ABC-def"),
        ("telegram", "mode", "pulling", "telegram.mode: Input should be 'polling' or 'webhook'"),
        ("telegram", "webhook_secret", "with space", "telegram.webhook_secret: must be up to 256"),
        ("telegram", "webhook_secret", "a" * 257, "telegram.webhook_secret: must be up to 256"),
        ("telegram", "community_chat", "@cluster", "telegram.community_chat: must be a chat's id like"),
        ("telegram", "community_chat", "-100:x", "telegram.community_chat: must be a chat's id like"),
        ("slack", "mode", "rtm", "slack.mode: Input should be 'socket' or 'http'"),
        ("web", "port", "70000", "web.port: "),
        ("web", "port", "-1", "web.port: "),
        ("web", "public_url", "bot.example.org", "web.public_url: must be an address like"),
        ("delivery", "telegram_per_second", "-1", "delivery.telegram_per_second: "),
        ("delivery", "telegram_per_second", "31", "delivery: telegram_per_second: more than 30 a second need"),
        ("delivery", "telegram_per_second", "1001", "delivery: telegram_per_second: Telegram takes 1000 a second"),
        ("delivery", "in_flight", "0", "delivery.in_flight: "),
        ("log", "format", "xml", "log.format: Input should be 'text' or 'json'"),
        ("log", "level", "debug", "log.level: Input should be 'DEBUG'"),
    ],
)
def test_a_bad_value_is_explained(table: str, key: str, value: str, said: str) -> None:
    assert said in failure(None, {f"COMMUNITY_BOT__{table.upper()}__{key.upper()}": value})


def test_a_chat_id_may_be_written_as_a_number(file: Path) -> None:
    file.write_text("[telegram]\ncommunity_chat = -1001234567890\n")
    assert load(file, {}).telegram.community_chat == "-1001234567890"


def test_a_slash_at_the_end_of_an_address_does_not_matter() -> None:
    settings = load(None, {"COMMUNITY_BOT__WEB__PUBLIC_URL": "https://bot.example.org/"})
    assert settings.web.public_url == "https://bot.example.org"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[telegram\n", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"telegram = 3\n", "telegram: "),
    ],
)
def test_a_file_that_is_no_toml_is_said(content: bytes, said: str, file: Path) -> None:
    file.write_bytes(content)
    assert said in failure(file)


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    message = failure(tmp_path / "nothing.toml")
    assert "no such file; copy config.example.toml to it" in message


# Secrets


def secrets() -> dict[str, str]:
    return {
        "COMMUNITY_BOT__TELEGRAM__TOKEN": TELEGRAM_TOKEN,
        "COMMUNITY_BOT__TELEGRAM__WEBHOOK_SECRET": "webhook-very-secret",
        "COMMUNITY_BOT__SLACK__BOT_TOKEN": "xoxb-very-secret",
        "COMMUNITY_BOT__SLACK__APP_TOKEN": "xapp-very-secret",
        "COMMUNITY_BOT__SLACK__SIGNING_SECRET": "signing-very-secret",
    }


def test_no_secret_is_in_what_settings_print() -> None:
    settings = load(None, secrets())
    for shown in (
        repr(settings),
        str(settings),
        repr(settings.telegram),
        repr(settings.slack),
        repr(settings.model_dump()),
    ):
        assert "secret-secret" not in shown
        assert "very-secret" not in shown
    assert settings.telegram.token.get_secret_value() == TELEGRAM_TOKEN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMMUNITY_BOT__TELEGRAM__TOKEN", "very secret token"),
        ("COMMUNITY_BOT__TELEGRAM__WEBHOOK_SECRET", "very secret word"),
    ],
)
def test_no_secret_is_in_an_error(name: str, value: str, file: Path) -> None:
    assert "very secret" not in failure(None, {**secrets(), name: value})
    table, key = name.removeprefix("COMMUNITY_BOT__").lower().split("__")
    file.write_text(f'[{table}]\n{key} = "{value}"\n')
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert "very secret" not in str(caught.value)


def test_a_secret_of_the_wrong_kind_is_not_repeated(file: Path) -> None:
    file.write_text("[slack]\nbot_token = 1234567890\n")
    message = failure(file)
    assert message.startswith("slack.bot_token: ")
    assert "1234567890" not in message


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().web.port = 1
