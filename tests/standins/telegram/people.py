"""The person's side: what people write, press, send and block in Telegram, and what they see.

Every act makes the update that Telegram would send for it and hands it to the bot at once; nothing needs awaiting but
the bot's reaction (`TelegramServer.wait_for`, `Press.answer`).
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.standins.telegram import rules
from tests.standins.telegram.callbacks import Press
from tests.standins.telegram.deep_links import deep_link_payload, is_deep_link_payload
from tests.standins.telegram.file_rules import picture_size
from tests.standins.telegram.groups import INSIDE, TelegramGroup, from_bot, newest
from tests.standins.telegram.state import (
    CHANNEL,
    Account,
    Chat,
    Json,
    Message,
    StoredFile,
    chat_member,
)
from tests.standins.telegram.text_entities import detect_entities

if TYPE_CHECKING:
    from tests.standins.telegram.server import TelegramServer


class TelegramUser:
    """A person with a Telegram app.

    `messages` and `last` are what the bot wrote to them in private; a group has its own.
    """

    def __init__(self, server: "TelegramServer", account: Account) -> None:
        self.server = server
        self.account = account

    def __repr__(self) -> str:
        return f"<TelegramUser {self.account.id} {self.account.first_name}>"

    @property
    def id(self) -> int:
        """User id, and id of the private chat with the bot."""
        return self.account.id

    @property
    def first_name(self) -> str:
        """As shown to the bot."""
        return self.account.first_name

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.server.state.private_chat(self.account)

    # Seeing

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote in private and has not deleted, oldest first."""
        return from_bot(self.chat)

    @property
    def history(self) -> list[Message]:
        """The private chat as it stands, both sides."""
        return list(self.chat.visible())

    @property
    def last(self) -> Message:
        """The newest message of the bot in private.

        Raises:
            AssertionError: there is none.
        """
        return newest(self.chat)

    def sees(self) -> str:
        """The text of the newest message of the bot."""
        return self.last.text

    def keyboard(self, message: Message | None = None) -> list[list[str]]:
        """Labels of a message's buttons row by row; of the newest message when none is given."""
        return (message or self.last).labels

    def downloads(self, message: Message) -> bytes:
        """The content of the file of a message.

        Raises:
            AssertionError: the message has no file.
        """
        if message.file is None:
            raise AssertionError(f"message {message.message_id} has no file")
        return message.file.data

    # Writing

    def says(
        self,
        text: str,
        chat: TelegramGroup | None = None,
        reply_to: Message | None = None,
        *,
        thread_id: int | None = None,
    ) -> Message:
        """Write a text in private or in a group; commands, links and mentions are marked as Telegram marks them.

        Raises:
            AssertionError: the app would not let them: the bot is blocked, or they are not in the group.
            ValueError: more than 4096 characters, which the app would split.
        """
        if not text.strip() or len(text) > rules.MAX_TEXT:
            raise ValueError("the app sends texts of 1 to 4096 characters")
        message = self._new_message(chat, reply_to, thread_id)
        message.text = text
        message.entities = detect_entities(text)
        return self._deliver(message)

    def starts(self, payload: str = "") -> Message:
        """Press Start in private, perhaps through a ``?start=payload`` link; unblocks the bot if it was blocked.

        Raises:
            ValueError: no link can carry such a payload.
        """
        if payload and not is_deep_link_payload(payload):
            raise ValueError("a payload is 1-64 characters of A-Z, a-z, 0-9, _ and -")
        if self.account.blocked:
            self.unblocks_bot()
        return self.says(f"/start {payload}".strip())

    def edits(self, message: Message, text: str) -> int:
        """Change a message of their own; returns the id of the update."""
        if message.sender is not self.account:
            raise AssertionError("people edit their own messages only")
        message.text, message.entities = text, detect_entities(text)
        message.edit_date = int(self.server.now())
        message.edits += 1
        return self.server.updates.push("edited_message", message.api(), message.chat.id)

    def sends_document(
        self,
        name: str,
        data: bytes,
        mime: str = "application/octet-stream",
        *,
        chat: TelegramGroup | None = None,
        caption: str = "",
        size: int | None = None,
    ) -> Message:
        """Send a file; `size` pretends another size in bytes without holding so many."""
        message = self._new_message(chat, None, None)
        message.document = self.server.state.new_file(name, mime, data, size=size)
        message.text, message.entities = caption, detect_entities(caption)
        return self._deliver(message)

    def sends_photo(self, data: bytes, *, chat: TelegramGroup | None = None, caption: str = "") -> Message:
        """Send a picture; Telegram gives it no name."""
        message = self._new_message(chat, None, None)
        photo: StoredFile = self.server.state.new_file("photo.jpg", "image/jpeg", data)
        photo.width, photo.height = picture_size(data)
        message.photo = photo
        message.text, message.entities = caption, detect_entities(caption)
        return self._deliver(message)

    def _new_message(self, group: TelegramGroup | None, reply_to: Message | None, thread_id: int | None) -> Message:
        chat = self.chat if group is None else group.chat
        if self.account.deactivated:
            raise AssertionError("a deleted account does nothing")
        if group is None:
            if self.account.blocked:
                raise AssertionError("the bot is blocked: starts() or unblocks_bot() first")
            self.account.started = True
        elif chat.members.get(self.id) not in INSIDE:
            raise AssertionError(f"{self!r} is not in the group")
        message = self.server.new_message(chat, self.account)
        message.reply_to = reply_to.message_id if reply_to is not None else None
        message.thread_id = thread_id
        return message

    def _deliver(self, message: Message) -> Message:
        if message.chat.is_private or self._bot_may_read(message):
            kind = "channel_post" if message.chat.kind == CHANNEL else "message"
            message.update_id = self.server.updates.push(kind, message.api(), message.chat.id)
        return message

    def _bot_may_read(self, message: Message) -> bool:
        """Privacy mode: in a group the bot gets commands meant for it and replies to it; an administrator gets all."""
        chat, bot = message.chat, self.server.state.bot
        status = chat.members.get(bot.id)
        if status not in INSIDE:
            return False
        if status == "administrator" or not self.server.privacy_mode:
            return True
        target = chat.messages.get(message.reply_to) if message.reply_to is not None else None
        if target is not None and target.is_from_bot:
            return True
        command = next((e for e in message.entities if e["type"] == "bot_command" and e["offset"] == 0), None)
        if command is None:
            return False
        _, _, addressee = message.text[: command["length"]].partition("@")
        return not addressee or addressee.lower() == bot.username.lower()

    # Pressing

    def presses(self, label_or_data: str, message: Message | None = None, chat: TelegramGroup | None = None) -> Press:
        """Press a button, named by its label or its callback data.

        Args:
            label_or_data: what is written on it, or what it sends.
            message: where it stands; else the newest message of the chat that has such a button.
            chat: a group; else the private chat.

        Raises:
            AssertionError: no such button, with a list of those that can be seen; or the button opens a page.
        """
        place = self.chat if chat is None else chat.chat
        if message is None:
            candidates = [m for m in from_bot(place) if m.button(label_or_data) is not None]
            if not candidates:
                raise AssertionError(f"no button {label_or_data!r}; there are: {_seen_buttons(place)}")
            message = candidates[-1]
        button = message.button(label_or_data)
        if button is None or message.deleted:
            where = "is deleted" if message.deleted else f"has {message.labels}"
            raise AssertionError(f"no button {label_or_data!r}: the message {where}")
        if button.url:
            raise AssertionError(f"the button {button.text!r} opens {button.url}; use opens()")
        return self.sends_callback(button.data, message)

    def sends_callback(self, data: str, message: Message) -> Press:
        """Send any callback data for any message, as a modified app can.

        A deleted message arrives as an InaccessibleMessage.
        """
        server = self.server
        query_id = str(server.next_query_id())
        query: Json = {
            "id": query_id,
            "from": self.account.api(),
            "chat_instance": str(message.chat.id * 7919),
            "data": data,
        }
        if message.deleted:
            query["message"] = {"chat": message.chat.api(), "message_id": message.message_id, "date": 0}
        else:
            query["message"] = message.api()
        press = Press(query_id, 0, self.account, message, data, time.monotonic(), server.changes)
        server.queries.by_id[query_id] = press
        press.update_id = server.updates.push("callback_query", query, self.id)
        return press

    def opens(self, label_or_url: str, message: Message | None = None) -> Message:
        """Follow a link to the bot, given as a URL or as the label of a button, which starts it with its payload.

        Raises:
            AssertionError: no such button, or the link leads elsewhere.
        """
        address = label_or_url
        if "://" not in address:
            found = (message or self.last).button(label_or_url)
            if found is None or not found.url:
                raise AssertionError(f"no link {label_or_url!r}; there are: {_seen_buttons(self.chat)}")
            address = found.url
        payload = deep_link_payload(address)
        if payload is None or self.server.state.bot.username.lower() not in address.lower():
            raise AssertionError(f"{address} does not lead to the bot")
        return self.starts(payload)

    # Leaving

    def blocks_bot(self) -> int:
        """Block the bot; returns the id of the update."""
        self.account.blocked = True
        return self._private_membership("member", "kicked")

    def unblocks_bot(self) -> int:
        """Unblock the bot; returns the id of the update."""
        self.account.blocked = False
        return self._private_membership("kicked", "member")

    def _private_membership(self, old: str, new: str) -> int:
        bot = self.server.state.bot
        return self.server.updates.push(
            "my_chat_member",
            {
                "chat": self.chat.api(),
                "from": self.account.api(),
                "date": int(self.server.now()),
                "old_chat_member": chat_member(bot, old),
                "new_chat_member": chat_member(bot, new),
            },
            self.id,
        )

    def deactivates(self) -> None:
        """Delete the account; Telegram tells the bot only when it writes."""
        self.account.deactivated = True


def _seen_buttons(chat: Chat) -> str:
    keyboards: Iterable[str] = (
        f"message {message.message_id}: {message.labels}" for message in from_bot(chat)[-5:] if message.labels
    )
    return "; ".join(keyboards) or "none"
