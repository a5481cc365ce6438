"""Know-how posts and who has seen them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import Locale, PartneringProfile, PostStatus, PostVisibility
from storage.models.base import Base, JsonDict, JsonList, Key, Line, Prose, Word
from storage.models.groups import WorkingGroup
from storage.models.missions import Mission
from storage.models.people import Person, Sector


class PostKind(Base):
    """A kind of post: data that staff may change.

    Attributes:
        has_deadline: that a post of this kind needs one.
        valid_months: after how many months its author is asked whether it still holds; 0: never.
        profile: as what its posts go to the Enterprise Europe Network; ``None``: not at all.
    """

    __tablename__ = "post_kinds"
    id: Mapped[Key]
    key: Mapped[Word] = mapped_column(unique=True)
    name_it: Mapped[Line]
    name_en: Mapped[Line]
    has_deadline: Mapped[bool] = mapped_column(default=False)
    valid_months: Mapped[int] = mapped_column(default=0)
    profile: Mapped[PartneringProfile | None]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Post(Base):
    """A piece of know-how.

    Attributes:
        attachment: a form's FILE value, or empty.
        visibility: who may read it; ``audience`` says which group or mission.
        reason: why it was rejected or removed, or what is to be changed.
        to_check: published, and a moderator is to look at it (again).
        edited_at: when it was last changed after it was published.
        valid_until: when it is closed unless its author says that it still holds; ``None``: never.
        asked_at: when they were asked.
        blind: published without a name: who reads whose it is, ``storage.queries.post_authors`` says.
    """

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
    deadline: Mapped[datetime | None] = mapped_column(index=True)
    attachment: Mapped[JsonDict] = mapped_column(default=dict)
    status: Mapped[PostStatus]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Prose] = mapped_column(default="")
    visibility: Mapped[PostVisibility] = mapped_column(default=PostVisibility.COMMUNITY)
    to_check: Mapped[bool] = mapped_column(default=False)
    edited_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    blind: Mapped[bool] = mapped_column(default=False)

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    kind: Mapped[PostKind] = relationship(lazy="raise")
    sector: Mapped[Sector | None] = relationship(lazy="raise")
    audience: Mapped["PostAudience | None"] = relationship(lazy="raise", viewonly=True)

    __table_args__ = (
        Index("ix_posts_published", "status", "published_at"),
        Index("ix_posts_valid_until", "valid_until"),
    )


class PostAudience(Base):
    """Which working group or mission a post is for, where its visibility says so. It goes with the post.

    Where the group or the mission is gone, only the author and the moderators are left.
    """

    __tablename__ = "post_audiences"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("working_groups.id", ondelete="CASCADE"), index=True)
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"), index=True)

    group: Mapped[WorkingGroup | None] = relationship(lazy="raise")
    mission: Mapped[Mission | None] = relationship(lazy="raise")


class PostRevision(Base):
    """What a post said before it was changed, for its author and the moderators. It goes with the post.

    Attributes:
        was: the values of the columns that were changed, by name, in JSON's types.
    """

    __tablename__ = "post_revisions"
    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    was: Mapped[JsonDict]

    editor: Mapped[Person | None] = relationship(lazy="raise")


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
    created_at: Mapped[datetime] = mapped_column(index=True)
    edited_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")
    post: Mapped[Post] = relationship(lazy="raise")
