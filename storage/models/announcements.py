"""Announcements of the staff."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import AnnouncementStatus, Locale
from storage.models.base import Base, JsonDict, Key, Line, Prose
from storage.models.people import Person


class Announcement(Base):
    """A text in one or both languages, whom it is for, and how far it got.

    ``audience`` is a :class:`storage.audience.Segment` as JSON; empty means everybody. ``recipients`` is how many it
    was queued for. Each recipient's result is their row in the outbox. ``resumed_at`` is when sending last began or
    went on: failures before it no longer count towards pausing by itself. ``shown`` is what the live card showed last,
    by state of the outbox, so that it is edited only when something changed.
    """

    __tablename__ = "announcements"
    id: Mapped[Key]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    title_it: Mapped[Line] = mapped_column(default="")
    text_it: Mapped[Prose] = mapped_column(default="")
    title_en: Mapped[Line] = mapped_column(default="")
    text_en: Mapped[Prose] = mapped_column(default="")
    fallback: Mapped[Locale]
    promotional: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[JsonDict] = mapped_column(default=dict)
    status: Mapped[AnnouncementStatus]
    recipients: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    shown: Mapped[JsonDict] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")
