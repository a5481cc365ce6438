"""Who decided what about whom, and why. Rows are only added."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import SubjectKind
from storage.models.base import Base, Key, Prose, Word


class AuditEntry(Base):
    """One decision of the staff, or one thing that they did for somebody else.

    Triggers on both databases refuse every change but two: a person's id may become empty (erasure deletes the row it
    points to), and an entry may be anonymised: names in its reason replaced or all of it emptied, its subject's number
    kept or set to 0, and ``anonymised`` turned on, in one statement. Only an entry without a reason that was anonymised
    can be deleted, when its time is over. :mod:`storage.queries.audit` has both.

    Attributes:
        by_person_id: who; empty for the command line, the program itself and people who were erased.
        subject_kind, subject_id: about what or whom.
        reason: in the words of who decided.
        anonymised: that names were taken out of it, for an erasure or because its time is over.
        acting_id: the :class:`~storage.models.ActingSession` in which it was done for somebody else. No foreign key:
            sessions are forgotten before entries are.
    """

    __tablename__ = "audit"
    id: Mapped[Key]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    action: Mapped[Word]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    reason: Mapped[Prose] = mapped_column(default="")
    anonymised: Mapped[bool] = mapped_column(default=False)
    acting_id: Mapped[int | None]

    __table_args__ = (
        Index("ix_audit_subject", "subject_kind", "subject_id"),
        Index("ix_audit_by", "by_person_id", "id"),
        Index("ix_audit_acting", "acting_id"),
    )
