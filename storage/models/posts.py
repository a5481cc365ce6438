"""Know-how posts and who has seen them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import Locale, PostStatus
from storage.models.base import Base, JsonDict, JsonList, Key, Line, Prose, Word
from storage.models.people import Person, Sector


class PostKind(Base):
    """A kind of post: data that staff may change."""

    __tablename__ = "post_kinds"
    id: Mapped[Key]
    key: Mapped[Word] = mapped_column(unique=True)
    name_it: Mapped[Line]
    name_en: Mapped[Line]
    has_deadline: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Post(Base):
    """A piece of know-how. ``attachment`` is a form's FILE value, or empty."""

    __tablename__ = "posts"
    id: Mapped[Key]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("post_kinds.id"))
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sectors.id"))
    title: Mapped[Line]
    body: Mapped[Prose]
    topics: Mapped[JsonList] = mapped_column(default=list)
    language: Mapped[Locale]
    link: Mapped[Prose] = mapped_column(default="")
    deadline: Mapped[datetime | None]
    attachment: Mapped[JsonDict] = mapped_column(default=dict)
    status: Mapped[PostStatus]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Prose] = mapped_column(default="")

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    kind: Mapped[PostKind] = relationship(lazy="raise")
    sector: Mapped[Sector | None] = relationship(lazy="raise")

    __table_args__ = (Index("ix_posts_published", "status", "published_at"), Index("ix_posts_deadline", "deadline"))


class PostReading(Base):
    """That a person opened a post, so that a digest leaves it out."""

    __tablename__ = "post_readings"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_post_readings_person", "person_id", "at"),)


class PostAnswer(Base):
    """An answer below a post."""

    __tablename__ = "post_answers"
    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    body: Mapped[Prose]
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise")
