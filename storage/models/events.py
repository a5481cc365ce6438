"""Events, who comes, and when they are reminded."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import Answer, EventStatus, Locale
from storage.models.base import Base, Key, Line, Prose, Word
from storage.models.people import Person


class CommunityEvent(Base):
    """An event of the community.

    ``starts_wall`` and ``ends_wall`` are what the organiser meant ("2018-04-19T17:30" in ``zone``); ``starts_at`` and
    ``ends_at`` are the UTC instants computed from them. ``uid`` and ``sequence`` are those of the calendar file.
    ``capacity`` 0 means unlimited. ``moved_at`` is when the start was last changed after publishing: a reminder whose
    moment had passed by then is not sent, since the news of the change has just been.
    """

    __tablename__ = "events"
    id: Mapped[Key]
    uid: Mapped[Word] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    title: Mapped[Line]
    description: Mapped[Prose] = mapped_column(default="")
    place: Mapped[Line] = mapped_column(default="")
    link: Mapped[Prose] = mapped_column(default="")
    zone: Mapped[Word]
    starts_wall: Mapped[Word]
    ends_wall: Mapped[Word]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int] = mapped_column(default=0)
    language: Mapped[Locale]
    status: Mapped[EventStatus]
    cancel_reason: Mapped[Prose] = mapped_column(default="")
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]

    organiser: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (Index("ix_events_upcoming", "status", "starts_at"),)


class EventAnswer(Base):
    """What one person said to one event. The waiting list is those WAITING, in the order of ``asked_at``, ``id``.

    ``asked_at`` is since when the answer stands: when they gave it, or when they moved up from the waiting list.
    """

    __tablename__ = "event_answers"
    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    answer: Mapped[Answer]
    asked_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_event_answers_count", "event_id", "answer", "asked_at"),
    )


class EventReminder(Base):
    """How long before the start those who come are reminded, in minutes.

    ``reminded_for`` is the start for which this reminder was last settled (sent, or overtaken by a nearer one), so a
    moved event is reminded of again and a start never twice.
    """

    __tablename__ = "event_reminders"
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    minutes_before: Mapped[int] = mapped_column(primary_key=True)
    reminded_for: Mapped[datetime | None]
