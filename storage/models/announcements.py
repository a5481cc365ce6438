"""Announcements of the staff."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import AnnouncementStatus, Locale
from storage.models.base import Base, JsonDict, Key, Line, Prose
from storage.models.people import Person


class Announcement(Base):
    """A text in one or both languages, whom it is for, and how far it got.

    ``audience`` is the segment as ``handlers.announcements.rules`` reads it. ``recipients`` is how many it was queued
    for. Each recipient's result is their row in the outbox.
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
    finished_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")
