"""Who may know the answer to a question: from what they show in the directory, what they wrote and what they answered.

Nothing is used that whoever asks could not find by themselves: the profile is what its person shows in the directory,
posts and answers are those that the asker may read, with their authors' names.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import SubjectKind
from storage.models import DirectoryEntry, DirectoryWord, Person, Post, PostAnswer, PostKind, PostOutcome, SearchWord
from storage.queries.answering import ASKING_KINDS
from storage.queries.directory import Shown, sectors_of_people, seen_by, shown_of
from storage.queries.post_authors import named_author
from storage.queries.search import Filters, search
from storage.queries.search_index import EVERY_ENTRY
from storage.queries.search_kinds import Reader
from storage.search_query import Concept, Looked, Way, concepts
from storage.search_ranking import idf
from storage.search_words import MOST_TERMS, STOP_WORDS, Piece, fold, stems, stems_of_text, telling_pieces
from storage.sqlite_dialect import BESIDE

MOST_PROFILES = 300
"""Profiles that are looked at: those that hold most of the question's words."""
MOST_WRITINGS = 40
"""Posts, and answers, that are looked at: those that the search ranks best."""
ENOUGH_WORDS = 2
"""Telling words of title and topics below which those of the text are added."""
OF_TEXT = 0.5
"""How much a word of the text counts beside one of the title and the topics."""
TELLING_CONCEPTS = 3
"""A profile with so many of the rarest things asked about could not fit better."""
LEAST_OF_QUESTION, LEAST_OF_BEST = 0.2, 0.3
"""Below which a profile, or a post, has too little to do with the question."""
PROFILE, WRITTEN, ANSWERED, SOLVED, SECTOR = 4.0, 3.0, 2.5, 1.0, 0.5
"""What each counts at most: a profile, a post, an answer; and what a solution and a common sector add."""
MOST_REASONS = 3
WORDS_SHOWN = 4
WRITTEN_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
"""A word as somebody wrote it."""


