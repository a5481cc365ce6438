"""Half-filled forms, and the web chat's history."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, JsonDict, Key, Line, Word


class Draft(Base):
    """A half-filled form of one person: one row, so it survives a restart, an interruption and a change of platform.

    Attributes:
        values: the answers so far, by field.
        step: the field that is being asked, by name; ``""`` at the summary. Used where forms are a talk.
        fixing: the fields that must be asked again, in order, after errors.
        open_in: the chat (``platform:account:chat``) where typed text answers it; empty while it rests.
        message_id: the message that shows the current question, so that a press redraws it.
    """

    __tablename__ = "drafts"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    form: Mapped[Word]
    context: Mapped[JsonDict] = mapped_column(default=dict)
    values: Mapped[JsonDict] = mapped_column(default=dict)
    step: Mapped[Word] = mapped_column(default="")
    fixing: Mapped[JsonDict] = mapped_column(default=dict)
    open_in: Mapped[Line] = mapped_column(default="")
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "form"), Index("ix_drafts_open", "person_id", "open_in"))


class WebMessage(Base):
    """A line of the web chat, as its page shows it."""

    __tablename__ = "web_messages"
    id: Mapped[Key]
    message_id: Mapped[Word] = mapped_column(unique=True)
    chat: Mapped[Word]
    author: Mapped[Word] = mapped_column(default="")
    content: Mapped[JsonDict]
    token: Mapped[Word] = mapped_column(default="")
    at: Mapped[datetime]

    __table_args__ = (Index("ix_web_messages_chat", "chat", "id"), Index("ix_web_messages_token", "token"))
