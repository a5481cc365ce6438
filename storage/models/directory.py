"""How members show themselves in the directory, and the introductions that they ask each other for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import IntroductionStatus
from storage.models.base import Base, Key, Line, Prose, Word
from storage.models.people import Person


class DirectoryEntry(Base):
    """What somebody shows of themselves to other members, once they allow the directory; their name always.

    Who has not chosen yet has none, and shows the least: name and organisation.

    It goes with its person when they are erased.

    Attributes:
        contact: what is handed to somebody when both said yes to an introduction; empty for their account here.
    """

    __tablename__ = "directory_entries"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    shows_organisation: Mapped[bool] = mapped_column(default=True)
    shows_role: Mapped[bool] = mapped_column(default=False)
    shows_sectors: Mapped[bool] = mapped_column(default=False)
    shows_offers: Mapped[bool] = mapped_column(default=False)
    shows_languages: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[Line] = mapped_column(default="")
    changed_at: Mapped[datetime]


class DirectoryWord(Base):
    """A word by which somebody is found in the directory: folded, or the stem of one.

    Only who allows the directory has any, of the fields that they show; they go with their person when they are erased.
    """

    __tablename__ = "directory_words"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[Word] = mapped_column(primary_key=True)
    weight: Mapped[int]

    __table_args__ = (Index("ix_directory_words_word", "word", "person_id"),)


class Introduction(Base):
    """A member's request to be introduced to another. It goes with either of them when they are erased.

    Attributes:
        asker_id, asked_id: who would like to meet whom.
        message: what the asker wrote.
        first_id, second_id: the two in the order of their ids: at most one request between two people is open.
        asker_contact, asked_contact: what each hands over when both said yes; empty for their account here.
        remind_at: when the asked person, who said "not now", is reminded.
        expires_at: when it ends without an answer, and when the asker hears of it.
        told_at: when the asker was told that nothing came of it.
    """

    __tablename__ = "introductions"
    id: Mapped[Key]
    asker_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    first_id: Mapped[int]
    second_id: Mapped[int]
    message: Mapped[Prose]
    status: Mapped[IntroductionStatus] = mapped_column(default=IntroductionStatus.OPEN)
    asker_contact: Mapped[Line] = mapped_column(default="")
    asked_contact: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    asker: Mapped[Person] = relationship(foreign_keys=[asker_id], lazy="raise")
    asked: Mapped[Person] = relationship(foreign_keys=[asked_id], lazy="raise")

    __table_args__ = (
        Index("ix_introductions_asker", "asker_id", "created_at"),
        Index("ix_introductions_asked", "asked_id", "status"),
        Index("ix_introductions_ends", "told_at", "expires_at"),
        Index(
            "uq_introductions_open",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )


class PersonBlock(Base):
    """That somebody wants nothing of another member: neither sees the other in the directory.

    It goes with either of them when they are erased.
    """

    __tablename__ = "person_blocks"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_person_blocks_blocked", "blocked_id"),)


class PersonReport(Base):
    """A member's report to the staff about a request to be introduced. It goes with either of them.

    Attributes:
        settled_at, settled_by: when a member of the staff had dealt with it, and who.
    """

    __tablename__ = "person_reports"
    id: Mapped[Key]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    about_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    reason: Mapped[Prose]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    __table_args__ = (
        UniqueConstraint("by_person_id", "introduction_id"),
        Index("ix_person_reports_open", "settled_at", "at"),
    )
