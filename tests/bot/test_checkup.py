"""What `check` finds, against the strict stand-ins of both platforms."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.checkup import Finding, Level, check
from bot.config import Settings
from bot.platforms.slack.manifest import manifest
from bot.platforms.telegram.client import TelegramClient
from handlers.conversation.clock import SystemClock
from storage.engine import Database
from storage.enums import Locale
from storage.migrations import head, upgrade
from tests.standins.slack import SlackServer
from tests.standins.telegram import TelegramServer

WRONG_TELEGRAM_TOKEN = "987654321:AAwrong-token-of-thirty-five-letters-x"
WRONG_SLACK_TOKEN = "xoxb-wrong-token-1234567890"
MANIFEST = manifest(name="Cluster", slash_command="/cluster", mode="socket", public_url="", locale=Locale.ITALIAN)


@pytest.fixture
async def store(tmp_path: Path) -> str:
    """An up-to-date store's address."""
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    database = Database(url)
    await upgrade(database)
    await database.close()
    return url


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        server.install(MANIFEST)
        yield server


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def settings(store: str, **tables: dict[str, Any]) -> Settings:
    return Settings.model_validate({"database": {"url": store}, **tables})


def on_telegram(server: TelegramServer, **more: str) -> dict[str, str]:
    return {"token": server.token, "api_base_url": server.base_url, **more}


def on_slack(server: SlackServer, **more: str) -> dict[str, str]:
    return {
        "bot_token": server.bot_token,
        "app_token": server.app_token,
        "api_base_url": server.api_base_url,
        **more,
    }


def bad(findings: list[Finding]) -> list[tuple[Level, str]]:
    return [(finding.level, finding.what) for finding in findings if finding.level is not Level.OK]


def one_error(findings: list[Finding]) -> Finding:
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    assert len(errors) == 1, errors
    assert errors[0].mend
    return errors[0]


def fine(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if finding.level is Level.OK]


# The whole


async def test_nothing_configured_is_good_for_the_demo_only(store: str) -> None:
    findings = await check(settings(store))
    assert bad(findings) == [(Level.WARNING, "No platform is configured: only the demo makes sense.")]


async def test_a_complete_installation_has_nothing_to_mend(
    store: str, telegram: TelegramServer, slack: SlackServer
) -> None:
    group = telegram.group("Cluster", [telegram.user()], kind="supergroup")
    group.add_bot()
    channel = slack.channel("community")
    findings = await check(
        settings(
            store,
            telegram=on_telegram(telegram, community_chat=str(group.id)),
            slack=on_slack(slack, community_channel=channel.id),
            community={"contact": "privacy@cluster.it"},
            web={"public_url": "https://bot.cluster.it"},
        )
    )
    assert bad(findings) == []
    said = "\n".join(fine(findings))
    for words in (
        "answers and is up to date",
        "Telegram knows the bot as @cluster_test_bot",
        "may post in the community's chat “Cluster”",
        "Slack knows the bot as @clusterbot in the workspace “Life Science Cluster”",
        "every permission",
        "Socket Mode is open",
        "is in the community's channel #community",
        "/cluster",
        "https://bot.cluster.it",
    ):
        assert words in said
    assert telegram.violations == []
    assert slack.violations == []


async def test_nothing_is_sent_registered_or_opened(store: str, telegram: TelegramServer, slack: SlackServer) -> None:
    group = telegram.group("Cluster", [telegram.user()])
    group.add_bot(admin=True)
    channel = slack.channel("community", bot=False)
    await check(
        settings(
            store,
            telegram=on_telegram(telegram, community_chat=str(group.id)),
            slack=on_slack(slack, community_channel=channel.id),
        )
    )
    assert set(telegram.counts) == {"getme", "getchat", "getchatmember", "getwebhookinfo"}
    assert {call.method for call in slack.calls} == {"auth.test", "apps.connections.open", "conversations.info"}
    assert slack.sockets.connections == []


async def test_no_finding_holds_a_secret(store: str, telegram: TelegramServer, slack: SlackServer) -> None:
    secrets = [WRONG_TELEGRAM_TOKEN, WRONG_SLACK_TOKEN, "xapp-1-wrong-app-token", "hidden-signing-secret", "pass-word"]
    findings = await check(
        Settings.model_validate(
            {
                "database": {"url": "postgresql://bot:pass-word@127.0.0.1:1/community"},
                "telegram": on_telegram(telegram, token=secrets[0], webhook_secret="hidden-signing-secret"),
                "slack": on_slack(slack, bot_token=secrets[1], app_token=secrets[2], signing_secret=secrets[3]),
            }
        )
    )
    assert {finding.level for finding in findings} >= {Level.ERROR}
    for secret in secrets:
        assert secret not in repr(findings)


