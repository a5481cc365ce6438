"""Profiles that are to be compared again, and pairs of those no longer shown: both follow by the same commit.

So what somebody takes back is out of the pairs before anybody can look at them.
"""

from sqlalchemy import ColumnElement, and_, delete, event, inspect, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from storage.engine import BEFORE_COMMIT
from storage.enums import ConsentPurpose
from storage.models import Consent, DirectoryEntry, Person, ProfileCompared, ProfileMatch
from storage.queries.directory import in_directory, pointed_out

MARKED = "profiles to compare"
OF_A_PERSON = ("offers", "seeks", "status", "organisation_id")
BATCH = 1000
"""People in one statement."""
OUTSIDE = {"synchronize_session": False}


@event.listens_for(Session, "after_flush")
def _mark(session: Session, _: object) -> None:
    marked: set[int] = session.info.setdefault(MARKED, set())
    for row in (*session.new, *session.dirty):
        match row:
            case Person():
                if any(inspect(row).attrs[name].history.has_changes() for name in OF_A_PERSON):
                    marked.add(row.id)
            case Consent(purpose=ConsentPurpose.DIRECTORY) | DirectoryEntry():
                marked.add(row.person_id)


async def follow_changes(session: AsyncSession) -> None:
    """Have the profiles that were marked in this session compared again, and forget the pairs of those not shown."""
    people = sorted(session.info.pop(MARKED, ()))
    for start in range(0, len(people), BATCH):
        chunk = people[start : start + BATCH]
        again = update(ProfileCompared).where(ProfileCompared.person_id.in_(chunk)).values(at=None)
        await session.execute(again.execution_options(**OUTSIDE))
        shown = (
            select(Person.id)
            .join(DirectoryEntry, DirectoryEntry.person_id == Person.id)
            .where(Person.id.in_(chunk), DirectoryEntry.shows_offers, *in_directory(), pointed_out())
        )
        hidden = set(chunk) - set((await session.execute(shown)).scalars())
        if hidden:
            await forget(session, of_profiles(sorted(hidden)))


BEFORE_COMMIT.append(follow_changes)


def of_profiles(people: list[int]) -> ColumnElement[bool]:
    """The pairs in which one of these profiles is a side; not those of their posts."""
    return or_(
        and_(ProfileMatch.seeker_id.in_(people), ProfileMatch.request_id.is_(None)),
        and_(ProfileMatch.offerer_id.in_(people), ProfileMatch.offer_id.is_(None)),
    )


async def forget(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Delete pairs; of one that somebody was told of, or refused, only that is kept, so that it is not told again."""
    done = (
        ProfileMatch.seeker_told_at,
        ProfileMatch.offerer_told_at,
        ProfileMatch.seeker_refused_at,
        ProfileMatch.offerer_refused_at,
    )
    untouched = and_(*(moment.is_(None) for moment in done))
    await session.execute(delete(ProfileMatch).where(which, untouched).execution_options(**OUTSIDE))
    emptied = update(ProfileMatch).where(which, ProfileMatch.percent > 0).values(percent=0, words=[])
    await session.execute(emptied.execution_options(**OUTSIDE))
