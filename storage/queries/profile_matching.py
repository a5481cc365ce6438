"""What profiles offer and seek: which to compare, what may fit them, the pairs that were found.

A profile is compared as far as its owner shows it: a member in the directory who shows what they offer and seek, under
a text that says it is pointed out, to whom they have not blocked. Candidates come from the directory's words and from
the search's index, never from all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, cast, column, exists, func, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY as TSQUERY_TYPE
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PostStatus, SubjectKind
from storage.models import (
    DirectoryEntry,
    DirectoryWord,
    Person,
    PersonBlock,
    Post,
    PostKind,
    ProfileCompared,
    ProfileMatch,
    SearchEntry,
)
from storage.queries.dialect import among, insert_new, is_postgres
from storage.queries.directory import in_directory, pointed_out, seen_by
from storage.queries.profile_changes import forget
from storage.queries.search_kinds import MEMBERS
from storage.search_query import FTS5, TSQUERY, Concept
from storage.search_schema import DOCUMENT_COLUMN, FTS_TABLE
from storage.sqlite_dialect import BESIDE

MOST_PROFILES = 150
"""Profiles that something is compared with: those that hold most of its telling words."""
MOST_POSTS = 150
"""Posts that a profile is compared with: the newest that hold two of its telling things."""
TELLING_STEMS = 24
"""The rarest stems by which profiles are found."""
TELLING_THINGS = 8
"""The most telling things by any two of which posts are found."""
OF_ONE = 20
"""Pairs of one person, the best, from which those to be told are chosen."""


def key_of(seeker_id: int, offerer_id: int, *, request_id: int | None = None, offer_id: int | None = None) -> str:
    """The two sides of a pair in a word: ``12>34``, ``12:post=5>34``, ``12>34:post=5``."""
    request = f":post={request_id}" if request_id is not None else ""
    offer = f":post={offer_id}" if offer_id is not None else ""
    return f"{seeker_id}{request}>{offerer_id}{offer}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody shows that they offer and seek."""

    person_id: int
    organisation_id: int | None
    offers: str
    seeks: str


def _shown() -> list[ColumnElement[bool]]:
    return [DirectoryEntry.shows_offers.is_(True), or_(Person.offers != "", Person.seeks != "")]


