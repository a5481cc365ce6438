"""Who may know the answer to a question, and was asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import ExpertState
from storage.models.base import Base, JsonList, Key
from storage.models.people import Person


class ExpertRound(Base):
    """That those who may know are asked about a question, a few at a time. It goes with the question.

    Attributes:
        begun_by: who wanted it: whoever asked the question, or a moderator.
        next_at: when to look again whether somebody else is to be asked.
        stopped_at: since when nobody else is asked.
    """

    __tablename__ = "expert_rounds"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    begun_at: Mapped[datetime]
    next_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_expert_rounds_due", "stopped_at", "next_at"),)


class ExpertAsk(Base):
    """That somebody was asked about a question, or is to be asked next.

    Attributes:
        reasons: why they may know, each as :class:`storage.queries.expertise.Reason` writes it.
        named_by_id: who said that they may know.
        at: when they were first thought of.
        asked_at: when they were asked.
        until: how long their place is kept for them.
    """

    __tablename__ = "expert_asks"
    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    state: Mapped[ExpertState]
    reasons: Mapped[JsonList] = mapped_column(default=list)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    until: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    named_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[named_by_id])

    __table_args__ = (
        UniqueConstraint("post_id", "person_id"),
        Index("ix_expert_asks_person", "person_id", "asked_at"),
        Index("ix_expert_asks_at", "at"),
    )
