"""Who is interested in posts without a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import InterestState
from storage.models.base import Base, Key, Line, Prose
from storage.models.people import Person
from storage.models.posts import Post


class BlindInterest(Base):
    """That somebody would like to meet whoever wrote a blind post; one for each of the two. It goes with either.

    Once both say yes they are introduced like any two members: :class:`storage.models.Introduction`.

    Attributes:
        about: what the author learns of them before both say yes, as they wrote or confirmed it.
        message: a word to the author; empty without one.
        contact: what they hand over when both said yes; empty for their account here.
        shows_name: they let the author read their name at once.
        at: when they last said so.
        remind_at: when the author, who has not answered, is reminded.
        expires_at: when it ends without an answer.
        introduction_id: the introduction that came of it.
    """

    __tablename__ = "blind_interests"
    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    about: Mapped[Line]
    message: Mapped[Prose] = mapped_column(default="")
    contact: Mapped[Line] = mapped_column(default="")
    shows_name: Mapped[bool] = mapped_column(default=False)
    state: Mapped[InterestState] = mapped_column(default=InterestState.OPEN)
    at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    introduction_id: Mapped[int | None] = mapped_column(ForeignKey("introductions.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person] = relationship(lazy="raise")
    post: Mapped[Post] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("post_id", "person_id"),
        Index("ix_blind_interests_ends", "state", "expires_at"),
        Index("ix_blind_interests_reminds", "state", "remind_at"),
    )
