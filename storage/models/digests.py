"""What a digest has told whom."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import SubjectKind
from storage.models.base import Base


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