async def to_compare(session: AsyncSession, most: int) -> Sequence[int]:
    """Shown profiles that were never compared, or not since they changed; only what the directory's words know."""
    statement = (
        select(Person.id)
        .join(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .outerjoin(ProfileCompared, ProfileCompared.person_id == Person.id)
        .where(
            ProfileCompared.at.is_(None),
            *_shown(),
            *in_directory(),
            pointed_out(),
            exists().where(DirectoryWord.person_id == Person.id),
        )
        .order_by(Person.id)
        .limit(most)
        .execution_options(**BESIDE)
    )
    return (await session.execute(statement)).scalars().all()


async def note_compared(session: AsyncSession, person_id: int, now: datetime) -> None:
    """A profile was compared with all that may fit it."""
    row = await session.get(ProfileCompared, person_id)
    if row is None:
        session.add(ProfileCompared(person_id=person_id, at=now))
    else:
        row.at = now


async def profiles(session: AsyncSession, viewer_id: int, people: Collection[int]) -> list[Profile]:
    """Those of these people who show a viewer what they offer and seek."""
    statement = (
        select(Person.id, Person.organisation_id, Person.offers, Person.seeks)
        .join(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(Person.id.in_(list(people)), *_shown(), *seen_by(viewer_id), pointed_out())
    )
    return [Profile(*row) for row in await session.execute(statement)]


async def blocked_with(session: AsyncSession, person_id: int) -> set[int]:
    """Whom somebody has blocked, and who has blocked them."""
    rows = await session.execute(
        select(PersonBlock.person_id, PersonBlock.blocked_id).where(
            or_(PersonBlock.person_id == person_id, PersonBlock.blocked_id == person_id)
        )
    )
    return {other for row in rows for other in row if other != person_id}


# What may fit


def telling_stems(stems: Iterable[str], documents: Mapping[str, int]) -> list[str]:
    """The rarest stems that stand in something else too."""
    known = {stem for stem in stems if documents.get(stem, 0) > 1}
    return sorted(known, key=lambda stem: (documents[stem], stem))[:TELLING_STEMS]


async def likely_profiles(session: AsyncSession, stems: Collection[str], but: int) -> list[int]:
    """Who shows most of these stems, at least two of them, which may be of one word."""
    statement = (
        select(DirectoryWord.person_id)
        .where(DirectoryWord.word.in_(list(stems)), DirectoryWord.person_id != but)
        .group_by(DirectoryWord.person_id)
        .having(func.count() > 1)
        .order_by(func.count().desc(), DirectoryWord.person_id.desc())
        .limit(MOST_PROFILES)
        .execution_options(**BESIDE)
    )
    return list((await session.execute(statement)).scalars())


async def likely_posts(session: AsyncSession, kind: str, things: Sequence[Concept]) -> list[int]:
    """The newest posts of a kind that hold any two of these things; whether somebody may read them is not looked at."""
    pairs = list(combinations(things[:TELLING_THINGS], 2))
    kind_id = (await session.execute(select(PostKind.id).where(PostKind.key == kind))).scalar_one_or_none()
    if not pairs or kind_id is None:
        return []
    entry = SearchEntry
    wanted = (entry.kind == SubjectKind.POST, entry.subkind == kind_id, entry.audience == MEMBERS)
    statement: Any = select(entry.subject_id).where(*wanted).limit(MOST_POSTS)
    if is_postgres(session):
        where: ColumnElement[Any] = literal_column(f"search_entries.{DOCUMENT_COLUMN}")
        asked: ColumnElement[Any] = cast(bindparam(None, TSQUERY.one_of(pairs)), TSQUERY_TYPE)
        # Not the bare id: the server would walk through all entries in its order instead of asking the index.
        statement = statement.where(where.op("@@")(asked)).order_by((entry.id + 0).desc())
    else:
        fts = table(FTS_TABLE, column("rowid"))
        itself: ColumnElement[str] = literal_column(FTS_TABLE)
        # The cross join keeps the order: the index hands out the newest first and stops when there are enough.
        joined = statement.select_from(fts.join(entry, entry.id == fts.c.rowid))
        statement = joined.where(itself.op("MATCH")(FTS5.one_of(pairs))).order_by(fts.c.rowid.desc())
    return list((await session.execute(statement.execution_options(**BESIDE))).scalars())


# Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPair:
    """A pair as it was found."""

    seeker_id: int
    offerer_id: int
    percent: int
    words: tuple[str, ...]
    request_id: int | None = None
    offer_id: int | None = None

    @property
    def key(self) -> str:
        """Its two sides."""
        return key_of(self.seeker_id, self.offerer_id, request_id=self.request_id, offer_id=self.offer_id)


async def pairs_where(session: AsyncSession, which: ColumnElement[bool]) -> Sequence[ProfileMatch]:
    """The pairs that meet a condition, to be changed."""
    statement = (
        select(ProfileMatch)
        .where(which)
        .order_by(ProfileMatch.id)  # so that two processes never wait for each other
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalars().all()


async def add(session: AsyncSession, found: Iterable[FoundPair], now: datetime) -> None:
    """Remember pairs; one that is known stays as it is."""
    rows = [
        {
            "key": one.key,
            "seeker_id": one.seeker_id,
            "offerer_id": one.offerer_id,
            "request_id": one.request_id,
            "offer_id": one.offer_id,
            "percent": one.percent,
            "words": list(one.words),
            "found_at": now,
        }
        for one in found
    ]
    if rows:
        await insert_new(session, ProfileMatch, rows, unique=["key"], key=None)


async def forget_pairs(session: AsyncSession, ids: Collection[int]) -> None:
    """Let go of pairs that no longer fit, or may no longer be."""
    if ids:
        await forget(session, ProfileMatch.id.in_(list(ids)))


SEEKER, OFFERER = "seeker", "offerer"


@dataclass(frozen=True, slots=True)
class UntoldSide:
    """Somebody to be told of a pair: on which side of it they are."""

    match_id: int
    side: str
    person_id: int
    other_id: int
    percent: int
    words: Sequence[str]


async def untold(session: AsyncSession, most: int, *, but: Collection[int]) -> list[UntoldSide]:
    """Who is to be told of pairs that neither side has refused, the best first: of each person a few, for all a turn.

    Args:
        session: any.
        most: at most so many of each side.
        but: people who are told no more for now.
    """
    match = ProfileMatch
    found: list[UntoldSide] = []
    for side, person, other, told_at in (
        (SEEKER, match.seeker_id, match.offerer_id, match.seeker_told_at),
        (OFFERER, match.offerer_id, match.seeker_id, match.offerer_told_at),
    ):
        place = func.row_number().over(partition_by=person, order_by=(match.percent.desc(), match.id))
        best = (
            select(match.id, place.label("place"))
            .where(
                match.percent > 0,
                told_at.is_(None),
                match.seeker_refused_at.is_(None),
                match.offerer_refused_at.is_(None),
                ~among(person.expression, but, postgres=is_postgres(session)),
            )
            .subquery()
        )
        statement = (
            select(match.id, person, other, match.percent, match.words)
            .join(best, and_(best.c.id == match.id, best.c.place <= OF_ONE))
            .order_by(match.percent.desc(), match.id)
            .limit(most)
            .execution_options(**BESIDE)
        )
        found += [UntoldSide(row[0], side, *row[1:]) for row in await session.execute(statement)]
    return found


async def told_since(session: AsyncSession, since: datetime) -> dict[int, int]:
    """Of how many of these pairs each person was told since that moment."""
    counts: dict[int, int] = {}
    for person, told_at in (
        (ProfileMatch.seeker_id, ProfileMatch.seeker_told_at),
        (ProfileMatch.offerer_id, ProfileMatch.offerer_told_at),
    ):
        statement = select(person, func.count()).where(told_at > since).group_by(person)
        for one, number in await session.execute(statement):
            counts[one] = counts.get(one, 0) + number
    return counts


async def pairs_of(session: AsyncSession, person_id: int, most: int) -> Sequence[ProfileMatch]:
    """Somebody's pairs that they have not refused and whose posts are published, the best first."""
    match = ProfileMatch
    over = exists().where(Post.id.in_([match.request_id, match.offer_id]), Post.status != PostStatus.PUBLISHED)
    statement = (
        select(match)
        .where(
            match.percent > 0,
            ~over.correlate(match),
            or_(
                and_(match.seeker_id == person_id, match.seeker_refused_at.is_(None)),
                and_(match.offerer_id == person_id, match.offerer_refused_at.is_(None)),
            ),
        )
        .order_by(match.percent.desc(), match.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()
