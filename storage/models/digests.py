"""What a digest has told whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import SubjectKind
from storage.models.base import Base, JsonDict, Key, Word


class DigestMention(Base):
    """That a digest named something to a person, so that no later one names it as new.

    An event or a mission may be new to somebody long after it was published: to a member who has just joined, or when
    a mission opens long after it was drafted. So what counts is not when it came but whether they were told.
    """

    __tablename__ = "digest_mentions"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[SubjectKind] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class DigestItem(Base):
    """A notice that its reader wants in the digest: what the outbox would have sent at once.

    It goes with its person when they are erased.

    Attributes:
        kind, data: as in the outbox; it is drawn when the digest is.
        told_at: when a digest named it.
    """

    __tablename__ = "digest_items"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[Word]
    data: Mapped[JsonDict]
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_digest_items_waiting", "person_id", "told_at"),)
