"""chat.*, reactions.add and pins.add: what the bot writes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .api import flag, method, needed, structured
from .blocks import MAX_MARKDOWN, check_message_blocks
from .record import Mention
from .refusals import Json, SlackRefusalError
from .rendering import has_link, mentions_in
from .state import BOT_ID, BOT_USER_ID, Channel, Message

if TYPE_CHECKING:
    from .server import SlackServer

MAX_POST_TEXT = 40_000
"""Slack cuts longer text and warns; the stand-in refuses it, since a cut message is a lost one."""
MAX_UPDATE_TEXT = 4_000
"""Source: the error table of chat.update (msg_too_long)."""
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60

_CONTENT = "channel text blocks attachments markdown_text link_names parse as_user"


def destination(server: SlackServer, args: Json) -> Channel:
    """Where a message goes; a user id stands for the direct message with that person.

    Raises:
        SlackRefusalError: ``channel_not_found``.
    """
    identifier = needed(args, "channel")
    account = server.workspace.accounts.get(identifier)
    if account is None:
        return server.workspace.channel(identifier)
    if account.is_bot:
        raise SlackRefusalError("channel_not_found")
    if account.deleted and server.deactivated_dm_error:
        raise SlackRefusalError(server.deactivated_dm_error)
    return server.workspace.direct(account.id)


def may_write(server: SlackServer, channel: Channel) -> None:
    """Whether the bot may post there.

    Raises:
        SlackRefusalError: ``is_archived``, ``not_in_channel``, ``messages_tab_disabled`` or the error for a
            deactivated person.
    """
    if channel.archived:
        raise SlackRefusalError("is_archived")
    if BOT_USER_ID not in channel.members and (channel.is_private or "chat:write.public" not in server.scopes):
        raise SlackRefusalError("not_in_channel")
    if channel.im_user is not None:
        if not server.messages_tab_enabled:
            raise SlackRefusalError("messages_tab_disabled")
        if server.deactivated_dm_error and server.workspace.account(channel.im_user).deleted:
            raise SlackRefusalError(server.deactivated_dm_error)


def content(server: SlackServer, args: Json, maximum: int, name: str) -> tuple[str, list[Json] | None]:
    """The text and blocks of a message; blocks are None when the argument is absent.

    Raises:
        SlackRefusalError: ``no_text``, ``msg_too_long``, ``invalid_blocks``, ``markdown_text_conflict``.
    """
    raw = structured(args, "blocks", "invalid_blocks_format")
    text = args.get("text")
    markdown = args.get("markdown_text")
    if markdown is not None:
        if text or raw:
            raise SlackRefusalError("markdown_text_conflict")
        if len(str(markdown)) > MAX_MARKDOWN:
            raise SlackRefusalError("msg_too_long")
        text = markdown
    if text is not None and not isinstance(text, str):
        raise SlackRefusalError("invalid_arguments", ["must provide a string [json-pointer:/text]"])
    text = text or ""
    blocks = None if raw is None else check_message_blocks(raw)
    if not text.strip():
        if not blocks and not args.get("attachments"):
            raise SlackRefusalError("no_text")
        server.refuse("no_fallback_text", f"{name}: blocks without top-level text, the notification would be empty")
    if len(text) > maximum:
        raise SlackRefusalError("msg_too_long")
    linked = flag(args, "link_names") or args.get("parse") == "full"
    for mention in mentions_in(text, blocks or [], linked_names=linked):
        server.mentions.append(Mention(name, str(args.get("channel", "")), mention, text))
    unfurls = flag(args, "unfurl_links", default=True) or flag(args, "unfurl_media", default=True)
    if name == "chat.postMessage" and unfurls and has_link(text, blocks or []):
        server.warnings.append(f"{name}: a link without unfurl_links=False and unfurl_media=False")
    return text, blocks


def _metadata(args: Json) -> Json | None:
    value = structured(args, "metadata", "invalid_metadata_format")
    if value is None or value == {}:
        return None
    if not isinstance(value, dict) or set(value) - {"event_type", "event_payload", "entities"}:
        raise SlackRefusalError("invalid_metadata_format")
    if not isinstance(value.get("event_type"), str) or not isinstance(value.get("event_payload"), dict):
        raise SlackRefusalError("invalid_metadata_format")
    return value


def own_message(server: SlackServer, channel: Channel, text: str, blocks: list[Json] | None) -> Message:
    """A new message of the bot, not yet stored."""
    ts = server.workspace.new_ts()
    return Message(server.workspace, channel.id, ts, BOT_USER_ID, text, blocks or [], bot_id=BOT_ID)


@method(
    "chat.postMessage",
    _CONTENT + " metadata thread_ts reply_broadcast unfurl_links unfurl_media username icon_emoji icon_url mrkdwn",
    scope="chat:write",
)
def post_message(server: SlackServer, args: Json) -> Json:
    """Post to a channel, or to a person by user id."""
    channel = destination(server, args)
    may_write(server, channel)
    text, blocks = content(server, args, MAX_POST_TEXT, "chat.postMessage")
    message = own_message(server, channel, text, blocks)
    message.metadata = _metadata(args)
    if args.get("thread_ts"):
        message.thread_ts = str(args["thread_ts"])
        if message.thread_ts not in channel.store:
            server.refuse("thread_not_found", f"chat.postMessage: no message {message.thread_ts} to reply to")
    channel.store[message.ts] = message
    server.echo(channel, message)
    answer = message.as_json(server.base_url, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": answer}


@method("chat.postEphemeral", _CONTENT + " user thread_ts username icon_emoji icon_url", scope="chat:write")
def post_ephemeral(server: SlackServer, args: Json) -> Json:
    """Show a message to one person in a channel; it is not kept in the history."""
    channel = server.workspace.channel(needed(args, "channel"))
    may_write(server, channel)
    if needed(args, "user") not in channel.members:
        raise SlackRefusalError("user_not_in_channel")
    text, blocks = content(server, args, MAX_POST_TEXT, "chat.postEphemeral")
    message = own_message(server, channel, text, blocks)
    message.ephemeral_for = str(args["user"])
    channel.ephemerals.append(message)
    return {"message_ts": message.ts}


def _existing(server: SlackServer, args: Json, forbidden: str) -> tuple[Channel, Message]:
    channel = server.workspace.channel(needed(args, "channel"))
    message = channel.store.get(needed(args, "ts"))
    if message is None:
        raise SlackRefusalError("message_not_found")
    if message.user != BOT_USER_ID:
        raise SlackRefusalError(forbidden)
    return channel, message


@method("chat.update", _CONTENT + " ts metadata reply_broadcast file_ids", scope="chat:write")
def update(server: SlackServer, args: Json) -> Json:
    """Change a message of the bot; blocks and metadata that are not given stay as they were."""
    channel, message = _existing(server, args, "cant_update_message")
    if channel.archived:
        raise SlackRefusalError("is_inactive")
    text, blocks = content(server, args, MAX_UPDATE_TEXT, "chat.update")
    message.text = text
    if blocks is not None:
        message.blocks = blocks
    if "metadata" in args:
        message.metadata = _metadata(args)
    message.edited += 1
    server.echo(channel, message, subtype="message_changed")
    answer = message.as_json(server.base_url, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": answer}


@method("chat.delete", "channel ts as_user", scope="chat:write")
def delete(server: SlackServer, args: Json) -> Json:
    """Remove a message of the bot."""
    channel, message = _existing(server, args, "cant_delete_message")
    message.deleted = True
    del channel.store[message.ts]
    server.echo(channel, message, subtype="message_deleted")
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", "channel message_ts")
def permalink(server: SlackServer, args: Json) -> Json:
    """The address of a message."""
    channel = server.workspace.channel(needed(args, "channel"))
    ts = needed(args, "message_ts")
    if ts not in channel.store:
        raise SlackRefusalError("message_not_found")
    link = f"https://lsc-standin.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


@method("reactions.add", "channel name timestamp", scope="reactions:write")
def add_reaction(server: SlackServer, args: Json) -> Json:
    """Add a reaction of the bot."""
    channel = server.workspace.channel(needed(args, "channel"))
    name = needed(args, "name")
    message = channel.store.get(needed(args, "timestamp"))
    if not name or ":" in name or " " in name:
        raise SlackRefusalError("invalid_name")
    if message is None:
        raise SlackRefusalError("message_not_found")
    if BOT_USER_ID in message.reactions.setdefault(name, set()):
        raise SlackRefusalError("already_reacted")
    message.reactions[name].add(BOT_USER_ID)
    return {}


@method("pins.add", "channel timestamp", scope="pins:write")
def add_pin(server: SlackServer, args: Json) -> Json:
    """Pin a message."""
    channel = server.workspace.channel(needed(args, "channel"))
    if BOT_USER_ID not in channel.members:
        raise SlackRefusalError("not_in_channel")
    message = channel.store.get(needed(args, "timestamp"))
    if message is None:
        raise SlackRefusalError("message_not_found")
    if message.pinned:
        raise SlackRefusalError("already_pinned")
    message.pinned = True
    return {}


def answer_response_url(server: SlackServer, token: str, args: Json) -> None:
    """What a POST to a response URL does: a message for one or all, or a change of the message acted upon.

    Raises:
        SlackRefusalError: ``used_url`` after 5 uses, ``expired_url`` after 30 minutes (HTTP 404), or bad content.
    """
    permission = server.workspace.response_urls.get(token)
    if permission is None or time.monotonic() - permission.born > server.response_url_seconds:
        raise SlackRefusalError("expired_url", status=404)
    if permission.uses >= RESPONSE_URL_USES:
        raise SlackRefusalError("used_url", status=404)
    known = {
        *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original"),
        *("thread_ts", "unfurl_links", "unfurl_media", "metadata"),
    }
    for name in sorted(set(args) - known):
        server.refuse("unknown_argument", f"response_url: unknown argument {name!r}")
    channel = server.workspace.channels[permission.channel_id]
    original = permission.message
    if flag(args, "delete_original"):
        permission.uses += 1
        if original is not None:
            original.deleted = True
            channel.store.pop(original.ts, None)
            channel.ephemerals[:] = [each for each in channel.ephemerals if each is not original]
        return
    text, blocks = content(server, {**args, "channel": channel.id}, MAX_POST_TEXT, "response_url")
    permission.uses += 1
    if flag(args, "replace_original") and original is not None:
        original.text, original.blocks = text, blocks or []
        original.edited += 1
        return
    show_answer(server, permission.user, channel, text, blocks, str(args.get("response_type", "ephemeral")))


def show_answer(
    server: SlackServer, user_id: str, channel: Channel, text: str, blocks: list[Json] | None, kind: str
) -> Message:
    """A message that answers an interaction: ``in_channel`` for all, otherwise for that person alone."""
    message = own_message(server, channel, text, blocks)
    if kind == "in_channel":
        channel.store[message.ts] = message
    else:
        message.ephemeral_for = user_id
        channel.ephemerals.append(message)
    return message
