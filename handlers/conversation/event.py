"""What happens in a chat, and where: events, addresses and message references, in the words of no platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handlers.conversation.form import Form, Values
from handlers.conversation.screen import Screen
from storage.enums import Platform
from storage.queries.outbox import NewMessage


@dataclass(frozen=True, slots=True)
class Address:
    """Somewhere a message can be sent.

    ``account`` is our own identity there (bot id, Slack team id, "web"), ``chat`` the platform's id of the
    conversation as text, ``thread`` a forum topic or thread inside it.
    """

    platform: Platform
    account: str
    chat: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message of ours that can be edited. A long screen is several messages: ids joined by commas."""

    address: Address
    message_id: str


class EventKind(StrEnum):
    """What a person did."""

    COMMAND = "command"
    PRESS = "press"
    TEXT = "text"
    SUBMIT = "submit"
    ABANDON = "abandon"  # closed a window with a half-filled form
    FILE = "file"
    JOINED = "joined"  # came back, or the bot was added to a group
    LEFT = "left"  # blocked the bot, or removed it from a group
    MOVED = "moved"  # a group has a new id


class FormSupport(StrEnum):
    """How a form can be shown in answer to an event."""

    NOW = "now"  # a window can be opened at once
    BUTTON = "button"  # a window needs a press first (Slack: no trigger in a typed message)
    TALK = "talk"  # field by field, in messages


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that a person sent; ``reference`` is the platform's name for it, ``size`` in bytes."""

    reference: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that one person did.

    Attributes:
        kind: what.
        id: the platform's own id of it; the inbox is unique on (platform, account, id).
        address: where, and where a reply goes.
        user: the platform's id of the person.
        user_name: what the platform calls them; used only to greet, not stored before consent.
        locale: the platform's guess of their language (ISO 639-1), or empty.
        private: whether only this person reads the chat.
        action: the pressed action's text, or the command's name without slash.
        text: what was typed; for a command, what follows it.
        values: a submitted or abandoned form's values.
        form, form_context: which form that was.
        file: a file that came with it.
        message: the message pressed, if any.
        replied_text: the message that was replied to or chosen with a shortcut.
        replied_file, replied_user: its file, and the platform's id of who wrote it.
        forms: how a form can be shown in answer.
        new_chat: for MOVED, the new id.
        late: whether the moment is over, because the process that was to answer it died: what would be a toast or an
            open window comes as a message.
    """

    kind: EventKind
    id: str
    address: Address
    user: str
    user_name: str = ""
    locale: str = ""
    private: bool = True
    action: str = ""
    text: str = ""
    values: Values = field(default_factory=dict)
    form: str = ""
    form_context: Mapping[str, str] = field(default_factory=dict)
    file: IncomingFile | None = None
    message: MessageRef | None = None
    replied_text: str = ""
    replied_file: IncomingFile | None = None
    replied_user: str = ""
    forms: FormSupport = FormSupport.TALK
    new_chat: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class CardKey:
    """What a live card shows; every posted copy of it is edited when that changes."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Show:
    """Redraw what was pressed; send it when nothing was pressed."""

    screen: Screen
    card: CardKey | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Always a new message. ``privately``: to the person, even when the event came from a group."""

    screen: Screen
    card: CardKey | None = None
    privately: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a form."""

    form: Form


@dataclass(frozen=True, slots=True)
class Toast:
    """A word of the moment: a Telegram notification, a Slack message only they see, a web toast.

    At most 200 characters (Bot API, answerCallbackQuery). Where there is nothing to answer it becomes a message.
    """

    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong with a submitted form, by field; the rest is kept."""

    by_field: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A submitted form is kept as it was handed in, and this is asked first; ``forms.hand_in`` sends it after all."""

    screen: Screen


Reply = Show | Tell | Ask | Toast | Errors | Undecided
Replies = Reply | tuple[Reply, ...] | None


@dataclass(slots=True)
class Outcome:
    """What is only of the moment: the adapter that brought the event does it at once, and it dies with the moment.

    Attributes:
        toast: to show.
        form: to open as a window.
        errors: to show in the open window.
        replies: rows of the outbox that the handler queued as replies, with their ids; this process has claimed them.
        queued: whether it queued other rows, which a sender has to look for.
        mails: whether it queued e-mail.
    """

    toast: Toast | None = None
    form: Form | None = None
    errors: Errors | None = None
    replies: list[tuple[int, NewMessage]] = field(default_factory=list)
    queued: bool = False
    mails: bool = False


Payload = dict[str, Any]
"""A raw update or event as the platform sent it, in JSON's types."""
