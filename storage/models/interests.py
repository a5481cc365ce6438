"""What people are interested in."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class PersonInterest(Base):
    """A topic in a person's profile. How much news of it they want is another matter (:class:`PersonTopic`).

    It goes with the person.
    """

    __tablename__ = "person_interests"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True)
