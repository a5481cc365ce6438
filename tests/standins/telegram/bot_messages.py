"""The methods about messages: send, edit, delete, answer a press, files."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.standins.telegram import file_rules, keyboards, rules
from tests.standins.telegram.callbacks import CallbackAnswer, CallbackQueries
from tests.standins.telegram.limits import RateLimits
from tests.standins.telegram.parameters import Parameters, Upload
from tests.standins.telegram.refusals import NOT_MODIFIED, BadRequest
from tests.standins.telegram.state import Chat, Json, Message, State, StoredFile
from tests.standins.telegram.text_entities import Entity


@dataclass(slots=True)
class Envelope:
    """What all methods that send have in common, checked."""

    chat: Chat
    markup: Json | None
    reply_to: int | None
    thread_id: int | None


class MessageMethods:
    """Each method takes the parameters and returns the result, or raises a `Refusal`.

    Attributes:
        losses: what Telegram dropped from a message without a word, such as entities past the hundredth.
    """

    def __init__(
        self, state: State, queries: CallbackQueries, now: Callable[[], float], limits: RateLimits | None
    ) -> None:
        self.state = state
        self.queries = queries
        self.now = now
        self.limits = limits
        self.losses: list[str] = []
        self._albums = 0

    # Sending

    def send_message(self, p: Parameters) -> Json:
        """Text of 1-4096 characters, https://core.telegram.org/bots/api#sendmessage."""
        chat = self._chat_to_write(p)
        text, entities = rules.message_text(p)
        preview = rules.link_preview(p)
        envelope = self._envelope(p, chat)
        self._admit(p, chat, 1)
        message = self._new(envelope, text, entities)
        message.preview = preview
        return message.api()

    def send_document(self, p: Parameters) -> Json:
        """A file of at most 50 MB with a caption."""
        chat = self._chat_to_write(p)
        text, entities = rules.caption(p)
        document = self._attached(p, "document", p.values.get("document"), is_photo=False)
        envelope = self._envelope(p, chat)
        self._admit(p, chat, 1)
        return self._new(envelope, text, entities, document=document).api()

    def send_photo(self, p: Parameters) -> Json:
        """A picture of at most 10 MB with a caption."""
        chat = self._chat_to_write(p)
        text, entities = rules.caption(p)
        photo = self._attached(p, "photo", p.values.get("photo"), is_photo=True)
        envelope = self._envelope(p, chat)
        self._admit(p, chat, 1)
        return self._new(envelope, text, entities, photo=photo).api()

    def send_media_group(self, p: Parameters) -> list[Json]:
        """An album of 2-10 pictures, or of 2-10 files."""
        chat = self._chat_to_write(p)
        media = file_rules.album(p)
        is_photo = media[0]["type"] == "photo"
        envelope = self._envelope(p, chat)
        items = []
        for item in media:
            text, entities = rules.caption(Parameters(item))
            items.append((text, entities, self._attached(p, "media", item.get("media"), is_photo=is_photo)))
        self._admit(p, chat, len(items))
        self._albums += 1
        sent = []
        for text, entities, file in items:
            message = self._new(
                envelope, text, entities, document=None if is_photo else file, photo=file if is_photo else None
            )
            message.media_group_id = str(self._albums)
            sent.append(message.api())
        return sent

    def send_chat_action(self, p: Parameters) -> bool:
        """Shown for at most 5 seconds."""
        if p.text("action") not in rules.CHAT_ACTIONS:
            raise BadRequest("wrong parameter action in request")
        chat = self._chat_to_write(p)
        chat.actions.append(p.text("action"))
        return True

    def _chat_to_write(self, p: Parameters) -> Chat:
        if "chat_id" not in p.values or p.values["chat_id"] == "":
            raise BadRequest("chat_id is empty")
        return self.state.writable_chat(p.integer("chat_id"))

    def _admit(self, p: Parameters, chat: Chat, messages: int) -> None:
        if self.limits is not None:
            paid = "allow_paid_broadcast" in p.values and p.boolean("allow_paid_broadcast")
            self.limits.admit(chat.id, is_group=chat.is_group, messages=messages, paid=paid)

    def _envelope(self, p: Parameters, chat: Chat) -> Envelope:
        values = p.values
        markup = keyboards.reply_markup(p, is_private=chat.is_private) if "reply_markup" in values else None
        reply_to = self._reply_target(p, chat) if "reply_parameters" in values else None
        thread_id = p.integer("message_thread_id") if "message_thread_id" in values else None
        if thread_id is not None and not chat.is_forum:
            raise BadRequest("message thread not found")
        for flag in ("disable_notification", "protect_content", "allow_paid_broadcast"):
            if flag in values:
                p.boolean(flag)
        return Envelope(chat, markup, reply_to, thread_id)

    def _reply_target(self, p: Parameters, chat: Chat) -> int | None:
        reply = rules.reply_parameters(p)
        if reply is None:
            return None
        message_id, may_be_missing = reply
        target = chat.messages.get(message_id)
        if target is not None and not target.deleted:
            return message_id
        if may_be_missing:
            return None
        raise BadRequest("message to be replied not found")

    def _new(
        self,
        envelope: Envelope,
        text: str,
        entities: list[Entity],
        *,
        document: StoredFile | None = None,
        photo: StoredFile | None = None,
    ) -> Message:
        chat = envelope.chat
        chat.last_message_id += 1
        message = Message(
            chat=chat,
            message_id=chat.last_message_id,
            date=int(self.now()),
            sender=self.state.bot,
            text=text,
            entities=self._kept(entities, chat),
            markup=envelope.markup,
            document=document,
            photo=photo,
            reply_to=envelope.reply_to,
            thread_id=envelope.thread_id,
            sent_at=time.monotonic(),
        )
        if envelope.markup and "inline_keyboard" not in envelope.markup:
            chat.reply_keyboard = envelope.markup if "keyboard" in envelope.markup else None
        chat.messages[message.message_id] = message
        return message

    def _kept(self, entities: list[Entity], chat: Chat) -> list[Entity]:
        if not entities:
            return entities
        kept, lost = rules.kept_entities(entities)
        if lost:
            self.losses.append(f"chat {chat.id}: {lost} entities past the hundredth were dropped")
        return kept

    def _attached(self, p: Parameters, field: str, value: Any, *, is_photo: bool) -> StoredFile:
        what = "photo" if is_photo else "document"
        upload: Upload | None = p.uploads.get(field)
        if isinstance(value, str) and value.startswith("attach://"):
            upload = p.uploads.get(value.removeprefix("attach://"))
        if upload is not None:
            if is_photo:
                width, height = file_rules.uploaded_photo(upload)
                stored = self.state.new_file(upload.name, upload.mime, upload.data)
                stored.width, stored.height = width, height
                return stored
            file_rules.uploaded_document(upload)
            return self.state.new_file(upload.name, upload.mime, upload.data)
        if not isinstance(value, str) or not value or value.startswith("attach://"):
            raise BadRequest(f"there is no {what} in the request")
        if value.startswith(("http://", "https://")):
            raise BadRequest("failed to get HTTP URL content")
        known = self.state.files.get(value)
        if known is None:
            raise BadRequest("wrong remote file identifier specified: Wrong string length")
        return known

    # Editing

    def edit_message_text(self, p: Parameters) -> Json:
        """New text and keyboard; without ``reply_markup`` the keyboard goes."""
        message = self._message_to_edit(p)
        text, entities = rules.message_text(p)
        if message.file is not None or message.service is not None:
            raise BadRequest("there is no text in the message to edit")
        return self._edited(p, message, text, entities, rules.link_preview(p))

    def edit_message_caption(self, p: Parameters) -> Json:
        """New caption and keyboard; without ``reply_markup`` the keyboard goes."""
        message = self._message_to_edit(p)
        text, entities = rules.caption(p)
        if message.file is None:
            raise BadRequest("there is no caption in the message to edit")
        return self._edited(p, message, text, entities, message.preview)

    def edit_message_reply_markup(self, p: Parameters) -> Json:
        """A new keyboard, or none."""
        message = self._message_to_edit(p)
        return self._edited(p, message, message.text, message.entities, message.preview)

    def _message_to_edit(self, p: Parameters) -> Message:
        if p.text("inline_message_id"):
            raise BadRequest("MESSAGE_ID_INVALID")
        if "message_id" not in p.values:
            raise BadRequest("message identifier is not specified")
        chat = self.state.writable_chat(p.integer("chat_id"), is_edit=True)
        message = self.state.message(chat, p.integer("message_id"), "message to edit")
        if not message.is_from_bot:
            raise BadRequest("message can't be edited")
        return message

    def _edited(self, p: Parameters, message: Message, text: str, entities: list[Entity], preview: Json | None) -> Json:
        markup = keyboards.reply_markup(p, is_private=message.chat.is_private, inline_only=True)
        entities = self._kept(entities, message.chat)
        before = (message.text, message.entities, message.markup, message.preview)
        if before == (text, entities, markup, preview):
            raise BadRequest(NOT_MODIFIED)
        message.text, message.entities, message.markup, message.preview = text, entities, markup, preview
        message.edit_date = int(self.now())
        message.edits += 1
        return message.api()

    # Deleting

    def delete_message(self, p: Parameters) -> bool:
        """A message less than 48 hours old."""
        if not p.text("message_id"):
            raise BadRequest("message identifier is not specified")
        chat = self.state.writable_chat(p.integer("chat_id"), is_edit=True)
        message = self.state.message(chat, p.integer("message_id"), "message to delete")
        self._check_deletable(message)
        message.deleted = True
        return True

    def delete_messages(self, p: Parameters) -> bool:
        """1-100 messages at once; those that are not there are skipped."""
        ids = p.structure("message_ids", "message_ids")
        if not isinstance(ids, list) or not all(isinstance(i, int) and i > 0 for i in ids):
            raise BadRequest("expected an Array of message identifiers")
        if not ids:
            raise BadRequest("message identifiers are not specified")
        if len(ids) > rules.MAX_BULK_MESSAGES:
            raise BadRequest("too many message identifiers specified")
        chat = self.state.writable_chat(p.integer("chat_id"), is_edit=True)
        found = [m for m in (chat.messages.get(i) for i in ids) if m is not None and not m.deleted]
        for message in found:
            self._check_deletable(message)
        for message in found:
            message.deleted = True
        return True

    def _check_deletable(self, message: Message) -> None:
        is_admin = message.chat.members.get(self.state.bot.id) == "administrator"
        if not message.is_from_bot and not message.chat.is_private and not is_admin:
            raise BadRequest("message can't be deleted")
        if self.now() - message.date > rules.DELETABLE_SECONDS:
            raise BadRequest("message can't be deleted for everyone")

    # Presses and files

    def answer_callback_query(self, p: Parameters) -> bool:
        """Once, in time, with at most 200 characters."""
        text = rules.callback_answer(p)
        if p.text("url"):
            raise BadRequest("URL_INVALID")  # allowed for games and t.me links to the bot, neither of which is used
        self.queries.answer(p.text("callback_query_id"), CallbackAnswer(text, p.boolean("show_alert")))
        return True

    def get_file(self, p: Parameters) -> Json:
        """A download link for a file of at most 20 MB."""
        if not p.text("file_id"):
            raise BadRequest("file_id not specified")
        stored = self.state.files.get(p.text("file_id"))
        if stored is None:
            raise BadRequest("invalid file_id")
        if stored.size > file_rules.MAX_DOWNLOAD_BYTES:
            raise BadRequest("file is too big")
        if not stored.path:
            folder = "photos" if stored.width else "documents"
            suffix = stored.name.rpartition(".")[2] if "." in stored.name else "bin"
            stored.path = f"{folder}/file_{len(self.state.paths) + 1}.{suffix}"
            self.state.paths[stored.path] = stored
        return {
            "file_id": stored.file_id,
            "file_unique_id": stored.unique_id,
            "file_size": stored.size,
            "file_path": stored.path,
        }
