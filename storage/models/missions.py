"""Missions abroad: their components, applications and programme."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import ApplicationStatus, ComponentKind, MissionStatus, PlaceStatus
from storage.models.base import Base, JsonList, Key, Line, Prose, Word
from storage.models.people import Person


class Mission(Base):
    """A delegation to a fair.

    Attributes:
        deadline: until when one may apply.
        seats: how many delegates are accepted at most; 0 means unlimited.
        sectors: keys of the sectors it is for; empty means all.
        opened_at: when applications were first opened.
        reminded_for: the deadline for which the reminders were last settled, so a moved one is reminded of anew.
    """

    __tablename__ = "missions"
    id: Mapped[Key]
    title: Mapped[Line]
    place: Mapped[Line]
    venue: Mapped[Line] = mapped_column(default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    zone: Mapped[Word]
    deadline: Mapped[datetime]
    seats: Mapped[int] = mapped_column(default=0)
    cost_it: Mapped[Prose] = mapped_column(default="")
    cost_en: Mapped[Prose] = mapped_column(default="")
    summary_it: Mapped[Prose] = mapped_column(default="")
    summary_en: Mapped[Prose] = mapped_column(default="")
    sectors: Mapped[JsonList] = mapped_column(default=list)
    status: Mapped[MissionStatus]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    reminded_for: Mapped[datetime | None]


class Component(Base):
    """A part of a mission with its own places; ``seats`` 0 means unlimited. Wall times are in the mission's zone."""

    __tablename__ = "components"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ComponentKind]
    title_it: Mapped[Line]
    title_en: Mapped[Line]
    description_it: Mapped[Prose] = mapped_column(default="")
    description_en: Mapped[Prose] = mapped_column(default="")
    place: Mapped[Line] = mapped_column(default="")
    starts_wall: Mapped[Word]
    ends_wall: Mapped[Word]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int] = mapped_column(default=0)


class ProgrammeItem(Base):
    """A line of a mission's programme; without a component it is for every delegate."""

    __tablename__ = "programme_items"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"), index=True)
    component_id: Mapped[int | None] = mapped_column(ForeignKey("components.id", ondelete="CASCADE"))
    title_it: Mapped[Line]
    title_en: Mapped[Line]
    place: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class MissionQuestion(Base):
    """A frequent question and its answer."""

    __tablename__ = "mission_questions"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"), index=True)
    question_it: Mapped[Prose]
    question_en: Mapped[Prose]
    answer_it: Mapped[Prose]
    answer_en: Mapped[Prose]


class Application(Base):
    """A person's application to a mission, and what became of it."""

    __tablename__ = "applications"
    id: Mapped[Key]
    mission_id: Mapped[int] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    status: Mapped[ApplicationStatus]
    objectives: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[Prose] = mapped_column(default="")
    applied_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reason: Mapped[Prose] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    mission: Mapped[Mission] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("mission_id", "person_id"),
        Index("ix_applications_status", "mission_id", "status"),
    )


class ApplicationPlace(Base):
    """A delegate's place in one component. The waiting list is those WAITING, in the order of ``asked_at``.

    ``asked_at`` is since when the place stands as it does: asked for, confirmed, waited for or released.
    """

    __tablename__ = "application_places"
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("components.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[PlaceStatus]
    asked_at: Mapped[datetime]

    component: Mapped[Component] = relationship(lazy="raise")

    __table_args__ = (Index("ix_application_places_count", "component_id", "status"),)
