"""Keeping the search up to date: one call after whatever changes a thing, and what finds those that were missed."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, case, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import SubjectKind
from storage.models import SearchEntry, SearchEntryTopic, SearchTopic, SearchWord
from storage.queries.dialect import insert_new, is_postgres
from storage.queries.search_kinds import KINDS, Document
from storage.search_words import VERSION, fold, stems_of_text
from storage.sqlite_dialect import BESIDE

BATCH = 200
"""Things that are looked at and written together."""
EVERY_ENTRY = ""
"""The stem that counts all entries."""
EVERY_SECTOR = "*"
"""What stands for all sectors; more of them than fit into the column are as good as all."""
TOPIC_LENGTH, SECTORS_LENGTH = 80, 80

Item = TypeVar("Item")


def _portions(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


async def reindex(session: AsyncSession, kind: SubjectKind, ids: Collection[int]) -> None:
    """Bring what the search knows of these things up to date, whatever became of them: shown, changed, hidden, gone.

    What belongs to them comes with them: the answers below a post.
    """
    await session.flush()
    for some in _portions(sorted(ids)):
        documents = await KINDS[kind].documents(session, some)
        await unindex(session, kind, [one for one in some if one not in documents])
        await write_documents(session, kind, documents)
        if (parts := KINDS[kind].parts) is not None:
            part, theirs = parts
            await reindex(session, part, (await session.execute(theirs(some))).scalars().all())


async def unindex(session: AsyncSession, kind: SubjectKind, ids: Collection[int]) -> None:
    """Let these things be found no more, and forget the words that only they had.

    There may be any number of them: a statement is given some, since PostgreSQL takes at most 32,767 arguments.
    """
    await session.flush()
    counted: Counter[str] = Counter()
    topics: set[int] = set()
    for some in _portions(sorted(ids)):
        these = SearchEntry.kind == kind, SearchEntry.subject_id.in_(some)
        theirs = SearchEntryTopic.entry_id.in_(select(SearchEntry.id).where(*these))
        topics |= set((await session.execute(select(SearchEntryTopic.topic_id).where(theirs).distinct())).scalars())
        gone = await session.execute(
            delete(SearchEntry)
            .where(*these)
            .returning(SearchEntry.title, SearchEntry.topics, SearchEntry.body)
            .execution_options(synchronize_session="fetch")
        )
        for texts in gone.all():
            counted.subtract({EVERY_ENTRY, *" ".join(texts).split()})
    await _count(session, counted, {})
    unused = ~exists().where(SearchEntryTopic.topic_id == SearchTopic.id)
    for some in _portions(sorted(topics), 500):
        of_nobody = delete(SearchTopic).where(SearchTopic.id.in_(some), unused)
        await session.execute(of_nobody.execution_options(synchronize_session=False))


async def write_documents(session: AsyncSession, kind: SubjectKind, documents: Mapping[int, Document]) -> None:
    """Write the entries of these things, with their words and topics."""
    if not documents:
        return
    known = {
        entry.subject_id: entry
        for entry in (
            await session.execute(
                select(SearchEntry)
                .where(SearchEntry.kind == kind, SearchEntry.subject_id.in_(list(documents)))
                .execution_options(populate_existing=True)
            )
        ).scalars()
    }
    counted: Counter[str] = Counter()
    examples: dict[str, str] = {}
    added = []
    for subject_id, document in documents.items():
        values = _values(document, examples)
        entry = known.get(subject_id)
        counted.update({EVERY_ENTRY, *_stems(values)})
        if entry is None:
            added.append({"kind": kind, "subject_id": subject_id, **values})
            continue
        counted.subtract({EVERY_ENTRY, *_stems({name: getattr(entry, name) for name in ("title", "topics", "body")})})
        for name, value in values.items():
            setattr(entry, name, value)
    await session.flush()
    if added:
        await session.execute(insert(SearchEntry), added)
    await _count(session, counted, examples)
    await _label(session, kind, documents, was_there=bool(known))


def _stems(values: Mapping[str, Any]) -> list[str]:
    return f"{values['title']} {values['topics']} {values['body']}".split()


def _values(document: Document, examples: dict[str, str]) -> dict[str, Any]:
    """The columns of an entry, but for what it is about."""
    texts = {}
    for name, written in (("title", document.title), ("topics", "\n".join(document.topics)), ("body", document.body)):
        stems, words = stems_of_text(written)
        texts[name] = " ".join(stems)
        for stem, word in words.items():
            examples.setdefault(stem, word)
    sectors = f",{','.join(str(one) for one in document.sectors)}," if document.sectors else ""
    if document.sectors is None or len(sectors) > SECTORS_LENGTH:
        sectors = EVERY_SECTOR
    return {
        "audience": document.audience,
        "version": VERSION,
        "subkind": document.subkind,
        "sectors": sectors,
        "language": document.language,
        "owner_id": document.owner_id,
        "at": document.at,
        "until": document.until,
        "useful": document.useful,
        **texts,
    }


async def _count(session: AsyncSession, counted: Counter[str], examples: Mapping[str, str]) -> None:
    """Add to how many entries have each stem.

    In the order of the stems, so that two who publish at the same time wait for each other instead of for ever.
    """
    changes = sorted((stem, number) for stem, number in counted.items() if number)
    dialect: Any = postgresql if is_postgres(session) else sqlite
    table = SearchWord.__table__
    statement = dialect.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=["stem"],
        set_={
            "documents": table.c.documents + statement.excluded.documents,
            # A wording that was forgotten with its author is learnt from the next who uses the word.
            "example": case((table.c.example == table.c.stem, statement.excluded.example), else_=table.c.example),
        },
    )
    rows = [{"stem": stem, "documents": number, "example": examples.get(stem, stem)[:80]} for stem, number in changes]
    if rows:
        await session.execute(statement, rows)
    fewer = [stem for stem, number in changes if number < 0]
    for some_stems in _portions(fewer, 500):
        await session.execute(delete(SearchWord).where(SearchWord.stem.in_(some_stems), SearchWord.documents <= 0))


async def _label(
    session: AsyncSession, kind: SubjectKind, documents: Mapping[int, Document], *, was_there: bool
) -> None:
    """Write which topics each entry has."""
    entries = dict(
        (
            await session.execute(
                select(SearchEntry.subject_id, SearchEntry.id).where(
                    SearchEntry.kind == kind, SearchEntry.subject_id.in_(list(documents))
                )
            )
        ).all()
    )
    if was_there:
        old = delete(SearchEntryTopic).where(SearchEntryTopic.entry_id.in_(list(entries.values())))
        await session.execute(old.execution_options(synchronize_session=False))
    names: dict[str, str] = {}
    for document in documents.values():
        for topic in document.topics:
            folded = " ".join(fold(topic).split())[:TOPIC_LENGTH]
            if folded:
                names.setdefault(folded, topic)
    if not names:
        return
    rows = [{"folded": folded, "name": name} for folded, name in sorted(names.items())]
    await insert_new(session, SearchTopic, rows, unique=["folded"], key=None)
    wanted = select(SearchTopic.folded, SearchTopic.id).where(SearchTopic.folded.in_(list(names)))
    ids = dict((await session.execute(wanted)).all())
    pairs = {
        (entries[subject_id], ids[folded])
        for subject_id, document in documents.items()
        for topic in document.topics
        if (folded := " ".join(fold(topic).split())[:TOPIC_LENGTH]) in ids
    }
    labels = [{"entry_id": entry, "topic_id": topic} for entry, topic in sorted(pairs)]
    await insert_new(session, SearchEntryTopic, labels, unique=["entry_id", "topic_id"], key=None)


async def set_useful(session: AsyncSession, kind: SubjectKind, subject_id: int, votes: int) -> None:
    """Say how many found something useful; nothing happens when it cannot be found."""
    await session.execute(
        update(SearchEntry)
        .where(SearchEntry.kind == kind, SearchEntry.subject_id == subject_id)
        .values(useful=votes)
        .execution_options(synchronize_session=False)
    )


async def missed(session: AsyncSession, most: int = BATCH) -> list[tuple[SubjectKind, Sequence[int]]]:
    """Things that the search should know and does not, knows by an older analysis, or should have forgotten.

    After an update all of them are; otherwise only what was changed around the program. At most so many.
    """
    left = most
    found: list[tuple[SubjectKind, Sequence[int]]] = []
    for kind, findable in KINDS.items():
        of_kind = select(SearchEntry.subject_id).where(SearchEntry.kind == kind)
        (subject,) = findable.findable.selected_columns
        missing: Select[Any] = findable.findable.where(
            ~exists().where(SearchEntry.kind == kind, SearchEntry.subject_id == subject)
        )
        old = of_kind.where(SearchEntry.version != VERSION).order_by(SearchEntry.id)
        stray = of_kind.where(SearchEntry.subject_id.not_in(findable.findable.order_by(None)))
        for wanted in (missing, old, stray):
            if left > 0:
                ids = (await session.execute(wanted.limit(left).execution_options(**BESIDE))).scalars().all()
                found += [(kind, ids)] if ids else []
                left -= len(ids)
    return found


async def index_all(session: AsyncSession) -> None:
    """Index everything that is missed, in one transaction: for a store that was just filled."""
    while some := await missed(session):
        for kind, ids in some:
            await reindex(session, kind, ids)
