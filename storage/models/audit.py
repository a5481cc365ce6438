"""Who decided what about whom, and why. Rows are only added."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import SubjectKind
from storage.models.base import Base, Key, Prose, Word


class AuditEntry(Base):
    """One decision of the staff."""

    __tablename__ = "audit"
    id: Mapped[Key]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    action: Mapped[Word]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    reason: Mapped[Prose] = mapped_column(default="")

    __table_args__ = (Index("ix_audit_subject", "subject_kind", "subject_id"),)
