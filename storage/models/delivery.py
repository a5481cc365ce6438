"""What came in, what goes out, who sends it, and the live cards that were posted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import OutboxOp, OutboxState, Platform, Priority
from storage.models.base import Base, JsonDict, Key, Line, Prose, Word


class InboxEvent(Base):
    """An update or event as it came, stored before it is acknowledged.

    The payload is emptied when it has been handled; the row stays for a while, so that the same event sent again
    (Telegram: up to 23 hours) does nothing twice. ``tries`` counts the attempts to handle it.
    """

    __tablename__ = "inbox"
    id: Mapped[Key]
    platform: Mapped[Platform]
    account: Mapped[Word]
    event_id: Mapped[Word]
    person: Mapped[Word]
    payload: Mapped[JsonDict]
    received_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    taken_by: Mapped[Word] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("platform", "account", "event_id"),
        Index("ix_inbox_open", "closed_at", "id"),
    )


class OutboxMessage(Base):
    """Something to be sent, written in the transaction of what it tells.

    Attributes:
        kind: which notice renders it; ``screen`` carries its screen ready-made.
        data: what the notice needs, or the screen.
        target: for an edit or deletion, the message's id on the platform.
        card: the live card that it shows, as ``kind:id``.
        dedup_key: at most one row ever has it; an edit gives it up when it is claimed, so that the next change
            queues another.
        policy_again: what a doubt means: send again, or list as uncertain.
        urgent: that it may go once more to its reader's other platform when they do not read it.
        claim: who is sending it: the process's token, written with the attempt.
        message_id: the sent message's id (ids joined by commas).
    """

    __tablename__ = "outbox"
    id: Mapped[Key]
    platform: Mapped[Platform]
    account: Mapped[Word]
    chat: Mapped[Word]
    thread: Mapped[Word] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    kind: Mapped[Word]
    data: Mapped[JsonDict]
    op: Mapped[OutboxOp] = mapped_column(default=OutboxOp.SEND)
    target: Mapped[Prose] = mapped_column(default="")
    card: Mapped[Word] = mapped_column(default="")
    priority: Mapped[Priority]
    rank: Mapped[int]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.QUEUED)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    dedup_key: Mapped[Word | None] = mapped_column(unique=True)
    policy_again: Mapped[bool] = mapped_column(default=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[Word] = mapped_column(default="")
    message_id: Mapped[Prose] = mapped_column(default="")
    failure: Mapped[Word] = mapped_column(default="")
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_outbox_due", "platform", "account", "state", "rank", "due_at", "id"),
        Index("ix_outbox_announcement", "announcement_id", "state", "finished_at"),
        # Few rows have a card, so this one costs the others nothing.
        Index("ix_outbox_card", "card", "state", sqlite_where=text("card <> ''"), postgresql_where=text("card <> ''")),
        Index("ix_outbox_finished", "state", "finished_at"),
        # Only what is urgent: a broadcast costs it nothing, and looking through it costs nothing beside a broadcast.
        Index(
            "ix_outbox_urgent", "state", "finished_at", sqlite_where=text("urgent = 1"), postgresql_where=text("urgent")
        ),
    )


class Lease(Base):
    """Who may do something that only one process at a time does. Times are the database's or the real clock's."""

    __tablename__ = "leases"
    name: Mapped[Word] = mapped_column(primary_key=True)
    holder: Mapped[Word]
    until: Mapped[datetime]


class SecondPing(Base):
    """An urgent notice that went once more to its reader's other platform, since it was not read on the first.

    Attributes:
        first_id: the row of the outbox that was not read; it is repeated once at most.
        second_id: the row that repeats it.
        answered_at: when a button of either copy was first pressed.
        answered_id: which of the two rows that was.
        note: what the other copy says instead of its buttons, in the reader's language.
        closing: the other copy as it then looks, as JSON; empty when it cannot be drawn, or is a live card.
        closed_at: when its redrawing was queued, or there was nothing to redraw.
    """

    __tablename__ = "second_pings"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), unique=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_id: Mapped[int | None]
    note: Mapped[Line] = mapped_column(default="")
    closing: Mapped[JsonDict] = mapped_column(default=dict)
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_second_pings_open", "closed_at", "answered_at"),)


class CardCopy(Base):
    """One posted copy of a live card. Each is edited when the subject changes.

    ``note`` stands in the place of the buttons where their question was answered on the reader's other platform.
    """

    __tablename__ = "card_copies"
    id: Mapped[Key]
    card: Mapped[Word] = mapped_column(index=True)
    platform: Mapped[Platform]
    account: Mapped[Word]
    chat: Mapped[Word]
    thread: Mapped[Word] = mapped_column(default="")
    message_id: Mapped[Line]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    posted_at: Mapped[datetime]
    note: Mapped[Line] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("platform", "account", "chat", "message_id"),)
