"""Screens on their way to Slack: posting, redrawing, deleting, and finding again what was posted."""

import logging
from collections import OrderedDict
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.base import Failure, FetchFile, NextTurn, SendError
from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.parsing import HOME, HOME_MESSAGE
from bot.platforms.slack.rendering import Message, Rendered, render, render_home
from handlers.conversation.event import Address, MessageRef
from handlers.conversation.screen import File, Picture, Screen
from storage.enums import Platform

METADATA = "delivery"
"""``event_type`` of the metadata by which a posted message is found again."""
HISTORY_PAGE = 200
HISTORY_PAGES = 3
REMEMBERED_DELIVERIES = 2000
MAX_UPLOAD = 1_000_000_000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """How far one delivery has come: the ids of its messages by number, its files as handed to Slack."""

    posted: dict[int, str] = field(default_factory=dict)
    uploaded: list[tuple[str, str]] | None = None


class ScreenSender:
    """Sends screens.

    A delivery of several messages that stops half-way (a rate limit between two of them) is remembered by its token,
    so that the next try goes on where it stopped instead of repeating what people have read already.
    """

    def __init__(self, calls: SlackCalls, fetch: FetchFile, next_turn: NextTurn) -> None:
        self._calls = calls
        self._fetch = fetch
        self._next_turn = next_turn
        self._progress: OrderedDict[str, Progress] = OrderedDict()

    async def send(self, address: Address, screen: Screen, token: str) -> str:
        """Post a screen; returns the ids of its messages, joined by commas.

        Raises:
            SendError: it was not sent, or not wholly; sending again with the same token sends what is missing.
        """
        if address.chat.startswith(HOME):
            return await self._publish(address.chat.removeprefix(HOME), screen)
        rendered = render(screen)
        progress = self._progress_of(token)
        # The bytes go first, unseen: a file that Slack does not take must not leave half a message behind.
        if rendered.files and progress.uploaded is None:
            progress.uploaded = await self._upload(screen, rendered)
        for number, message in enumerate(rendered.messages):
            if number not in progress.posted:
                metadata = _metadata(token, number, len(rendered.messages))
                async with self._next_turn(address.chat) if number else nullcontext():
                    progress.posted[number] = await self._post(address, message, metadata)
        if progress.uploaded:
            await self._calls.share(progress.uploaded, await self._channel(address), address.thread)
        ids = [progress.posted[number] for number in range(len(rendered.messages))]
        self._progress.pop(token, None)
        return ",".join(ids)

    async def edit(self, message: MessageRef, screen: Screen) -> str:
        """Redraw a message; returns the ids that it has afterwards.

        Files stay as they were sent. When the screen needs more messages than before, the rest is posted below; when it
        needs fewer, what is left over is deleted.

        Raises:
            SendError: it was not redrawn.
        """
        address = message.address
        if address.chat.startswith(HOME) or message.message_id == HOME_MESSAGE:
            return await self._publish(address.chat.removeprefix(HOME), screen)
        channel = await self._channel(address)
        old = [one for one in message.message_id.split(",") if one]
        new = render(screen).messages
        if not old:
            raise SendError(Failure.GONE, "chat.update: no message id")
        ids: list[str] = []
        for one, content in zip(old, new, strict=False):
            await self._update(channel, one, content)
            ids.append(one)
        for content in new[len(old) :]:
            async with self._next_turn(address.chat):
                ids.append(await self._post(address, content, None))
        for surplus in old[len(new) :]:
            await self._delete(channel, surplus, missing_is_well=True)
        return ",".join(ids)

    async def delete(self, message: MessageRef) -> None:
        """Delete a message, all of its parts.

        Raises:
            SendError: it was not deleted.
        """
        if message.address.chat.startswith(HOME):
            raise SendError(Failure.GONE, "App Home is replaced, not deleted")
        channel = await self._channel(message.address)
        first, *rest = message.message_id.split(",")
        await self._delete(channel, first)
        for one in rest:
            await self._delete(channel, one, missing_is_well=True)

    async def find_sent(self, address: Address, token: str) -> str | None:
        """The ids of a delivery's messages, when all of them are there.

        Of a delivery that got half-way, the half is remembered, so that sending again with this token sends the rest.

        Raises:
            SendError: the conversation cannot be read now.
        """
        if address.chat.startswith(HOME):
            return None  # publishing again changes nothing
        found: dict[int, str] = {}
        parts = 0
        for message in await self._recent(address):
            metadata = message.get("metadata")
            if not isinstance(metadata, dict) or metadata.get("event_type") != METADATA:
                continue
            payload = metadata.get("event_payload")
            if not isinstance(payload, dict) or payload.get("token") != token:
                continue
            found[int(payload.get("part", 0))] = str(message.get("ts", ""))
            parts = int(payload.get("parts", 1))
        if not found:
            return None
        if len(found) < parts:
            self._progress_of(token).posted.update(found)
            return None
        return ",".join(found[number] for number in sorted(found))

    async def ephemeral(self, channel: str, user: str, screen: Screen, thread: str = "") -> None:
        """Show a screen to one person in a channel.

        Raises:
            SendError: they cannot be shown anything there.
        """
        client = self._calls.client
        for message in render(screen).messages:
            request = client.chat_postEphemeral(
                channel=channel,
                user=user,
                text=message.text,
                blocks=list(message.blocks),
                thread_ts=thread or None,
            )
            await self._calls.run("chat.postEphemeral", request)

    async def _publish(self, user: str, screen: Screen) -> str:
        try:
            view = render_home(screen)
        except ValueError as error:
            raise SendError(Failure.REFUSED, f"views.publish: {error}") from error
        client = self._calls.client
        await self._calls.run("views.publish", client.views_publish(user_id=user, view=view))
        return HOME_MESSAGE

    async def _post(self, address: Address, message: Message, metadata: dict[str, Any] | None) -> str:
        try:
            return await self._posted(address, message, metadata)
        except SendError as error:
            if "not_in_channel" not in error.description or not address.chat.startswith("C"):
                raise
            refusal = error
        try:
            await self._calls.join(address.chat)
        except SendError as cannot:
            raise refusal from cannot
        return await self._posted(address, message, metadata)

    async def _posted(self, address: Address, message: Message, metadata: dict[str, Any] | None) -> str:
        request = self._calls.client.chat_postMessage(
            channel=address.chat,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=address.thread or None,
            metadata=metadata,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        answer = await self._calls.run("chat.postMessage", request)
        if _is_person(address.chat):
            self._calls.remember_direct(address.chat, str(answer.get("channel", "")))
        return str(answer["ts"])

    async def _update(self, channel: str, message_id: str, message: Message) -> None:
        request = self._calls.client.chat_update(
            channel=channel, ts=message_id, text=message.text, blocks=list(message.blocks)
        )
        await self._calls.run("chat.update", request)

    async def _delete(self, channel: str, message_id: str, *, missing_is_well: bool = False) -> None:
        try:
            await self._calls.run("chat.delete", self._calls.client.chat_delete(channel=channel, ts=message_id))
        except SendError as error:
            if not (missing_is_well and error.failure is Failure.GONE):
                raise

    async def _channel(self, address: Address) -> str:
        """The conversation's own id; only posting takes a person's id for it."""
        return await self._calls.direct_channel(address.chat) if _is_person(address.chat) else address.chat

    async def _recent(self, address: Address) -> list[dict[str, Any]]:
        channel, client = await self._channel(address), self._calls.client
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            if address.thread:
                method = "conversations.replies"
                request = client.conversations_replies(
                    channel=channel, ts=address.thread, limit=HISTORY_PAGE, include_all_metadata=True, cursor=cursor
                )
            else:
                method = "conversations.history"
                request = client.conversations_history(
                    channel=channel, limit=HISTORY_PAGE, include_all_metadata=True, cursor=cursor
                )
            answer = await self._calls.run(method, request)
            found += [message for message in answer.get("messages") or [] if isinstance(message, dict)]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "") or None
            # History is newest first and the doubt is minutes old; a thread is oldest first and is read to its end.
            if cursor is None:
                break
        return found

    async def _upload(self, screen: Screen, rendered: Rendered) -> list[tuple[str, str]]:
        words = {id(block.file): block.alt for block in screen.blocks if isinstance(block, Picture)}
        uploaded: list[tuple[str, str]] = []
        for file in rendered.files:
            content = await self._content(file)
            if not 0 < len(content) <= MAX_UPLOAD:
                raise SendError(Failure.REFUSED, f"upload: a file of {len(content)} bytes")
            alt = words.get(id(file), "")
            uploaded.append((await self._calls.upload(file.name or "file", content, alt), alt or file.name))
        return uploaded

    async def _content(self, file: File) -> bytes:
        reference = file.reference
        if file.content or reference is None:
            return file.content
        if reference.platform == Platform.SLACK:
            return await self._calls.download(reference.reference)
        return await self._fetch(reference)

    def _progress_of(self, token: str) -> Progress:
        progress = self._progress.setdefault(token, Progress())
        self._progress.move_to_end(token)
        while len(self._progress) > REMEMBERED_DELIVERIES:
            self._progress.popitem(last=False)
        return progress


def _is_person(chat: str) -> bool:
    return chat.startswith(("U", "W"))


def _metadata(token: str, number: int, parts: int) -> dict[str, Any]:
    return {"event_type": METADATA, "event_payload": {"token": token, "part": number, "parts": parts}}
