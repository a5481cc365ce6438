"""Whether the bot can work on Telegram."""

import contextlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

from telegram import ChatFullInfo, ChatMemberAdministrator, ChatMemberRestricted, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.checkup.finding import Finding, error, ok, warning
from bot.config import Settings
from bot.platforms.base import Failure, SendError
from bot.platforms.telegram.client import TelegramClient

WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})
"""Bot API, setWebhook."""
INSIDE = frozenset(
    {
        ChatMemberStatus.OWNER,
        ChatMemberStatus.ADMINISTRATOR,
        ChatMemberStatus.MEMBER,
        ChatMemberStatus.RESTRICTED,
    }
)
TOKEN_MEND = "Copy the token again from @BotFather into [telegram] token; check api_base_url too."  # noqa: S105 - words
PROMOTE = "Make the bot an administrator there who may post."


async def check_telegram(settings: Settings) -> list[Finding]:
    """The token, how updates come, and the community's chat; nothing where Telegram is off."""
    telegram = settings.telegram
    if not telegram.token.get_secret_value():
        if telegram.community_chat:
            return [warning("[telegram] community_chat is set, but there is no token.", "Set [telegram] token.")]
        return []
    try:
        client = TelegramClient(
            token=telegram.token.get_secret_value(),
            api_base_url=telegram.api_base_url,
            now=lambda: datetime.now(UTC),
        )
    except ValueError as failure:
        return [error(f"{failure}.", "Set [telegram] api_base_url to an address like https://api.telegram.org.")]
    found = _webhook_settings(settings)
    try:
        try:
            me = await client.open()
        except SendError as failure:
            return [*_not_connected(failure), *found]
        found.insert(0, ok(f"Telegram knows the bot as @{me.username}"))
        found += await _receiving(client, settings)
        if telegram.community_chat:
            found.append(await _community_chat(client, me, telegram.community_chat))
        return found
    finally:
        with contextlib.suppress(SendError):
            await client.close()


def _not_connected(failure: SendError) -> list[Finding]:
    match failure.failure:
        case Failure.REFUSED | Failure.UNREACHABLE:
            return [error("Telegram refuses the token.", TOKEN_MEND)]
        case Failure.WAIT:
            mend = f"Try again in {failure.retry_after:g} s."
            return [warning("Telegram asks to wait: too many requests with this token.", mend)]
        case _:
            what = f"Telegram cannot be reached: {failure.description}."
            return [error(what, "Check the network, a proxy or firewall between, and [telegram] api_base_url.")]


def _webhook_settings(settings: Settings) -> list[Finding]:
    if settings.telegram.mode != "webhook":
        return []
    found = []
    parts = urlsplit(settings.web.public_url)
    if parts.scheme != "https":
        found.append(
            error(
                'Telegram\'s mode "webhook" needs an https address at which Telegram reaches the bot.',
                'Set [web] public_url to it, or [telegram] mode to "polling".',
            )
        )
    elif (parts.port or 443) not in WEBHOOK_PORTS:
        found.append(
            error(
                f"Telegram posts to the ports 443, 80, 88 and 8443 only, not to {parts.port}.",
                "Change the port in [web] public_url.",
            )
        )
    if not settings.telegram.webhook_secret.get_secret_value():
        found.append(
            error(
                'Telegram\'s mode "webhook" needs a secret, or anybody could post updates.',
                "Set [telegram] webhook_secret to 1-256 of A-Z a-z 0-9 _ -, made by chance.",
            )
        )
    return found


async def _receiving(client: TelegramClient, settings: Settings) -> list[Finding]:
    try:
        info = await client.call(client.bot.get_webhook_info(), repeatable=True)
    except SendError as failure:
        return [warning(f"Telegram does not say how updates come: {failure.description}.", "Try again.")]
    host = urlsplit(info.url).hostname or ""
    if settings.telegram.mode == "polling":
        if not info.url:
            return []
        return [
            warning(
                f"Another program gets this bot's updates, at a webhook on {host}; starting this one ends that.",
                "Use a token of its own for each program.",
            )
        ]
    ours = urlsplit(settings.web.public_url).hostname or ""
    if info.url and host == ours and info.last_error_message:
        what = f"Telegram's last try to reach {ours} failed: {info.last_error_message}."
        return [warning(what, "Check the certificate and what stands between the network and [web] host and port.")]
    if info.url and host != ours:
        return [
            warning(
                f"This bot's webhook leads to {host}; starting this program leads it to {ours}.",
                "Use a token of its own for each program.",
            )
        ]
    return []


async def _community_chat(client: TelegramClient, me: User, setting: str) -> Finding:
    number, _, topic = setting.partition(":")
    try:
        chat = await client.call(client.bot.get_chat(int(number)), chat=number, repeatable=True)
        member = await client.call(client.bot.get_chat_member(int(number), me.id), chat=number, repeatable=True)
    except SendError as failure:
        return _no_chat(failure, number, topic)
    name = f"“{chat.title}”" if chat.title else number
    if chat.type == ChatType.PRIVATE:
        return error(
            f"[telegram] community_chat {number} is a private chat.",
            "Use a group's or channel's id; it begins with a minus sign.",
        )
    if member.status not in INSIDE:
        return error(f"The bot is not in the community's chat {name}.", "Add it there.")
    if topic and not chat.is_forum:
        return error(
            f"The community's chat {name} has no topics.",
            f"Switch topics on there, or leave :{topic} out of [telegram] community_chat.",
        )
    if not _may_post(chat, member):
        return error(f"The bot may not post in the community's chat {name}.", PROMOTE)
    return ok(f"The bot may post in the community's chat {name}")


def _no_chat(failure: SendError, number: str, topic: str) -> Finding:
    behind = f":{topic}" if topic else ""
    match failure.failure:
        case Failure.MOVED:
            mend = f'Set [telegram] community_chat to "{failure.new_chat}{behind}".'
            return error(f"The group {number} has become a supergroup with another id.", mend)
        case Failure.UNREACHABLE | Failure.REFUSED:
            return error(
                f"The bot does not find the community's chat {number}: {failure.description}.",
                "Add the bot to the group, or to the channel as an administrator; check [telegram] community_chat.",
            )
        case _:
            return warning(f"The community's chat could not be looked at: {failure.description}.", "Try again.")


def _may_post(chat: ChatFullInfo, member: object) -> bool:
    if chat.type == ChatType.CHANNEL:
        return bool(getattr(member, "can_post_messages", False)) or _status(member) == ChatMemberStatus.OWNER
    if isinstance(member, ChatMemberAdministrator) or _status(member) == ChatMemberStatus.OWNER:
        return True
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return False
    return chat.permissions is None or chat.permissions.can_send_messages is not False


def _status(member: object) -> object:
    return getattr(member, "status", None)
