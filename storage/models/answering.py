"""What readers do with posts and answers: useful, saved, reminded, solved, reported."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import ReportOutcome, SubjectKind
from storage.models.base import Base, Key, Prose
from storage.models.people import Person
from storage.models.posts import Post


class PostVote(Base):
    """That somebody found a post useful."""

    __tablename__ = "post_votes"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


class AnswerVote(Base):
    """That somebody found an answer useful."""

    __tablename__ = "answer_votes"
    answer_id: Mapped[int] = mapped_column(ForeignKey("post_answers.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


class PostSave(Base):
    """That somebody has put a post aside to find it again."""

    __tablename__ = "post_saves"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_post_saves_person", "person_id", "at"),)


class PostReminder(Base):
    """That somebody wants to be reminded of a post; it goes once they were. ``day`` is by their own clock."""

    __tablename__ = "post_reminders"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    day: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]


class PostOutcome(Base):
    """What became of a question, as whoever asked it says: solved by an answer, or closed without one.

    It goes with the answer, after which the question is open again.
    """

    __tablename__ = "post_outcomes"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("post_answers.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime]


class ContentReport(Base):
    """A member's report to the staff about a post or an answer.

    Attributes:
        kind: a post or an answer.
        answer_id: empty for a post, and once the answer is gone.
        about_person_id: who wrote it.
        note: what the staff told its author when they removed it.
        outcome, settled_at, settled_by: what became of it, when and by whom; nobody where it went by itself.
    """

    __tablename__ = "content_reports"
    id: Mapped[Key]
    kind: Mapped[SubjectKind]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("post_answers.id", ondelete="SET NULL"), index=True)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    about_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    reason: Mapped[Prose]
    note: Mapped[Prose] = mapped_column(default="")
    outcome: Mapped[ReportOutcome | None]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    post: Mapped[Post] = relationship(lazy="raise")
    by_person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_person_id])
    about_person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[about_person_id])

    __table_args__ = (
        Index("ix_content_reports_open", "settled_at", "at"),
        Index(
            "uq_content_reports_post",
            "by_person_id",
            "post_id",
            unique=True,
            sqlite_where=text("kind = 'post'"),
            postgresql_where=text("kind = 'post'"),
        ),
        Index("uq_content_reports_answer", "by_person_id", "answer_id", unique=True),
    )