async def test_a_placeholder_contact_is_noticed_once_people_can_read_it(store: str, telegram: TelegramServer) -> None:
    findings = await check(settings(store, telegram=on_telegram(telegram)))
    assert bad(findings) == [(Level.WARNING, "The privacy notice names a contact that does not exist.")]


# The database


async def test_an_empty_store_is_to_be_migrated(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.touch()
    found = one_error(await check(settings(f"sqlite:///{path}")))
    assert "is empty" in found.what
    assert "community-bot migrate" in found.mend


async def test_a_store_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "var" / "store.sqlite3"
    found = one_error(await check(settings(f"sqlite:///{path}")))
    assert "There is no store" in found.what
    assert "community-bot migrate" in found.mend
    assert not path.parent.exists()


async def test_another_revision_is_named(store: str) -> None:
    database = Database(store)
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
    await database.close()
    found = one_error(await check(settings(store)))
    assert "from_tomorrow" in found.what
    assert head() in found.what


async def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    path.write_text("just some notes, and more of them than SQLite's header is long " * 20)
    found = one_error(await check(settings(f"sqlite:///{path}")))
    assert "file is not a database" in found.what


async def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    found = one_error(await check(settings(f"sqlite:///{tmp_path}/var/store.sqlite3")))
    assert "is not a folder" in found.what


async def test_a_folder_without_the_right_to_write_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever runs the tests may be root, who may write everywhere.
    monkeypatch.setattr("bot.checkup.store.os.access", lambda path, mode: path != tmp_path)
    found = one_error(await check(settings(f"sqlite:///{tmp_path}/store.sqlite3")))
    assert found.what == f"The folder {tmp_path} cannot be written to."


async def test_a_database_in_memory_forgets() -> None:
    assert "kept in memory" in one_error(await check(settings("sqlite://"))).what


async def test_a_database_server_that_does_not_answer_is_said(closed_port: int) -> None:
    found = one_error(await check(settings(f"postgresql://bot:pass-word@127.0.0.1:{closed_port}/community")))
    assert f"postgresql://bot:***@127.0.0.1:{closed_port}/community does not answer" in found.what


async def test_a_missing_driver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_driver(url: str) -> Database:
        raise ModuleNotFoundError(url)

    monkeypatch.setattr("bot.checkup.store.Database", without_driver)
    found = one_error(await check(settings("postgresql://bot@127.0.0.1/community")))
    assert "The driver for postgresql is not installed" in found.what


# Telegram


async def test_a_wrong_telegram_token_is_said(store: str, telegram: TelegramServer) -> None:
    announced = telegram.expects_refusal("")
    found = one_error(await check(settings(store, telegram=on_telegram(telegram, token=WRONG_TELEGRAM_TOKEN))))
    assert found.what == "Telegram refuses the token."
    assert announced.count > 0


async def test_telegram_out_of_reach_is_said(store: str, closed_port: int) -> None:
    table = {"token": WRONG_TELEGRAM_TOKEN, "api_base_url": f"http://127.0.0.1:{closed_port}"}
    assert "Telegram cannot be reached" in one_error(await check(settings(store, telegram=table))).what


async def test_a_telegram_that_says_nothing_is_not_waited_for_long(
    store: str, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checkup.PLATFORM_SECONDS", 0.2)
    telegram.delay("getMe", 30)
    found = one_error(await check(settings(store, telegram=on_telegram(telegram))))
    assert found.what == "Telegram does not answer within 0.2 s."


async def test_an_address_that_is_none_is_said(store: str) -> None:
    table = {"token": WRONG_TELEGRAM_TOKEN, "api_base_url": "api.telegram.org"}
    assert "api_base_url" in one_error(await check(settings(store, telegram=table))).what


async def test_a_webhook_needs_an_https_address_and_a_secret(store: str, telegram: TelegramServer) -> None:
    findings = await check(settings(store, telegram=on_telegram(telegram, mode="webhook")))
    errors = [finding.what for finding in findings if finding.level is Level.ERROR]
    assert len(errors) == 2
    assert "needs an https address" in errors[0]
    assert "needs a secret" in errors[1]


async def test_a_webhook_port_that_telegram_never_calls_is_said(store: str, telegram: TelegramServer) -> None:
    findings = await check(
        settings(
            store,
            telegram=on_telegram(telegram, mode="webhook", webhook_secret="s"),
            web={"public_url": "https://bot.cluster.it:9443"},
        )
    )
    assert "not to 9443" in one_error(findings).what


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_another_programs_webhook_is_noticed(store: str, telegram: TelegramServer, mode: str) -> None:
    client = TelegramClient(token=telegram.token, api_base_url=telegram.base_url, now=SystemClock().now)
    await client.open()
    await client.call(client.bot.set_webhook("https://other.example.net/secret-path", secret_token="x"))
    await client.close()
    findings = await check(
        settings(
            store,
            telegram=on_telegram(telegram, mode=mode, webhook_secret="s"),
            web={"public_url": "https://bot.cluster.it"},
        )
    )
    (found,) = [one for one in findings if "other.example.net" in one.what]
    assert found.level is Level.WARNING
    assert "secret-path" not in repr(findings)


async def test_a_chat_that_the_bot_is_not_in_is_said(store: str, telegram: TelegramServer) -> None:
    group = telegram.group("Cluster", [telegram.user()])
    telegram.expects_refusal("")
    findings = await check(settings(store, telegram=on_telegram(telegram, community_chat=str(group.id))))
    found = one_error(findings)
    assert f"does not find the community's chat {group.id}" in found.what
    assert "Add the bot" in found.mend


async def test_a_chat_that_the_bot_was_thrown_out_of_is_said(store: str, telegram: TelegramServer) -> None:
    group = telegram.group("Cluster", [telegram.user()])
    group.add_bot()
    group.kick_bot()
    telegram.expects_refusal("")
    findings = await check(settings(store, telegram=on_telegram(telegram, community_chat=str(group.id))))
    assert str(group.id) in one_error(findings).what


async def test_a_channel_needs_the_right_to_post(store: str, telegram: TelegramServer) -> None:
    channel = telegram.group("News", [telegram.user()], kind="channel")
    channel.add_bot()
    telegram.expects_refusal("administrator rights")
    findings = await check(settings(store, telegram=on_telegram(telegram, community_chat=str(channel.id))))
    assert "administrator" in one_error(findings).what
    assert "administrator" in one_error(findings).mend
    channel.add_bot(admin=True)
    findings = await check(settings(store, telegram=on_telegram(telegram, community_chat=str(channel.id))))
    assert "The bot may post in the community's chat “News”" in fine(findings)


async def test_a_topic_needs_a_chat_with_topics(store: str, telegram: TelegramServer) -> None:
    for forum in (False, True):
        group = telegram.group("Cluster", [telegram.user()], forum=forum)
        group.add_bot()
        findings = await check(settings(store, telegram=on_telegram(telegram, community_chat=f"{group.id}:7")))
        said = [finding.what for finding in findings if finding.level is Level.ERROR]
        assert said == ([] if forum else ["The community's chat “Cluster” has no topics."])


async def test_a_private_chat_is_no_community(store: str, telegram: TelegramServer) -> None:
    anna = telegram.user()
    anna.starts()
    findings = await check(settings(store, telegram=on_telegram(telegram, community_chat=str(anna.id))))
    assert "is a private chat" in one_error(findings).what


async def test_a_chat_without_a_token_is_noticed(store: str) -> None:
    findings = await check(settings(store, telegram={"community_chat": "-100"}))
    assert (Level.WARNING, "[telegram] community_chat is set, but there is no token.") in bad(findings)


# Slack


async def test_a_wrong_slack_token_is_said(store: str, slack: SlackServer) -> None:
    findings = await check(settings(store, slack=on_slack(slack, bot_token=WRONG_SLACK_TOKEN)))
    found = one_error(findings)
    assert "Slack refuses the bot token" in found.what
    assert "invalid_auth" in found.what


async def test_an_app_that_was_removed_is_said(store: str, slack: SlackServer) -> None:
    slack.uninstall()
    assert "install the app again" in one_error(await check(settings(store, slack=on_slack(slack)))).what


async def test_the_app_token_in_place_of_the_bot_token_is_said(store: str, slack: SlackServer) -> None:
    findings = await check(settings(store, slack=on_slack(slack, bot_token=slack.app_token)))
    assert "a token of another type is needed" in one_error(findings).what


async def test_slack_out_of_reach_is_said(store: str, closed_port: int) -> None:
    table = {
        "bot_token": WRONG_SLACK_TOKEN,
        "app_token": "xapp-1",
        "api_base_url": f"http://127.0.0.1:{closed_port}/api/",
    }
    assert "Slack cannot be reached" in one_error(await check(settings(store, slack=table))).what


async def test_a_wrong_app_token_is_said(store: str, slack: SlackServer) -> None:
    findings = await check(settings(store, slack=on_slack(slack, app_token="xapp-1-wrong")))
    assert "Slack refuses the app-level token" in one_error(findings).what


async def test_socket_mode_needs_an_app_token(store: str, slack: SlackServer) -> None:
    found = one_error(await check(settings(store, slack=on_slack(slack, app_token=""))))
    assert "Socket Mode needs an app-level token" in found.what


async def test_http_mode_needs_a_signing_secret_and_an_https_address(store: str, slack: SlackServer) -> None:
    findings = await check(settings(store, slack=on_slack(slack, mode="http")))
    errors = [finding.what for finding in findings if finding.level is Level.ERROR]
    assert len(errors) == 2
    assert "signing secret" in errors[0]
    assert "https address" in errors[1]
    findings = await check(
        settings(
            store, slack=on_slack(slack, mode="http", signing_secret="s"), web={"public_url": "https://bot.cluster.it"}
        )
    )
    assert "Slack must post to https://bot.cluster.it/slack/events; the manifest says so" in fine(findings)
    assert [finding.what for finding in findings if finding.level is Level.ERROR] == []


async def test_missing_permissions_are_named_with_what_they_are_for(store: str, slack: SlackServer) -> None:
    slack.scopes = slack.scopes - {"files:write", "im:write"}
    found = one_error(await check(settings(store, slack=on_slack(slack))))
    assert "files:write (send calendar files and pictures)" in found.what
    assert "im:write (write to people in private)" in found.what
    assert "slack-manifest" in found.mend


async def test_a_public_channel_that_the_bot_is_not_in_is_noticed(store: str, slack: SlackServer) -> None:
    channel = slack.channel("community", bot=False)
    findings = await check(settings(store, slack=on_slack(slack, community_channel=channel.id)))
    assert any("is not in the community's channel #community yet" in what for _, what in bad(findings))
    assert [finding for finding in findings if finding.level is Level.ERROR] == []


async def test_a_private_channel_that_the_bot_is_not_in_is_said(store: str, slack: SlackServer) -> None:
    channel = slack.channel("board", bot=False, private=True)
    findings = await check(settings(store, slack=on_slack(slack, community_channel=channel.id)))
    assert "does not find the community's channel" in one_error(findings).what


async def test_an_archived_channel_is_said(store: str, slack: SlackServer) -> None:
    channel = slack.channel("old")
    slack.archive(channel)
    findings = await check(settings(store, slack=on_slack(slack, community_channel=channel.id)))
    assert one_error(findings).what == "The community's channel #old is archived."


async def test_slack_without_a_bot_token_is_noticed(store: str) -> None:
    findings = await check(settings(store, slack={"app_token": "xapp-1"}))
    assert any("Slack is configured in part" in what for _, what in bad(findings))


# The web


@pytest.mark.parametrize(
    ("web", "level", "said"),
    [
        ({"public_url": "http://bot.cluster.it"}, Level.WARNING, "does not begin with https"),
        ({"public_url": "https://bot.cluster.it/?x=1"}, Level.ERROR, "holds more than an address"),
        ({"public_url": "https://user@bot.cluster.it"}, Level.ERROR, "holds more than an address"),
        ({"allow_remote_demo": True}, Level.WARNING, "whoever reaches the demo"),
    ],
)
async def test_the_webs_settings(store: str, web: dict[str, Any], level: Level, said: str) -> None:
    findings = await check(settings(store, web=web))
    assert any(one == level and said in what for one, what in bad(findings))


async def test_both_platforms_are_asked_at_the_same_time(
    store: str, telegram: TelegramServer, slack: SlackServer
) -> None:
    telegram.delay("getMe", 0.4)
    slack.delay("auth.test", 0.4)
    started = asyncio.get_running_loop().time()
    await check(settings(store, telegram=on_telegram(telegram), slack=on_slack(slack)))
    assert asyncio.get_running_loop().time() - started < 0.75
