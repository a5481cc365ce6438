"""What Telegram's side remembers: people, chats, messages and files.

A message is kept in one record from which both the Bot API object and what a person sees are read.
Message ids count per chat and start at 1 in each, so a program that forgets the chat in its keys is found out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.standins.telegram.refusals import BadRequest, Forbidden
from tests.standins.telegram.text_entities import Entity, to_html

Json = dict[str, Any]

PRIVATE, GROUP, SUPERGROUP, CHANNEL = "private", "group", "supergroup", "channel"


@dataclass(slots=True)
class Account:
    """A person or the bot.

    Attributes:
        started: whether the person ever wrote to the bot in private, without which the bot may not write to them.
        blocked: whether the person blocked the bot.
        deactivated: whether the account was deleted.
    """

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def api(self) -> Json:
        """User."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True)
class StoredFile:
    """A file that was sent by either side; `path` is set once the bot asked for a download link."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    data: bytes
    size: int
    width: int = 0
    height: int = 0
    path: str = ""

    def document(self) -> Json:
        """Document."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime,
            "file_size": self.size,
        }

    def photo(self) -> list[Json]:
        """Array of PhotoSize, of one size."""
        return [
            {
                "file_id": self.file_id,
                "file_unique_id": self.unique_id,
                "file_size": self.size,
                "width": self.width,
                "height": self.height,
            }
        ]


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a person sees it; exactly one of `data` and `url` is filled unless the button is of a rarer kind."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(slots=True)
class Message:
    """A message in a chat, as both sides see it.

    Attributes:
        text: plain text or caption, after markup is parsed.
        document: the attached file, if it was sent as a file.
        photo: the attached picture, if it was sent as a picture.
        edits: how often the bot changed it.
        service: fields of a service message such as ``new_chat_members``.
        update_id: of the update that told the bot of it, 0 when none did.
        sent_at: monotonic seconds.
    """

    chat: "Chat"
    message_id: int
    date: int
    sender: Account | None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: Json | None = None
    document: StoredFile | None = None
    photo: StoredFile | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    media_group_id: str = ""
    preview: Json | None = None
    service: Json | None = None
    edit_date: int | None = None
    edits: int = 0
    deleted: bool = False
    update_id: int = 0
    sent_at: float = 0.0

    @property
    def file(self) -> StoredFile | None:
        """What is attached, in either way."""
        return self.document or self.photo

    @property
    def edited(self) -> bool:
        """Whether it was changed after sending."""
        return self.edits > 0

    @property
    def is_from_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.sender is None or self.sender.is_bot

    @property
    def html(self) -> str:
        """The text with its formatting, as Telegram HTML."""
        return to_html(self.text, self.entities)

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard, row by row."""
        if not self.markup:
            return []
        return [
            [Button(b["text"], b.get("callback_data", ""), b.get("url", "")) for b in row]
            for row in self.markup.get("inline_keyboard", ())
        ]

    @property
    def labels(self) -> list[list[str]]:
        """What is written on the buttons, row by row."""
        return [[button.text for button in row] for row in self.buttons]

    def button(self, label_or_data: str) -> Button | None:
        """The button with this label or, failing that, this callback data."""
        everything = [button for row in self.buttons for button in row]
        by_label = next((button for button in everything if button.text == label_or_data), None)
        return by_label or next((button for button in everything if button.data == label_or_data), None)

    def api(self, *, with_reply: bool = True) -> Json:
        """Message."""
        message: Json = {"message_id": self.message_id, "date": self.date, "chat": self.chat.api()}
        if self.chat.kind == CHANNEL:
            message["sender_chat"] = self.chat.api()
        elif self.sender is not None:
            message["from"] = self.sender.api()
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        if self.thread_id is not None:
            message["message_thread_id"] = self.thread_id
            message["is_topic_message"] = True
        if self.service is not None:
            return message | self.service
        self._add_content(message)
        if self.markup and "inline_keyboard" in self.markup:
            message["reply_markup"] = self.markup
        if with_reply and self.reply_to is not None:
            target = self.chat.messages.get(self.reply_to)
            if target is not None:
                message["reply_to_message"] = target.api(with_reply=False)
        return message

    def _add_content(self, message: Json) -> None:
        is_caption = self.file is not None
        if self.document is not None:
            message["document"] = self.document.document()
        elif self.photo is not None:
            message["photo"] = self.photo.photo()
        if self.media_group_id:
            message["media_group_id"] = self.media_group_id
        if self.text or not is_caption:
            message["caption" if is_caption else "text"] = self.text
        if self.entities:
            message["caption_entities" if is_caption else "entities"] = self.entities
        if self.preview:
            message["link_preview_options"] = self.preview


@dataclass(slots=True)
class Chat:
    """A private chat, a group or a channel.

    Attributes:
        members: membership status by user id, the bot included.
        migrated_to: id of the supergroup that took the group's place.
        reply_keyboard: the last keyboard below the text field, if any.
    """

    id: int
    kind: str
    title: str = ""
    person: Account | None = None
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    migrated_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    reply_keyboard: Json | None = None
    last_message_id: int = 0
    _api: Json | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is a talk of one person with the bot."""
        return self.kind == PRIVATE

    @property
    def is_group(self) -> bool:
        """Whether the limit of groups counts for it."""
        return self.kind in {GROUP, SUPERGROUP}

    def api(self) -> Json:
        """Chat."""
        if self._api is None:
            chat: Json = {"id": self.id, "type": self.kind}
            if self.person is not None:
                chat["first_name"] = self.person.first_name
                if self.person.last_name:
                    chat["last_name"] = self.person.last_name
                if self.person.username:
                    chat["username"] = self.person.username
            else:
                chat["title"] = self.title
            if self.is_forum:
                chat["is_forum"] = True
            self._api = chat
        return self._api

    def full(self) -> Json:
        """ChatFullInfo."""
        return self.api() | {
            "accent_color_id": self.id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            ),
            **({"pinned_message": self.messages[self.pinned[-1]].api(with_reply=False)} if self.pinned else {}),
        }

    def visible(self) -> Iterator[Message]:
        """Messages that are still there, oldest first."""
        return (message for message in self.messages.values() if not message.deleted)


