"""What digests have learnt from their readers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Word


class DigestLesson(Base):
    """That somebody wanted less like a post: one row for each thing that the post was about.

    How many rows a topic has is how much less of it they want; it fades as the rows run out.

    Attributes:
        topic: its key (:mod:`storage.post_topics`).
    """

    __tablename__ = "digest_lessons"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Word] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_digest_lessons_topic", "topic"), Index("ix_digest_lessons_post", "post_id"))