class ReasonKind(StrEnum):
    """Why somebody may know."""

    PROFILE = "profile"  # words of it
    POST = "post"  # they wrote it
    ANSWER = "answer"  # they answered that post
    SECTOR = "sector"  # they work in it


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may know: words of their profile, or the number of a post or a sector."""

    kind: ReasonKind
    what: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.what}"

    @classmethod
    def read(cls, written: str) -> Self:
        """One as it was written out.

        Raises:
            ValueError: there is no such kind.
        """
        kind, _, what = written.partition(":")
        return cls(ReasonKind(kind), what)

    @property
    def number(self) -> int:
        """Of a post or a sector."""
        return int(self.what)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may know. ``score``: comparable for one question only."""

    person_id: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Evidence:
    """What speaks for one person; of posts and answers the two best count."""

    profile: float = 0.0
    sector: float = 0.0
    writings: list[tuple[float, Reason]] = field(default_factory=list)
    of_profile: list[Reason] = field(default_factory=list)
    of_sector: list[Reason] = field(default_factory=list)

    def known(self, person_id: int) -> Known:
        best = sorted(self.writings, key=lambda one: -one[0])[:2]
        reasons = [*self.of_profile, *dict.fromkeys(reason for _, reason in best), *self.of_sector]
        score = self.profile + self.sector + sum(points for points, _ in best)
        return Known(person_id, score, tuple(reasons[:MOST_REASONS]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question is about, and how telling each thing is."""

    concepts: Sequence[Concept]
    weights: Sequence[float]

    @property
    def words(self) -> str:
        return " ".join(word for concept in self.concepts for word in concept.typed)

    def share(self, of_text: Collection[str]) -> float:
        """How much of the question a text with these stems has, from 0 to 1."""
        best = sum(sorted(self.weights, reverse=True)[:TELLING_CONCEPTS])
        found = sum(
            weight * max((way.weight for way in concept.ways if _holds(way, of_text)), default=0.0)
            for concept, weight in zip(self.concepts, self.weights, strict=True)
        )
        return min(1.0, found / best) if best else 0.0


def _holds(way: Way, of_text: Collection[str]) -> bool:
    return all(any(stem in of_text for stem in word) for word in way.words)


async def who_may_know(session: AsyncSession, post: Post, now: datetime) -> list[Known]:
    """Who may know the answer to a question, the likeliest first; whether they can be asked is not looked at.

    A common sector alone is not enough: it only says who of two comes first.
    """
    asked = await _asked(session, post)
    if not asked.concepts:
        return []
    found: dict[int, _Evidence] = {}
    await _profiles(session, post, asked, found)
    reader = Reader(person_id=post.author_id, member=True, participant=True)
    posts = await _scores(session, asked, reader, now, SubjectKind.POST)
    await _posts(session, post, asked, posts, found)
    answers = await _scores(session, asked, reader, now, SubjectKind.ANSWER)
    await _answers(session, post, asked, posts, answers, found)
    found.pop(post.author_id, None)
    await _common_sector(session, post, found)
    return sorted((one.known(person) for person, one in found.items()), key=lambda one: (-one.score, one.person_id))


# What it is about


async def _asked(session: AsyncSession, post: Post) -> _Asked:
    """The most telling words of the title and the topics; of the text too where these are few."""
    head = _telling(f"{post.title}. {', '.join(post.topics)}")
    more = [piece for piece in _telling(post.body) if piece not in head] if len(head) < ENOUGH_WORDS else []
    pieces = [*head, *more]
    counts = await _documents(session, {stem for piece in pieces for stem in stems(piece.word)})
    total = counts.get(EVERY_ENTRY, 0)

    def worth(piece: Piece) -> float:
        return idf(max(counts.get(stem, 0) for stem in stems(piece.word)), total)

    best = sorted(range(len(pieces)), key=lambda at: (-worth(pieces[at]), at))[:MOST_TERMS]
    query = " ".join(_as_typed(pieces[at]) for at in sorted(best))
    looked_for = [replace(one, ways=tuple(way for way in one.ways if not way.prefix)) for one in concepts(query)]
    counts |= await _documents(session, {stem for one in looked_for for stem in one.stems})
    of_head = {piece.word for piece in head}
    weights = []
    for one in looked_for:
        often = max(min(max(counts.get(stem, 0) for stem in word) for word in way.words) for way in one.ways)
        # One more, so that in a small community, where a word is soon rare, the number of things in common counts too.
        weights.append((1.0 + idf(often, total)) * (1.0 if of_head & set(one.typed) else OF_TEXT))
    return _Asked(looked_for, weights)


def _telling(text: str) -> list[Piece]:
    """Its words once each, without numbers and those that say nothing."""
    found = [one for one in dict.fromkeys(telling_pieces(text)) if one.parts or one.word not in STOP_WORDS]
    return [one for one in found if not one.word.isdecimal()]


def _as_typed(piece: Piece) -> str:
    if piece.parts:
        return "-".join(piece.parts)
    return piece.word.upper() if piece.acronym else piece.word


async def _documents(session: AsyncSession, wanted: Collection[str]) -> dict[str, int]:
    """In how many entries of the search each of these stems is, and how many there are at all."""
    statement = select(SearchWord.stem, SearchWord.documents).where(SearchWord.stem.in_([EVERY_ENTRY, *wanted]))
    return dict((await session.execute(statement)).all())


# What speaks for whom


async def _profiles(session: AsyncSession, post: Post, asked: _Asked, found: dict[int, _Evidence]) -> None:
    """Role and offers, where they are shown; what somebody seeks they do not know."""
    wanted = {stem for one in asked.concepts for stem in one.stems}
    likely = (
        select(DirectoryWord.person_id)
        .where(DirectoryWord.word.in_(wanted), DirectoryWord.person_id != post.author_id)
        .group_by(DirectoryWord.person_id)
        .order_by(func.count().desc(), DirectoryWord.person_id)
        .limit(MOST_PROFILES)
        .execution_options(**BESIDE)
    )
    ids = list((await session.execute(likely)).scalars())
    rows = await session.execute(
        select(Person, DirectoryEntry)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(Person.id.in_(ids), *seen_by(post.author_id))
        .options(joinedload(Person.organisation))
    )
    looked = Looked(asked.concepts)
    for person, entry in rows:
        text = _says(shown_of(person, entry))
        share = asked.share(set(stems_of_text(text)[0]))
        if share < LEAST_OF_QUESTION:
            continue
        one = found.setdefault(person.id, _Evidence())
        one.profile = PROFILE * share
        one.of_profile.append(Reason(ReasonKind.PROFILE, ", ".join(_words_found(text, looked))))


def _says(shown: Shown) -> str:
    return f"{shown.role}. {shown.offers}"


def _words_found(text: str, looked: Looked) -> list[str]:
    """Those of its words that were looked for, as they are written there, each once."""
    written = {fold(word): word for word in reversed(WRITTEN_WORD.findall(text)) if looked.finds(word)}
    return list(reversed(written.values()))[:WORDS_SHOWN]


async def _scores(
    session: AsyncSession, asked: _Asked, reader: Reader, now: datetime, kind: SubjectKind
) -> dict[int, float]:
    """What the search finds of a kind, and how well it fits: from 0 to 1, the best."""
    answer = await search(session, asked.words, reader=reader, now=now, filters=Filters(kind=kind), limit=MOST_WRITINGS)
    best = max((hit.score for hit in answer.hits), default=0.0)
    return {hit.subject_id: hit.score / best for hit in answer.hits if best > 0}


def _fits(text: Iterable[str], asked: _Asked) -> float:
    return asked.share(set(stems_of_text(" ".join(text))[0]))


async def _posts(
    session: AsyncSession, post: Post, asked: _Asked, scores: Mapping[int, float], found: dict[int, _Evidence]
) -> None:
    """Who wrote on it; who asked about it as well does not know."""
    rows = await session.execute(
        select(Post)
        .join(PostKind, PostKind.id == Post.kind_id)
        .where(
            Post.id.in_(scores),
            Post.id != post.id,
            PostKind.key.not_in(ASKING_KINDS),
            named_author().is_not(None),
        )
    )
    for one in rows.scalars():
        share = _fits((one.title, *one.topics, one.body), asked)
        if scores[one.id] >= LEAST_OF_BEST and share >= LEAST_OF_QUESTION:
            reason = Reason(ReasonKind.POST, str(one.id))
            found.setdefault(one.author_id, _Evidence()).writings.append((WRITTEN * scores[one.id] * share, reason))


async def _answers(
    session: AsyncSession,
    post: Post,
    asked: _Asked,
    below: Mapping[int, float],
    themselves: Mapping[int, float],
    found: dict[int, _Evidence],
) -> None:
    """Who answered on it, also where the words are those of the question that they answered."""
    rows = await session.execute(
        select(PostAnswer, Post, PostOutcome.answer_id)
        .join(Post, Post.id == PostAnswer.post_id)
        .outerjoin(PostOutcome, PostOutcome.answer_id == PostAnswer.id)
        .where(
            (PostAnswer.post_id.in_(below)) | (PostAnswer.id.in_(themselves)),
            PostAnswer.post_id != post.id,
            PostAnswer.author_id != Post.author_id,
        )
        .order_by(PostAnswer.id)
    )
    for answer, about, solved in rows:
        score = max(below.get(about.id, 0.0), themselves.get(answer.id, 0.0))
        share = _fits((about.title, *about.topics, about.body, answer.body), asked)
        if score >= LEAST_OF_BEST and share >= LEAST_OF_QUESTION:
            points = ANSWERED * score * share + (SOLVED if solved is not None else 0.0)
            one = found.setdefault(answer.author_id, _Evidence())
            one.writings.append((points, Reason(ReasonKind.ANSWER, str(about.id))))


async def _common_sector(session: AsyncSession, post: Post, found: Mapping[int, _Evidence]) -> None:
    """Who shows that they work in the question's sector."""
    if post.sector_id is None or not found:
        return
    rows = await session.execute(
        select(Person, DirectoryEntry)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(Person.id.in_(found), *seen_by(post.author_id))
        .options(joinedload(Person.organisation))
    )
    people = [(person, entry) for person, entry in rows]
    theirs = await sectors_of_people(session, [person.id for person, _ in people])
    for person, entry in people:
        if any(one.id == post.sector_id for one in shown_of(person, entry, theirs[person.id]).sectors):
            found[person.id].sector = SECTOR
            found[person.id].of_sector.append(Reason(ReasonKind.SECTOR, str(post.sector_id)))
