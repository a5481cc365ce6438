"""Working groups: members who share some of their know-how with each other alone."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, Key, Line, Prose
from storage.models.people import Person


class WorkingGroup(Base):
    """A working group, which the staff keep.

    Attributes:
        is_open: whether a member joins by themselves; otherwise the staff add them.
        retired_at: since when nothing new is shared with it; what was stays readable for its members.
    """

    __tablename__ = "working_groups"
    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(unique=True)
    about: Mapped[Prose] = mapped_column(default="")
    is_open: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class GroupMember(Base):
    """That somebody belongs to a working group. It goes with the person."""

    __tablename__ = "group_members"
    group_id: Mapped[int] = mapped_column(ForeignKey("working_groups.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
