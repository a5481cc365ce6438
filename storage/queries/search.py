"""The one search, over things of every kind and for one reader: the same answers on both databases.

The database says which entries hold what was asked for, as far as this reader may find them; the newest of them, and
the newest that have it in the title, are then ranked by :mod:`storage.search_ranking`. So a word that is in a third of
all posts costs no more than one in a thousand. Whether the thing itself is visible is asked of its own table again,
before anything is counted, ranked or suggested.

Where few things hold all that was asked for, those that hold most of it are added; a word that is nowhere stands for
those one typing slip away. Whatever a person types is safe: only its letters and digits reach the database.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import and_, bindparam, cast, column, exists, func, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY as TSQUERY_TYPE
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from storage.enums import Locale, SubjectKind
from storage.models import SearchEntry, SearchEntryTopic, SearchTopic, SearchWord
from storage.queries.dialect import among, is_postgres
from storage.queries.post_authors import kept_unnamed
from storage.queries.search_index import EVERY_ENTRY, EVERY_SECTOR
from storage.queries.search_kinds import KINDS, Reader, parts_of_others
from storage.search_query import (
    CORRECTED,
    FTS5,
    SLIP_FROM,
    TSQUERY,
    Concept,
    Looked,
    Way,
    concepts,
    forms_of_one,
    one_slip_away,
    possible_stems,
)
from storage.search_ranking import LEAST_COVERED, LEAST_OF_BEST, LONG, UNKNOWN, Ranking, Scored, Standing, Text, idf
from storage.search_schema import DOCUMENT_COLUMN, FTS_TABLE, TITLE_COLUMN
from storage.search_words import stems
from storage.sqlite_dialect import BESIDE

CANDIDATES = 400
"""The newest entries that hold what was asked for and are ranked."""
TITLE_CANDIDATES = 200
"""The newest that have it in the title, ranked as well where there are more than ``CANDIDATES``."""
ENOUGH = 10
"""Things found below which those that hold only most of what was asked for are added."""
TELLING = 6
"""The rarest concepts of a long question, of which two or one may be enough."""
MOST_CORRECTED = 3
"""Words of a query for which neighbours are looked for."""
MOST_NEAR = 3
"""Neighbours of one word."""
RARE = 20
"""Entries with a word below which it is asked whether this reader may see any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is left of what was found.

    Attributes:
        kind, subkind: only things of that sort.
        sector_id: only of that sector; what is of all sectors stays.
        topic_id: only with that topic.
        language: only what can be read in it.
        still_open: only what is not over and still valid.
        mine: only the reader's own.
    """

    kind: SubjectKind | None = None
    subkind: int = 0
    sector_id: int = 0
    topic_id: int = 0
    language: Locale | None = None
    still_open: bool = False
    mine: bool = False


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. ``score``: higher fits better; comparable within one search only."""

    kind: SubjectKind
    subject_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search.

    Attributes:
        total: of all pages.
        more: there are more than ``total``, which were not ranked.
        hits: of this page, the best first.
        looked: recognises the words found.
        corrected: what was typed and is nowhere, and what was looked for instead.
        partly: how many of all pages hold only most of what was asked for.
    """

    total: int
    hits: tuple[Hit, ...]
    looked: Looked
    more: bool = False
    corrected: tuple[tuple[str, str], ...] = ()
    partly: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    kind: SubjectKind
    subject_id: int
    text: Text
    standing: Standing


async def search(
    session: AsyncSession,
    query: str,
    *,
    reader: Reader,
    now: datetime,
    filters: Filters = NO_FILTERS,
    limit: int,
    offset: int = 0,
) -> Found:
    """What this reader may find of what was asked for, the best first.

    Args:
        session: any.
        query: what a person typed, anything at all; without a word in it nothing is found.
        reader: who searches.
        now: the present, for what is new and what is over.
        filters: what to leave out.
        limit: at most so many hits.
        offset: how many of the best to leave out.
    """
    look = _Look(session, reader, now, filters)
    ranked, more = await look.find(query)
    page = ranked[offset : offset + limit]
    return Found(
        total=len(ranked),
        hits=tuple(Hit(candidate.kind, candidate.subject_id, scored.score) for candidate, scored in page),
        looked=Looked(look.concepts),
        more=more,
        corrected=tuple(look.corrected),
        partly=sum(scored.covered < _WHOLE for _, scored in ranked),
    )


_WHOLE = 0.999


class _Look:
    """One search."""

    def __init__(self, session: AsyncSession, reader: Reader, now: datetime, filters: Filters) -> None:
        self._session = session
        self._reader = reader
        self._now = now
        self._filters = filters
        self._postgres = is_postgres(session)
        self.concepts: list[Concept] = []
        self.corrected: list[tuple[str, str]] = []

    async def find(self, query: str) -> tuple[list[tuple[_Candidate, Scored]], bool]:
        """All that is ranked, and whether there is more."""
        self.concepts = concepts(query)
        if not self.concepts or not self._reader.audiences:
            return [], False
        counts = await _documents(self._session, {stem for one in self.concepts for stem in one.stems})
        found, more = await self._candidates([self.concepts])
        nowhere: set[int] = set()
        if not found:
            # What was found holds every concept; only where nothing was can one of them be nowhere.
            nowhere = await self._correct(counts)
            if self.corrected:
                found, more = await self._candidates([self.concepts])
        weights = self._weigh(counts, nowhere)
        self.concepts = [concept.in_part() for concept in self.concepts]
        several = len(self.concepts) > 1 or len(self.concepts[0].own.words) > 1
        if len(found) < ENOUGH and several:
            for choices in self._weaker(weights):
                added, _ = await self._candidates(choices, but=found.keys())
                found.update(added)
                if len(found) >= CANDIDATES // 2:
                    break
        return self._ranked(found.values(), weights), more

    # Concepts

    async def _correct(self, counts: dict[str, int]) -> set[int]:
        """Which concepts this reader can find nowhere; those that may be typing slips get their neighbours."""
        nowhere: set[int] = set()
        tried = 0
        for number, concept in enumerate(self.concepts):
            if _occurrences(concept, counts) >= RARE or await self._is_somewhere(concept):
                continue
            near: list[tuple[str, int]] = []
            if tried < MOST_CORRECTED and len(concept.typed) == 1:
                tried += 1
                near = await self._near(concept.typed[0])
            for neighbour, often in near:
                self.concepts[number] = self.concepts[number].with_way(Way((stems(neighbour),), CORRECTED))
                counts.update({stem: max(counts.get(stem, 0), often) for stem in stems(neighbour)})
            if near:
                self.corrected.append((concept.typed[0], near[0][0]))
            else:
                nowhere.add(number)
        return nowhere

    def _weigh(self, counts: Mapping[str, int], nowhere: Collection[int]) -> list[float]:
        """How telling each concept is."""
        total = counts.get(EVERY_ENTRY, 0)
        unknown = UNKNOWN if len(self.concepts) >= LONG else 1.0
        return [
            unknown * idf(0, total) if number in nowhere else idf(_occurrences(concept, counts), total)
            for number, concept in enumerate(self.concepts)
        ]

    async def _is_somewhere(self, concept: Concept) -> bool:
        return bool((await self._candidates([[concept]], most=1, filtered=False))[0])

    async def _near(self, word: str) -> list[tuple[str, int]]:
        """Words one slip away that this reader can find, the likeliest first, and how many entries have each."""
        if len(word) < SLIP_FROM or not word.isalpha():
            return []
        slips = one_slip_away(word)
        possible = {stem for slip in slips for stem in possible_stems(slip)}
        statement = select(SearchWord).where(SearchWord.stem.in_(list(possible)), SearchWord.documents > 0)
        known = {one.stem: one for one in (await self._session.execute(statement)).scalars()}
        likely = []
        for slip, rank in slips.items():
            if known.keys().isdisjoint(possible_stems(slip)):
                continue
            likely += [
                ((slip != known[stem].example, rank, -known[stem].documents), slip, stem)
                for stem in stems(slip)
                if stem in known and forms_of_one(slip, known[stem].example)
            ]
        near: dict[str, int] = {}
        taken: set[str] = set()
        for _, slip, stem in sorted(likely):
            if len(near) == MOST_NEAR:
                break
            if stem in taken:
                continue
            taken.update(stems(slip))
            if await self._is_somewhere(Concept((slip,), (Way((stems(slip),)),))):
                near[slip] = known[stem].documents
        return list(near.items())

    def _weaker(self, weights: Sequence[float]) -> list[list[Sequence[Concept]]]:
        """What else may be enough: all in part, all but one, any two of the most telling, one of these."""
        every = self.concepts
        telling = [one for _, one in sorted(zip(weights, every, strict=True), key=lambda pair: -pair[0])][:TELLING]
        tiers: list[list[Sequence[Concept]]] = [[every]]
        if len(every) >= LONG:
            tiers.append([[one for one in every if one is not left_out] for left_out in every])
            tiers.append([list(pair) for pair in combinations(telling, 2)])
        tiers.append([[one] for one in telling])
        return tiers

    # Candidates

    async def _candidates(
        self,
        choices: Sequence[Sequence[Concept]],
        *,
        but: Collection[int] = (),
        most: int = CANDIDATES,
        filtered: bool = True,
    ) -> tuple[dict[int, _Candidate], bool]:
        """The newest entries that hold one of the choices and that the reader may see, and whether there are more."""
        rows: list[Any] = list(await self._session.execute(self._newest(choices, most, filtered=filtered)))
        more = len(rows) == most > 1
        if more and filtered:
            titled = self._newest(choices, TITLE_CANDIDATES, filtered=True, title=True)
            rows += await self._session.execute(titled)
        new = {row.id: row for row in rows if row.id not in but}
        seen = await _visible(self._session, self._reader, new.values())
        return {one: self._candidate(row) for one, row in new.items() if one in seen}, more

    def _candidate(self, row: Any) -> _Candidate:
        mine = any(f",{sector}," in row.sectors for sector in self._reader.sectors)
        standing = Standing(row.at, row.until, row.useful, mine, part=row.kind in parts_of_others())
        return _Candidate(row.id, row.kind, row.subject_id, Text(row.title, row.topics, row.body), standing)

    def _newest(self, choices: Sequence[Sequence[Concept]], most: int, *, filtered: bool, title: bool = False) -> Any:
        entry = SearchEntry
        columns = (entry.id, entry.kind, entry.subject_id, entry.at, entry.until, entry.useful, entry.sectors)
        texts = (entry.title, entry.topics, entry.body)
        statement: Any = select(*columns, *texts).where(entry.audience.in_(self._reader.audiences))
        if filtered:
            statement = self._filter(statement)
        if self._postgres:
            where: ColumnElement[Any] = literal_column(f"search_entries.{TITLE_COLUMN if title else DOCUMENT_COLUMN}")
            asked: ColumnElement[Any] = cast(bindparam(None, TSQUERY.one_of(choices)), TSQUERY_TYPE)
            # Not the bare id: the server would walk through all entries in its order instead of asking the index.
            return statement.where(where.op("@@")(asked)).order_by((entry.id + 0).desc()).limit(most)
        fts = table(FTS_TABLE, column("rowid"))
        itself: ColumnElement[str] = literal_column(FTS_TABLE)
        expression = FTS5.one_of(choices)
        match = itself.op("MATCH")(f"{{title}} : ({expression})" if title else expression)
        # The cross join keeps the order: the index hands out the newest first and stops when there are enough.
        return (
            statement.select_from(fts.join(entry, entry.id == fts.c.rowid))
            .where(match)
            .order_by(fts.c.rowid.desc())
            .limit(most)
            .execution_options(**BESIDE)
        )

    def _filter(self, statement: Any) -> Any:
        entry, wanted = SearchEntry, self._filters
        if wanted.kind is not None:
            statement = statement.where(entry.kind == wanted.kind)
        if wanted.subkind:
            statement = statement.where(entry.subkind == wanted.subkind)
        if wanted.sector_id:
            statement = statement.where(
                or_(entry.sectors == EVERY_SECTOR, entry.sectors.contains(f",{wanted.sector_id},"))
            )
        if wanted.topic_id:
            statement = statement.where(
                exists().where(SearchEntryTopic.entry_id == entry.id, SearchEntryTopic.topic_id == wanted.topic_id)
            )
        if wanted.language is not None:
            statement = statement.where(or_(entry.language.is_(None), entry.language == wanted.language))
        if wanted.still_open:
            statement = statement.where(or_(entry.until.is_(None), entry.until > self._now))
        if wanted.mine:
            theirs = entry.owner_id == self._reader.person_id
            if self._reader.person_id is not None and not self._reader.acted_for:
                theirs = or_(theirs, kept_unnamed(self._reader.person_id))
            statement = statement.where(theirs)
        return statement

    # Order

    def _ranked(self, found: Collection[_Candidate], weights: Sequence[float]) -> list[tuple[_Candidate, Scored]]:
        ranking = Ranking(self.concepts, weights, self._now)
        scored = [(one, ranking.score(one.text, one.standing)) for one in found]
        scored.sort(key=lambda pair: (-pair[1].score, -pair[0].id))
        best = scored[0][1].score if scored else 0.0
        return [
            (one, score)
            for one, score in scored
            if score.covered >= _WHOLE or (score.covered >= LEAST_COVERED and score.score >= LEAST_OF_BEST * best)
        ]


async def _visible(session: AsyncSession, reader: Reader, rows: Collection[Any]) -> set[int]:
    """Those of these entries whose thing the reader may see, as it is now."""
    entries: dict[SubjectKind, dict[int, int]] = {}
    for row in rows:
        entries.setdefault(row.kind, {})[row.subject_id] = row.id
    seen: set[int] = set()
    for kind, by_subject in entries.items():
        findable = KINDS.get(kind)
        if findable is None:
            continue
        (subject,) = findable.findable.selected_columns
        one_of = among(subject, by_subject, postgres=is_postgres(session))
        shown = select(subject).where(one_of, findable.visible(reader))
        seen |= {by_subject[one] for one in (await session.execute(shown)).scalars()}
    return seen


async def _documents(session: AsyncSession, wanted: Collection[str]) -> dict[str, int]:
    """In how many entries each of these stems is, and how many there are at all."""
    statement = select(SearchWord.stem, SearchWord.documents).where(SearchWord.stem.in_([EVERY_ENTRY, *wanted]))
    return dict((await session.execute(statement)).all())


def _occurrences(concept: Concept, counts: Mapping[str, int]) -> int:
    """In about how many entries a concept is: of several words the rarest counts, of several ways the commonest."""
    return max(min(max(counts.get(stem, 0) for stem in word) for word in way.words) for way in concept.ways)


async def telling_words(session: AsyncSession, query: str, most_bytes: int) -> tuple[str, bool]:
    """The words of a query that say most, in its order, in so many bytes of UTF-8; and whether others were left out.

    Which words are rare is known from all entries, which says nothing about any of them.
    """
    looked_for = concepts(query)
    whole = [" ".join(concept.typed) for concept in looked_for]
    if len(" ".join(whole).encode()) <= most_bytes:
        return " ".join(whole), False
    counts = await _documents(session, {stem for one in looked_for for stem in one.stems})
    total = counts.get(EVERY_ENTRY, 0)
    known = [_occurrences(concept, counts) for concept in looked_for]
    # A word that nobody ever wrote may be a typing slip, but it is not what a long question is about.
    by_worth = sorted(range(len(whole)), key=lambda at: (known[at] == 0, -idf(known[at], total)))
    kept: set[int] = set()
    for at in by_worth:
        longer = " ".join(whole[one] for one in sorted({*kept, at}))
        if len(longer.encode()) <= most_bytes:
            kept.add(at)
    chosen = " ".join(whole[at] for at in sorted(kept))
    return chosen or whole[0].encode()[:most_bytes].decode(errors="ignore"), True


async def topics_found(session: AsyncSession, found: Sequence[Hit], *, most: int) -> list[tuple[int, str, int]]:
    """The topics of these hits, the commonest first: id, name, and how many have it."""
    if not found:
        return []
    by_kind: dict[SubjectKind, list[int]] = {}
    for hit in found:
        by_kind.setdefault(hit.kind, []).append(hit.subject_id)
    chosen = or_(*(and_(SearchEntry.kind == kind, SearchEntry.subject_id.in_(ids)) for kind, ids in by_kind.items()))
    number = func.count()
    statement = (
        select(SearchTopic.id, SearchTopic.name, number)
        .join(SearchEntryTopic, SearchEntryTopic.topic_id == SearchTopic.id)
        .join(SearchEntry, SearchEntry.id == SearchEntryTopic.entry_id)
        .where(chosen)
        .group_by(SearchTopic.id, SearchTopic.name)
        .order_by(number.desc(), SearchTopic.id)
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def topic_name(session: AsyncSession, topic_id: int, reader: Reader) -> str:
    """A topic's name, if the reader may find something that has it; else nothing."""
    statement = (
        select(SearchTopic.name, SearchEntry.id, SearchEntry.kind, SearchEntry.subject_id)
        .join(SearchEntryTopic, SearchEntryTopic.topic_id == SearchTopic.id)
        .join(SearchEntry, SearchEntry.id == SearchEntryTopic.entry_id)
        .where(SearchTopic.id == topic_id, SearchEntry.audience.in_(reader.audiences))
        .order_by(SearchEntry.id.desc())
        .limit(CANDIDATES)
    )
    rows = (await session.execute(statement)).all()
    return rows[0].name if await _visible(session, reader, rows) else ""
