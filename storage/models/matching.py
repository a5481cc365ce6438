"""Offers and requests that fit each other."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, JsonList, Key


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
