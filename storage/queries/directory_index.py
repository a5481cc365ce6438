"""The words by which members are found in the directory, kept in step with what they show.

Whatever changes a name, an organisation, a consent or what somebody shows marks them; the words follow by the same
commit. So what is taken back is out of the index before anybody can look for it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, delete, event, exists, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, joinedload

from storage.engine import BEFORE_COMMIT
from storage.enums import SubjectKind
from storage.models import Consent, DirectoryEntry, DirectoryWord, Organisation, Person
from storage.queries.dialect import insert_new
from storage.queries.directory import in_directory, shown_of
from storage.queries.search_index import reindex, unindex
from storage.search_words import STOP_WORDS, stems, words
from storage.sqlite_dialect import BESIDE

WEIGHTS: Mapping[str, int] = {"name": 8, "organisation": 4, "role": 3, "offers": 1, "seeks": 1}
"""How much a word counts by where it stands; the most where it stands in several places."""
MOST_AT_ONCE = 200
"""People whose words are written by the commit that changes them: about half a second. After a larger change, such as
an import, their words go by that commit and come back with the ticks (:func:`out_of_step`), so that nobody waits."""
BATCH = 1000
"""People in one statement."""
MARKED = "directory entries to index"
ORGANISATIONS = "organisations whose members to index"
OF_A_PERSON = ("name", "organisation_id", "organisation_claim", "job_title", "offers", "seeks", "status")


def _marks(session: Session, key: str) -> set[int]:
    found: set[int] = session.info.setdefault(key, set())
    return found


@event.listens_for(Session, "after_flush")
def _mark(session: Session, _: object) -> None:
    for row in (*session.new, *session.dirty):
        match row:
            case Person():
                if any(inspect(row).attrs[name].history.has_changes() for name in OF_A_PERSON):
                    _marks(session, MARKED).add(row.id)
            case Consent() | DirectoryEntry():
                _marks(session, MARKED).add(row.person_id)
            case Organisation():
                if inspect(row).attrs["name"].history.has_changes():
                    _marks(session, ORGANISATIONS).add(row.id)


async def follow_changes(session: AsyncSession) -> None:
    """Index again who was marked in this session."""
    people: set[int] = session.info.pop(MARKED, set())
    organisations: set[int] = session.info.pop(ORGANISATIONS, set())
    if organisations:
        found = await session.execute(select(Person.id).where(Person.organisation_id.in_(organisations)))
        people |= set(found.scalars())
    if len(people) > MOST_AT_ONCE:
        await forget_people(session, people)
        await unindex(session, SubjectKind.PERSON, people)
    elif people:
        await index_people(session, people)
        await reindex(session, SubjectKind.PERSON, people)


BEFORE_COMMIT.append(follow_changes)


async def forget_people(session: AsyncSession, people: Collection[int]) -> None:
    """Take these people out of the index."""
    ids = sorted(people)
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        await session.execute(delete(DirectoryWord).where(DirectoryWord.person_id.in_(chunk)))


async def index_people(session: AsyncSession, people: Collection[int]) -> None:
    """Bring the words of these people up to date: those of what they show, or none."""
    ids = list(people)
    await session.execute(delete(DirectoryWord).where(DirectoryWord.person_id.in_(ids)))
    found = await session.execute(
        select(Person, DirectoryEntry)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(Person.id.in_(ids), *in_directory())
        .options(joinedload(Person.organisation))
        .execution_options(populate_existing=True)
    )
    rows: list[dict[str, Any]] = []
    for person, entry in found:
        weights = _weights(shown_of(person, entry).searched())
        rows += [{"person_id": person.id, "word": word, "weight": weight} for word, weight in weights.items()]
    if rows:
        await insert_new(session, DirectoryWord, rows, unique=["person_id", "word"], key=None)


def _weights(shown: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Each word as it is written, folded, and its stems in all languages: nobody says in which a profile is."""
    found: dict[str, int] = {}
    for field, text in shown:
        for word in words(text):
            if word in STOP_WORDS and field != "name":
                continue
            for form in {word, *stems(word)}:
                found[form] = max(found.get(form, 0), WEIGHTS[field])
    return found


async def out_of_step(session: AsyncSession, *, most: int) -> list[int]:
    """People who are in the directory and not in the index, or in the index alone: after changes made around it."""
    indexed = exists().where(DirectoryWord.person_id == Person.id)
    missing = select(Person.id).where(*in_directory(), Person.name != "", ~indexed)
    beyond = select(Person.id).where(indexed, ~and_(*in_directory()))
    found = [
        (await session.execute(one.limit(most).execution_options(**BESIDE))).scalars() for one in (missing, beyond)
    ]
    return [person for people in found for person in people]
