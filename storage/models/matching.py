"""What members offer and seek, in posts and in their profiles, and what fits each other."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, JsonList, Key, Word


class PostMatch(Base):
    """That an offer and a request are about the same. It goes with either post, and when an author is erased.

    Attributes:
        percent: how much of what one says is in the other, weighted by how telling the words are.
        words: what they have in common, as the new one of the two writes it.
        offer_told_at, request_told_at: when each author was told.
        offer_refused_at, request_refused_at: when each said that it is nothing for them.
    """

    __tablename__ = "post_matches"
    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    percent: Mapped[int]
    words: Mapped[JsonList]
    found_at: Mapped[datetime]
    offer_told_at: Mapped[datetime | None]
    request_told_at: Mapped[datetime | None]
    offer_refused_at: Mapped[datetime | None]
    request_refused_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("offer_id", "request_id"),
        Index("ix_post_matches_offer_told", "offer_told_at"),
        Index("ix_post_matches_request_told", "request_told_at"),
    )


class PostCompared(Base):
    """When a post was last compared with those that may fit it. It goes with the post."""

    __tablename__ = "posts_compared"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class ProfileMatch(Base):
    """That what somebody seeks is what somebody else offers, where at least one of the two says it in their profile.

    It goes with either person and with the post. When a profile is no longer shown, or no longer fits, a pair that
    nobody was told of goes; of the others only that they were told is left (``percent`` 0, no words), so that a profile
    that is shown again does not make the same two be told again.

    Attributes:
        key: the two sides (:func:`storage.queries.profile_matching.key_of`).
        request_id: the post in which it is sought; ``None`` for the seeker's profile.
        offer_id: the post in which it is offered; ``None`` for the offerer's profile.
        percent: how much of what one says is in the other, weighted by how telling the words are.
        words: what they have in common.
        seeker_told_at, offerer_told_at: when each was last told.
        seeker_refused_at, offerer_refused_at: when each said that it is nothing for them.
    """

    __tablename__ = "profile_matches"
    id: Mapped[Key]
    key: Mapped[Word] = mapped_column(unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    offerer_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    percent: Mapped[int]
    words: Mapped[JsonList]
    found_at: Mapped[datetime]
    seeker_told_at: Mapped[datetime | None]
    offerer_told_at: Mapped[datetime | None]
    seeker_refused_at: Mapped[datetime | None]
    offerer_refused_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_profile_matches_seeker", "seeker_id", "percent"),
        Index("ix_profile_matches_offerer", "offerer_id", "percent"),
        Index("ix_profile_matches_seeker_told", "seeker_told_at"),
        Index("ix_profile_matches_offerer_told", "offerer_told_at"),
    )


class ProfileCompared(Base):
    """When a profile was last compared; ``at`` is ``None`` when it has changed since. It goes with its person."""

    __tablename__ = "profiles_compared"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime | None]


class MatchRefusal(Base):
    """That a pair was nothing for somebody: what the choice of further pairs learns from. It goes with either person.

    Attributes:
        pair: which pair, whatever becomes of it: ``post:5`` or ``profile:7``.
        other_id: the other one of the pair, who is not told; ``None`` for whoever wrote a blind post.
        words: what the two had in common; such pairs weigh less for a while.
    """

    __tablename__ = "match_refusals"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    pair: Mapped[Word]
    words: Mapped[JsonList]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "pair"),)