def chat_member(account: Account, status: str) -> Json:
    """ChatMember of the given status."""
    member: Json = {"user": account.api(), "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    elif status == "kicked":
        member["until_date"] = 0
    elif status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": False}
        member |= dict.fromkeys(
            (
                "can_manage_chat",
                "can_delete_messages",
                "can_manage_video_chats",
                "can_restrict_members",
                "can_promote_members",
                "can_change_info",
                "can_invite_users",
                "can_post_stories",
                "can_edit_stories",
                "can_delete_stories",
                "can_pin_messages",
                "can_post_messages",
                "can_edit_messages",
            ),
            True,
        )
    return member


@dataclass(slots=True)
class State:
    """Everything that the far server remembers."""

    bot: Account
    accounts: dict[int, Account] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    paths: dict[str, StoredFile] = field(default_factory=dict)
    commands: dict[tuple[str, int, int, str], list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    def private_chat(self, account: Account) -> Chat:
        """The person's talk with the bot."""
        chat = self.chats.get(account.id)
        if chat is None:
            chat = self.chats[account.id] = Chat(account.id, PRIVATE, person=account)
            chat.accounts[account.id] = account
        return chat

    def chat(self, chat_id: int | None) -> Chat:
        """The chat of this id, for reading.

        Raises:
            BadRequest: chat not found.
        """
        chat = self.chats.get(chat_id) if chat_id is not None else None
        if chat is None:
            raise BadRequest("chat not found")
        return chat

    def writable_chat(self, chat_id: int | None, *, is_edit: bool = False) -> Chat:
        """The chat of this id, if the bot may write there now; what is there already may be changed while blocked.

        Raises:
            BadRequest: chat not found, or upgraded to a supergroup (with migrate_to_chat_id).
            Forbidden: blocked, deactivated, never started, kicked or not a member.
        """
        chat = self.chat(chat_id)
        person = chat.person
        if person is not None:
            if person.deactivated:
                raise Forbidden("user is deactivated")
            if is_edit:
                return chat
            if not person.started:
                raise Forbidden("bot can't initiate conversation with a user")
            if person.blocked:
                raise Forbidden("bot was blocked by the user")
            return chat
        if chat.migrated_to is not None:
            raise BadRequest("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to})
        status = chat.members.get(self.bot.id, "left")
        if status == "kicked":
            raise Forbidden(f"bot was kicked from the {chat.kind} chat")
        if status == "left":
            raise Forbidden(f"bot is not a member of the {chat.kind} chat")
        if chat.kind == CHANNEL and status != "administrator":
            raise BadRequest("need administrator rights in the channel chat")
        return chat

    def message(self, chat: Chat, message_id: int | None, purpose: str) -> Message:
        """A message that is still there.

        Raises:
            BadRequest: "<purpose> not found", such as "message to edit not found".
        """
        message = chat.messages.get(message_id) if message_id is not None else None
        if message is None or message.deleted:
            raise BadRequest(f"{purpose} not found")
        return message

    def new_file(self, name: str, mime: str, data: bytes, *, size: int | None = None) -> StoredFile:
        """Keep a file and give it its identifiers."""
        number = len(self.files) + 1
        stored = StoredFile(
            file_id=f"BQACAgQAAxkBAAI{number:08d}",
            unique_id=f"AgAD{number:08d}",
            name=name,
            mime=mime,
            data=data,
            size=len(data) if size is None else size,
        )
        self.files[stored.file_id] = stored
        return stored
