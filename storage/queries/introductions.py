"""Requests to be introduced: what is open, what is due, what was said between two people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, joinedload

from storage.enums import IntroductionStatus
from storage.models import Introduction, Person, PersonReport

UNANSWERED = (IntroductionStatus.OPEN, IntroductionStatus.DECLINED)
"""What is without an answer for whoever asked, until it ends: they are not told that it was declined."""
ENDS = (*UNANSWERED, IntroductionStatus.EXPIRED)
"""Of whose end the asker is told, once."""
MOST = 200
"""Looked at in one go."""

WHOLE = (
    joinedload(Introduction.asker).joinedload(Person.organisation),
    joinedload(Introduction.asked).joinedload(Person.organisation),
)


async def find(session: AsyncSession, introduction_id: int, *, hold: bool = False) -> Introduction | None:
    """A request with both people and their organisations; ``hold`` keeps others from deciding on it meanwhile."""
    if hold:
        await session.get(Introduction, introduction_id, with_for_update=True)
    statement = (
        select(Introduction)
        .where(Introduction.id == introduction_id)
        .options(*WHOLE)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def unanswered(session: AsyncSession, asker_id: int, asked_id: int, now: datetime) -> Introduction | None:
    """What one person asked of another and is still without an answer for them."""
    statement = (
        select(Introduction)
        .where(
            Introduction.asker_id == asker_id,
            Introduction.asked_id == asked_id,
            Introduction.status.in_(UNANSWERED),
            Introduction.expires_at > now,
        )
        .options(*WHOLE)
        .order_by(Introduction.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def last_asked(session: AsyncSession, asker_id: int, asked_id: int) -> Introduction | None:
    """The latest of one person's requests to another."""
    statement = (
        select(Introduction)
        .where(Introduction.asker_id == asker_id, Introduction.asked_id == asked_id)
        .order_by(Introduction.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def expire_between(session: AsyncSession, one: int, other: int, now: datetime) -> None:
    """Let no request whose time is over count as open between two people."""
    await session.execute(
        update(Introduction)
        .where(
            Introduction.first_id == min(one, other),
            Introduction.second_id == max(one, other),
            Introduction.status == IntroductionStatus.OPEN,
            Introduction.expires_at <= now,
        )
        .values(status=IntroductionStatus.EXPIRED)
        .execution_options(synchronize_session=False)
    )


async def count_unanswered(session: AsyncSession, asker_id: int, now: datetime) -> int:
    """How many requests of a person are without an answer for them."""
    statement = (
        select(func.count())
        .select_from(Introduction)
        .where(
            Introduction.asker_id == asker_id,
            Introduction.status.in_(UNANSWERED),
            Introduction.expires_at > now,
        )
    )
    return (await session.execute(statement)).scalar_one()


async def introduced(session: AsyncSession, one: int, other: int) -> bool:
    """Whether two people were introduced."""
    pair = {"first_id": min(one, other), "second_id": max(one, other)}
    statement = select(Introduction.id).filter_by(**pair, status=IntroductionStatus.ACCEPTED).limit(1)
    return (await session.execute(statement)).first() is not None


async def of_person(session: AsyncSession, person_id: int, now: datetime, *, most: int) -> Sequence[Introduction]:
    """A person's requests and those to them: what waits first, then the latest that came to something."""
    to_answer: ColumnElement[bool] = and_(
        Introduction.asked_id == person_id,
        Introduction.status == IntroductionStatus.OPEN,
        Introduction.expires_at > now,
    )
    asked: ColumnElement[bool] = and_(
        Introduction.asker_id == person_id, Introduction.status.in_(UNANSWERED), Introduction.expires_at > now
    )
    made: ColumnElement[bool] = and_(
        or_(Introduction.asker_id == person_id, Introduction.asked_id == person_id),
        Introduction.status == IntroductionStatus.ACCEPTED,
    )
    statement = (
        select(Introduction)
        .where(or_(to_answer, asked, made))
        .options(*WHOLE)
        .order_by(to_answer.desc(), made, Introduction.id.desc())
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def count_to_answer(session: AsyncSession, person_id: int, now: datetime) -> int:
    """How many requests wait for a person's answer."""
    statement = (
        select(func.count())
        .select_from(Introduction)
        .where(
            Introduction.asked_id == person_id,
            Introduction.status == IntroductionStatus.OPEN,
            Introduction.expires_at > now,
        )
    )
    return (await session.execute(statement)).scalar_one()


async def ended(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Requests whose time is over and whose asker has not been told; at most :data:`MOST`."""
    statement = (
        select(Introduction.id)
        .where(
            Introduction.told_at.is_(None),
            Introduction.expires_at <= now,
            Introduction.status.in_(ENDS),
        )
        .order_by(Introduction.expires_at, Introduction.id)
        .limit(MOST)
    )
    return (await session.execute(statement)).scalars().all()


async def to_remind(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Open requests whose asked person wanted to be reminded by now; at most :data:`MOST`."""
    statement = (
        select(Introduction.id)
        .where(
            Introduction.status == IntroductionStatus.OPEN,
            Introduction.remind_at <= now,
            Introduction.expires_at > now,
        )
        .order_by(Introduction.remind_at, Introduction.id)
        .limit(MOST)
    )
    return (await session.execute(statement)).scalars().all()


# Reports


async def find_report(session: AsyncSession, report_id: int, *, hold: bool = False) -> PersonReport | None:
    """A report."""
    return await session.get(PersonReport, report_id, with_for_update=True if hold else None)


async def report_with_names(
    session: AsyncSession, report_id: int
) -> tuple[PersonReport, Person, Person, Introduction] | None:
    """A report, who made it, about whom, and the request that it is about."""
    about = aliased(Person)
    statement = (
        select(PersonReport, Person, about, Introduction)
        .join(Person, Person.id == PersonReport.by_person_id)
        .join(about, about.id == PersonReport.about_person_id)
        .join(Introduction, Introduction.id == PersonReport.introduction_id)
        .where(PersonReport.id == report_id)
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else (found[0], found[1], found[2], found[3])


async def open_reports(session: AsyncSession, *, most: int) -> Sequence[tuple[int, str, datetime]]:
    """Reports that nobody has dealt with, the oldest first: id, about whom, since when."""
    statement = (
        select(PersonReport.id, Person.name, PersonReport.at)
        .join(Person, Person.id == PersonReport.about_person_id)
        .where(PersonReport.settled_at.is_(None))
        .order_by(PersonReport.at, PersonReport.id)
        .limit(most)
    )
    return [(key, name, at) for key, name, at in await session.execute(statement)]


async def count_reports(session: AsyncSession) -> int:
    """How many reports nobody has dealt with."""
    statement = select(func.count()).select_from(PersonReport).where(PersonReport.settled_at.is_(None))
    return (await session.execute(statement)).scalar_one()


# Where both said yes elsewhere


async def make(
    session: AsyncSession, asker: tuple[int, str], asked: tuple[int, str], message: str, now: datetime
) -> Introduction:
    """Introduce two people who both said yes, or find that they are; each with their id and what they hand over.

    Who calls this holds both people.
    """
    (asker_id, asker_contact), (asked_id, asked_contact) = asker, asked
    pair = {"first_id": min(asker_id, asked_id), "second_id": max(asker_id, asked_id)}
    known = select(Introduction).filter_by(**pair, status=IntroductionStatus.ACCEPTED).limit(1)
    row = (await session.execute(known)).scalar_one_or_none()
    if row is None:
        row = Introduction(
            asker_id=asker_id, asked_id=asked_id, **pair, message=message, status=IntroductionStatus.ACCEPTED,
            asker_contact=asker_contact, asked_contact=asked_contact, created_at=now, expires_at=now, answered_at=now,
        )  # fmt: skip
        session.add(row)
    elif row.asker_id == asker_id:  # what they hand over now is what they want to be reached by
        row.asker_contact, row.asked_contact = asker_contact, asked_contact
    else:
        row.asker_contact, row.asked_contact = asked_contact, asker_contact
    await session.flush()
    return row
