"""Whether the bot can work on Slack."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.checkup.finding import Finding, error, ok, warning
from bot.config import Settings
from bot.platforms.base import Failure, SendError
from bot.platforms.slack.adapter import REQUEST_PATH
from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.manifest import BOT_SCOPES

SCOPES_HEADER = "x-oauth-scopes"
REINSTALL = "`community-bot slack-manifest` prints the app's manifest; update the app with it and install it again."


async def check_slack(settings: Settings) -> list[Finding]:
    """Tokens, permissions, how events come, and the community's channel; nothing where Slack is off."""
    slack = settings.slack
    token = slack.bot_token.get_secret_value()
    if not token:
        if slack.app_token.get_secret_value() or slack.signing_secret.get_secret_value() or slack.community_channel:
            return [warning("Slack is configured in part, but off: there is no bot token.", "Set [slack] bot_token.")]
        return []
    parts = urlsplit(slack.api_base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [
            error("[slack] api_base_url is no address.", "Set it to one like https://slack.com/api/, or leave it out.")
        ]
    found = _shapes(settings)
    calls = SlackCalls(bot_token=token, api_base_url=slack.api_base_url)
    try:
        try:
            who, headers = await _auth(calls)
        except SendError as failure:
            return [_not_connected(failure), *found]
        found += _scopes(headers)
        if not who.get("bot_id"):
            mend = "Use the app's “Bot User OAuth Token”; it begins with xoxb-."
            found.insert(0, error("Slack's token is a person's, not a bot's.", mend))
        else:
            found.insert(0, ok(f"Slack knows the bot as @{who.get('user')} in the workspace “{who.get('team')}”"))
        if slack.mode == "socket" and slack.app_token.get_secret_value():
            found.append(await _socket(calls, slack.app_token.get_secret_value()))
        if slack.community_channel:
            found.append(await _channel(calls, slack.community_channel))
    finally:
        await calls.close()
    found.append(
        ok(
            f"Slack's command is {settings.community.slash_command}, as long as the app was made from what "
            "`community-bot slack-manifest` prints"
        )
    )
    return found


def _shapes(settings: Settings) -> list[Finding]:
    """What can be seen without asking Slack."""
    slack, found = settings.slack, []
    app_token = slack.app_token.get_secret_value()
    if slack.mode == "socket":
        if not app_token:
            found.append(
                error(
                    "Slack's Socket Mode needs an app-level token.",
                    "Make one with connections:write under “Basic Information” of the app, and set [slack] app_token.",
                )
            )
        return found
    if not slack.signing_secret.get_secret_value():
        found.append(
            error(
                'Slack\'s mode "http" needs the signing secret, or anybody could post events.',
                "Copy it from “Basic Information” of the app into [slack] signing_secret.",
            )
        )
    if urlsplit(settings.web.public_url).scheme != "https":
        found.append(
            error(
                'Slack\'s mode "http" needs an https address at which Slack reaches the bot.',
                'Set [web] public_url to it, or [slack] mode to "socket".',
            )
        )
    else:
        found.append(ok(f"Slack must post to {settings.web.public_url}{REQUEST_PATH}; the manifest says so"))
    return found


async def _auth(calls: SlackCalls) -> tuple[dict[str, object], Mapping[str, str]]:
    kept: list[Mapping[str, str]] = []

    async def ask() -> AsyncSlackResponse:
        answer = await calls.client.auth_test()
        kept.append({name.lower(): value for name, value in answer.headers.items()})
        return answer

    return await calls.run("auth.test", ask()), kept[0]


def _not_connected(failure: SendError) -> Finding:
    match failure.failure:
        case Failure.REFUSED | Failure.UNREACHABLE:
            return error(
                f"Slack refuses the bot token: {failure.description}.", "Copy it again into [slack] bot_token."
            )
        case Failure.WAIT:
            return warning("Slack asks to wait: too many requests.", f"Try again in {failure.retry_after:g} s.")
        case _:
            what = f"Slack cannot be reached: {failure.description}."
            return error(what, "Check the network, a proxy or firewall between, and [slack] api_base_url.")


def _scopes(headers: Mapping[str, str]) -> list[Finding]:
    if SCOPES_HEADER not in headers:
        return [warning("Slack does not say which permissions the app has.", REINSTALL)]
    granted = {scope.strip() for scope in headers[SCOPES_HEADER].split(",")}
    missing = [f"{scope} ({reason})" for scope, reason in BOT_SCOPES.items() if scope not in granted]
    if missing:
        return [error(f"The Slack app lacks permissions: {'; '.join(missing)}.", REINSTALL)]
    return [ok("The Slack app has every permission that it needs")]


async def _socket(calls: SlackCalls, app_token: str) -> Finding:
    """Ask for the address of a connection, which is then not opened."""
    try:
        await calls.run("apps.connections.open", calls.client.apps_connections_open(app_token=app_token))
    except SendError as failure:
        if failure.failure is Failure.WAIT:
            return warning("Slack asks to wait before another Socket Mode connection.", "Try again in a minute.")
        if failure.permanent:
            return error(
                f"Slack refuses the app-level token: {failure.description}.",
                "Make one with connections:write under “Basic Information” of the app, and set [slack] app_token.",
            )
        return error(f"Socket Mode cannot be reached: {failure.description}.", "Check the network and try again.")
    return ok("Socket Mode is open to the app")


async def _channel(calls: SlackCalls, channel: str) -> Finding:
    try:
        answer = await calls.run("conversations.info", calls.client.conversations_info(channel=channel))
    except SendError as failure:
        if failure.permanent:
            return error(
                f"The bot does not find the community's channel {channel}: {failure.description}.",
                "Check [slack] community_channel (the id, not the name), and /invite the bot to a private channel.",
            )
        return warning(f"The community's channel could not be looked at: {failure.description}.", "Try again.")
    found = answer.get("channel")
    about: Mapping[str, object] = found if isinstance(found, dict) else {}
    name = f"#{about.get('name') or channel}"
    if about.get("is_im") or about.get("is_mpim"):
        return error(f"[slack] community_channel {channel} is a private talk.", "Use the id of a channel.")
    if about.get("is_archived"):
        return error(f"The community's channel {name} is archived.", "Restore it, or choose another.")
    if about.get("is_member"):
        return ok(f"The bot is in the community's channel {name}")
    if about.get("is_private"):
        return error(f"The bot is not in the community's channel {name}.", "Write /invite and the bot's name there.")
    return warning(
        f"The bot is not in the community's channel {name} yet; it enters by itself when it first posts there.",
        "Write /invite and the bot's name there, to be sure.",
    )
