import pytest

from bot.platforms.slack.manifest import BOT_EVENTS, manifest
from storage.enums import Locale


def test_socket_mode_needs_no_address() -> None:
    made = manifest(name="x" * 60, slash_command="/cluster", mode="socket", public_url="", locale=Locale.ITALIAN)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in made["settings"]["interactivity"]
    assert "url" not in made["features"]["slash_commands"][0]
    assert len(made["display_information"]["name"]) == 35


def test_http_mode_has_one_address_for_everything() -> None:
    made = manifest(
        name="Cluster",
        slash_command="/cluster",
        mode="http",
        public_url="https://bot.example.org/",
        locale=Locale.ENGLISH,
    )
    url = "https://bot.example.org/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["features"]["slash_commands"][0]["url"] == url
    assert made["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize("locale", list(Locale))
def test_the_published_limits_hold(locale: Locale) -> None:
    made = manifest(name="Cluster", slash_command="/cluster", mode="socket", public_url="", locale=locale)
    assert len(made["display_information"]["description"]) <= 140
    command, shortcut = made["features"]["slash_commands"][0], made["features"]["shortcuts"][0]
    assert len(command["command"]) <= 32
    assert len(command["usage_hint"]) <= 1000
    assert len(shortcut["name"]) <= 24
    assert "…" not in shortcut["name"] + command["description"] + made["display_information"]["description"]
    assert shortcut == {**shortcut, "type": "message", "callback_id": "share"}
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert len(BOT_EVENTS) == len(set(BOT_EVENTS)) <= 100


@pytest.mark.parametrize("command", ["cluster", "/", "/two words", "/" + "x" * 40, ""])
def test_a_command_that_slack_refuses_is_refused_here(command: str) -> None:
    with pytest.raises(ValueError, match="slash command"):
        manifest(name="x", slash_command=command, mode="socket", public_url="", locale=Locale.ENGLISH)


def test_http_mode_without_https_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        manifest(name="x", slash_command="/c", mode="http", public_url="http://x", locale=Locale.ENGLISH)
