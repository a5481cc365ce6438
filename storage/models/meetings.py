"""B2B meetings: slots, tables, meetings, and the bookings that make a double one impossible."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import MeetingStatus, PartyAnswer
from storage.models.base import Base, Key, Line, Prose
from storage.models.people import Person


class Slot(Base):
    """A stretch of time in which meetings of a mission are held."""

    __tablename__ = "slots"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("mission_id", "starts_at"),)


class MeetingTable(Base):
    """A place where one meeting at a time is held."""

    __tablename__ = "meeting_tables"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"))
    label: Mapped[Line]
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("mission_id", "label"),)


class Meeting(Base):
    """A meeting of two people.

    Attributes:
        slot_id, table_id: when and where it is, or was before it was cancelled.
        sequence: counts the changes of its time, and its end: the SEQUENCE of the calendar file (RFC 5545, 3.8.7.4).
            A moved meeting is reminded of anew; an answer alone moves nothing.
        timed_at: since when it has this slot.
    """

    __tablename__ = "meetings"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"), index=True)
    status: Mapped[MeetingStatus]
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"))
    table_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_tables.id"))
    topic: Mapped[Prose] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    timed_at: Mapped[datetime | None]

    slot: Mapped[Slot | None] = relationship(lazy="raise")
    table: Mapped[MeetingTable | None] = relationship(lazy="raise")


class MeetingParty(Base):
    """One side of a meeting and what they said."""

    __tablename__ = "meeting_parties"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    answer: Mapped[PartyAnswer]
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class MeetingOffer(Base):
    """Another time that one side asked for. The old time holds until the other side accepts the new one."""

    __tablename__ = "meeting_offers"
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), unique=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_tables.id"))
    by_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]


class SeatBooking(Base):
    """That a person is taken in a slot: one row a person and slot, whatever races."""

    __tablename__ = "seat_bookings"
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)


class TableBooking(Base):
    """That a table is taken in a slot: one row a table and slot, whatever races."""

    __tablename__ = "table_bookings"
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"), primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_tables.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)


class MeetingStep(Base):
    """One arrow that a meeting went along: from, to, who and why. Rows are only added.

    ``for_person_id`` is the side for whom staff answered.
    """

    __tablename__ = "meeting_steps"
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    was: Mapped[MeetingStatus | None]
    became: Mapped[MeetingStatus]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reason: Mapped[Prose] = mapped_column(default="")
    at: Mapped[datetime]

    __table_args__ = (Index("ix_meeting_steps_meeting", "meeting_id", "id"),)
