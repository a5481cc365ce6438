"""The deadlines of funding calls: who follows them, what was told of them, who looks for a partner."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, Key, Line, Word
from storage.models.people import Person


class CallFollow(Base):
    """That somebody follows the deadlines of one call, or of a kind of post, a sector, or a kind in a sector.

    Attributes:
        scope: the three ids as one word, so that nobody follows the same twice.
        wanted: false where somebody follows a kind or sector, but not this one call.
    """

    __tablename__ = "call_follows"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("post_kinds.id", ondelete="CASCADE"))
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sectors.id", ondelete="CASCADE"))
    scope: Mapped[Word]
    wanted: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "scope"), Index("ix_call_follows_kind", "kind_id", "sector_id"))


class CallReminder(Base):
    """That those who follow a call were told so many days before its deadline; ``reminded_for`` is that deadline."""

    __tablename__ = "call_reminders"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    days_before: Mapped[int] = mapped_column(primary_key=True)
    reminded_for: Mapped[datetime]


class CallPartner(Base):
    """That somebody looks for a partner for a call, with a sentence on what they bring or seek."""

    __tablename__ = "call_partners"
    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[Line]
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("post_id", "person_id"),)
