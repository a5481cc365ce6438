"""The app manifest with which a workspace installs the bot: permissions, events, command, shortcut, tabs.

Limits: the published JSON schema of app manifests (https://docs.slack.dev/reference/app-manifest).
"""

from typing import Any, Literal

from bot.platforms.slack.adapter import REQUEST_PATH
from bot.platforms.slack.markup import shortened
from bot.platforms.slack.parsing import SHARE_SHORTCUT
from handlers.conversation.texts import texts_for
from storage.enums import Locale

NAME = 35
DISPLAY_NAME = 80
DESCRIPTION = 140
COMMAND = 32
COMMAND_DESCRIPTION = 2000
SHORTCUT_NAME = 24
SHORTCUT_DESCRIPTION = 150

BOT_SCOPES = {
    "app_mentions:read": "be spoken to in channels",
    "channels:history": "find out whether a message of ours got through",
    "channels:join": "enter a public channel that it is to post in",
    "channels:read": "know when it is added to a channel or removed",
    "chat:write": "write",
    "commands": "the slash command and the shortcut",
    "files:read": "receive files in forms and messages",
    "files:write": "send calendar files and pictures",
    "groups:history": "find out whether a message of ours got through, in private channels",
    "groups:read": "know when it is added to a private channel or removed",
    "im:history": "read what is written to it in private",
    "im:write": "write to people in private",
    "users:read": "the language of each person",
}
"""Each permission with the reason it is asked for."""

BOT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_left",
    "group_left",
    "member_joined_channel",
    "member_left_channel",
    "message.im",
)


def manifest(
    *, name: str, slash_command: str, mode: Literal["socket", "http"], public_url: str, locale: Locale
) -> dict[str, Any]:
    """The manifest, ready to be printed as JSON.

    Args:
        name: what the community's bot is called; cut to 35 characters.
        slash_command: with its slash.
        mode: how events come.
        public_url: where the bot is reached in HTTP mode, without path.
        locale: the language of the descriptions.

    Raises:
        ValueError: the command is not one that Slack takes, or HTTP mode lacks an https address.
    """
    word = slash_command.removeprefix("/")
    if not slash_command.startswith("/") or not word or len(slash_command) > COMMAND or word != "".join(word.split()):
        raise ValueError(f"a slash command is a slash and a word, at most {COMMAND} characters: {slash_command!r}")
    if mode == "http" and not public_url.startswith("https://"):
        raise ValueError(f"HTTP mode needs a public address that begins with https://: {public_url!r}")
    t = texts_for(locale)
    url = public_url.rstrip("/") + REQUEST_PATH
    address = {} if mode == "socket" else {"url": url}
    request_url = {} if mode == "socket" else {"request_url": url}
    return {
        "display_information": {
            "name": shortened(name, NAME),
            "description": shortened(t("Know-how, events, missions and meetings of our community."), DESCRIPTION),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": shortened(name, DISPLAY_NAME), "always_online": True},
            "slash_commands": [
                {
                    "command": slash_command,
                    "description": shortened(
                        t("Open the community's menu, or go straight to a part of it"), COMMAND_DESCRIPTION
                    ),
                    "usage_hint": t("[what you want to do]"),
                    "should_escape": False,
                    **address,
                }
            ],
            "shortcuts": [
                {
                    "name": shortened(t("Save as know-how"), SHORTCUT_NAME),
                    "type": "message",
                    "callback_id": SHARE_SHORTCUT,
                    "description": shortened(t("Share this message with the community"), SHORTCUT_DESCRIPTION),
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(BOT_EVENTS), **request_url},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }
