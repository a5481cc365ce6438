"""The audit log: what was decided, by whom, about whom. It is read, added to, and at the end of its time forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import SubjectKind
from storage.models import ActingSession, AuditEntry, Organisation, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are meant: those that meet every condition; an empty one is met by all.

    Attributes:
        person_id: decided by this person, or about them.
        kind: about this kind of thing.
        since: at that time or later.
    """

    person_id: int | None = None
    kind: SubjectKind | None = None
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same on :class:`~storage.models.AuditEntry`."""
        found: list[ColumnElement[bool]] = []
        if self.person_id is not None:
            found.append(
                or_(
                    AuditEntry.by_person_id == self.person_id,
                    and_(AuditEntry.subject_kind == SubjectKind.PERSON, AuditEntry.subject_id == self.person_id),
                )
            )
        if self.kind is not None:
            found.append(AuditEntry.subject_kind == self.kind)
        if self.since is not None:
            found.append(AuditEntry.at >= self.since)
        return found


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry with the names that belong to it; empty where there is none (any more)."""

    entry: AuditEntry
    by: str
    about: str
    acting_for: str


async def lines(session: AsyncSession, which: AuditFilter, *, offset: int = 0, most: int) -> list[AuditLine]:
    """Entries, the newest first."""
    by, about, acted_for = aliased(Person), aliased(Person), aliased(Person)
    statement = (
        select(AuditEntry, by.name, func.coalesce(about.name, Organisation.name), acted_for.name)
        .outerjoin(by, by.id == AuditEntry.by_person_id)
        .outerjoin(about, and_(AuditEntry.subject_kind == SubjectKind.PERSON, about.id == AuditEntry.subject_id))
        .outerjoin(
            Organisation,
            and_(AuditEntry.subject_kind == SubjectKind.ORGANISATION, Organisation.id == AuditEntry.subject_id),
        )
        .outerjoin(ActingSession, ActingSession.id == AuditEntry.acting_id)
        .outerjoin(acted_for, acted_for.id == ActingSession.person_id)
        .where(*which.conditions())
        .order_by(AuditEntry.id.desc())
        .offset(offset)
        .limit(most)
    )
    found = (await session.execute(statement)).all()
    return [AuditLine(entry, who or "", subject or "", principal or "") for entry, who, subject, principal in found]


async def count(session: AsyncSession, which: AuditFilter) -> int:
    """How many entries are meant."""
    statement = select(func.count()).select_from(AuditEntry).where(*which.conditions())
    return (await session.execute(statement)).scalar_one()


async def done_while_acting(session: AsyncSession, acting_id: int, action: str) -> Sequence[str]:
    """What was done in a session of acting for somebody, in words, in its order."""
    statement = (
        select(AuditEntry.reason)
        .where(AuditEntry.acting_id == acting_id, AuditEntry.action == action)
        .order_by(AuditEntry.id)
    )
    return (await session.execute(statement)).scalars().all()
