"""Full-text search over published posts: one function for both databases.

Every word of the query must be in the post, in any inflection that Italian or English gives it; the last word also
finds what begins with it. The title counts more than the topics, these more than the text; posts that fit about equally
well come newest first. Whatever a person types is safe: only its letters and digits reach the database.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Select, and_, bindparam, case, column, delete, func, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from storage.enums import Locale, PostStatus
from storage.models import Post, PostSearch
from storage.queries.dialect import is_postgres
from storage.search_schema import DOCUMENT_COLUMN, FTS_TABLE
from storage.search_words import PREFIX_FROM, Looked, stemmed, stems, terms, words
from storage.sqlite_dialect import BESIDE

EXCERPT_LENGTH = 160
"""Characters of a post's text that a hit shows."""
EXCERPT_BEFORE = 40
"""Characters shown before the first word found."""
EXCERPT_SEARCHED = 20_000
"""Characters of a text in which the best place for an excerpt is looked for."""

BM25_WEIGHTS = (8.0, 4.0, 1.0)
"""Title, topics, text; PostgreSQL's classes A, B and D weigh 1.0, 0.4 and 0.1 (its default)."""
BM25_DECIMALS = 1
"""Scores that differ by less are equal, and the newer post comes first. BM25 lies between 0 and about 20."""
TS_RANK_DECIMALS = 2
"""The same for ``ts_rank``, which lies between 0 and 1."""
BY_LENGTH = 1
"""``ts_rank``'s normalisation: divided by 1 + the logarithm of the document's length."""

_CONFIGURATIONS = {Locale.ITALIAN: "'pg_catalog.italian'::regconfig", Locale.ENGLISH: "'pg_catalog.english'::regconfig"}
_OF_THE_POST = (Post.published_at, Post.status, Post.language, Post.sector_id, Post.kind_id)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an excerpt; ``found`` pieces are words that the query found."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found. ``score``: higher fits better; comparable within one search only."""

    post_id: int
    score: float
    excerpt: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search. ``total`` counts all pages."""

    total: int
    hits: tuple[Hit, ...]


async def index_post(session: AsyncSession, post: Post) -> None:
    """Make a post findable, or bring its entry up to date. It is found while its status is published."""
    await session.flush()
    entry = await session.get(PostSearch, post.id)
    if entry is None:
        entry = PostSearch(post_id=post.id)
        session.add(entry)
    entry.language = post.language
    for name, written in (("title", post.title), ("topics", " ".join(post.topics)), ("body", post.body)):
        kept = " ".join(words(written)) if is_postgres(session) else stemmed(written, post.language)
        setattr(entry, name, kept)
    await session.flush()


async def unindex_post(session: AsyncSession, post: Post) -> None:
    """Take a post out of the index; nothing happens when it is not in it."""
    await session.execute(delete(PostSearch).where(PostSearch.post_id == post.id))


async def search_posts(
    session: AsyncSession,
    query: str,
    *,
    languages: Sequence[Locale] = (),
    sector_id: int | None = None,
    kind_id: int | None = None,
    limit: int,
    offset: int = 0,
) -> Found:
    """Published posts that hold all words of the query, the best first.

    Args:
        session: any.
        query: what a person typed, anything at all; without a word in it nothing is found.
        languages: only posts written in these; all when empty.
        sector_id: only posts of that sector.
        kind_id: only posts of that kind.
        limit: at most so many hits.
        offset: how many of the best to leave out.
    """
    looked_for = terms(query)
    if not looked_for:
        return Found(0, ())
    ranked = _ranked_by_postgresql(looked_for) if is_postgres(session) else _ranked_by_sqlite(looked_for)
    # Materialised: SQLite would otherwise go through all published posts and ask the index about each of them.
    found = ranked.cte("found").prefix_with("MATERIALIZED")
    wanted: list[ColumnElement[bool]] = [found.c.status == PostStatus.PUBLISHED]
    if languages:
        wanted.append(found.c.language.in_(languages))
    if sector_id is not None:
        wanted.append(found.c.sector_id == sector_id)
    if kind_id is not None:
        wanted.append(found.c.kind_id == kind_id)
    page = (
        select(found.c.post_id, found.c.score, func.count().over().label("total"))
        .where(*wanted)
        .order_by(found.c.score.desc(), found.c.published_at.desc(), found.c.post_id.desc())
        .limit(limit)
        .offset(offset)
        .execution_options(**BESIDE)
    )
    rows = (await session.execute(page)).all()
    if rows:
        excerpts = await _excerpts(session, [row.post_id for row in rows], Looked(looked_for))
        hits = tuple(Hit(row.post_id, float(row.score), excerpts[row.post_id]) for row in rows)
        return Found(rows[0].total, hits)
    if offset:
        every = select(func.count()).select_from(found).where(*wanted).execution_options(**BESIDE)
        return Found((await session.execute(every)).scalar_one(), ())
    return Found(0, ())


def _ranked_by_sqlite(looked_for: list[str]) -> Select[*tuple[Any, ...]]:
    fts = table(FTS_TABLE, column("rowid"))
    itself: ColumnElement[str] = literal_column(FTS_TABLE)
    score = func.round(-func.bm25(itself, *(literal_column(str(weight)) for weight in BM25_WEIGHTS)), BM25_DECIMALS)
    return (
        select(fts.c.rowid.label("post_id"), score.label("score"), *_OF_THE_POST)
        .select_from(fts.join(Post, Post.id == fts.c.rowid))
        .where(itself.op("MATCH")(_fts5_expression(looked_for)))
    )


def _fts5_expression(looked_for: list[str]) -> str:
    """FTS5's query: each word in quotes, which stand for its text alone; it holds letters and digits only."""
    parts = []
    for word in looked_for:
        star = " *" if word is looked_for[-1] and len(word) >= PREFIX_FROM else ""
        parts.append("(" + " OR ".join(f'"{stem}"{star}' for stem in stems(word)) + ")")
    return " AND ".join(parts)


def _ranked_by_postgresql(looked_for: list[str]) -> Select[*tuple[Any, ...]]:
    document: ColumnElement[Any] = literal_column(f"post_search.{DOCUMENT_COLUMN}", TSVECTOR)
    queries = {language: _tsquery(looked_for, language) for language in Locale}
    matches = or_(
        *(and_(PostSearch.language == language, document.op("@@")(query)) for language, query in queries.items())
    )
    rank = case(
        *(
            (PostSearch.language == language, func.ts_rank(document, query, BY_LENGTH))
            for language, query in queries.items()
        )
    )
    numeric: ColumnElement[Any] = literal_column("numeric")
    score = func.round(rank.op("::")(numeric), TS_RANK_DECIMALS).op("::", return_type=Float())(literal_column("float8"))
    return (
        select(PostSearch.post_id.label("post_id"), score.label("score"), *_OF_THE_POST)
        .join(Post, Post.id == PostSearch.post_id)
        .where(matches)
    )


def _tsquery(looked_for: list[str], language: Locale) -> ColumnElement[Any]:
    """The query for rows of one language.

    A word that is a stop word of that language is not in its rows, so nothing is asked of it there; any other may be
    there in either language's form: Italian posts are full of English terms.
    """
    other = next(one for one in Locale if one is not language)
    parts: list[ColumnElement[Any]] = []
    for position, word in enumerate(looked_for):
        is_prefix = position == len(looked_for) - 1 and len(word) >= PREFIX_FROM
        asked: BindParameter[str] = bindparam(None, f"'{word}':*" if is_prefix else f"'{word}'")
        own, foreign = (
            func.to_tsquery(literal_column(_CONFIGURATIONS[one]), asked, type_=TSQUERY) for one in (language, other)
        )
        parts.append(case((func.numnode(own) == 0, own), else_=own.op("||", return_type=TSQUERY)(foreign)))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.op("&&", return_type=TSQUERY)(part)
    return whole


async def _excerpts(session: AsyncSession, post_ids: list[int], looked: Looked) -> dict[int, tuple[Fragment, ...]]:
    rows = await session.execute(select(Post.id, Post.body).where(Post.id.in_(post_ids)))
    return {post_id: excerpt(body, looked) for post_id, body in rows}


def excerpt(text: str, looked: Looked) -> tuple[Fragment, ...]:
    """The part of a text where most of the words found stand together; its beginning when none is in it."""
    flat = " ".join(unicodedata.normalize("NFC", text[:EXCERPT_SEARCHED]).split())
    spots = [match.span() for match in _WORD.finditer(flat) if looked.finds(match.group())]
    start = _best_start(flat, [first for first, _ in spots])
    end = len(flat)
    if end - start > EXCERPT_LENGTH:
        end = flat.rfind(" ", start + 1, start + EXCERPT_LENGTH + 1)
        end = end if end > start else start + EXCERPT_LENGTH
    fragments = [Fragment("…")] if start > 0 else []
    at = start
    for first, last in spots:
        if first >= at and last <= end:
            if first > at:
                fragments.append(Fragment(flat[at:first]))
            fragments.append(Fragment(flat[first:last], found=True))
            at = last
    if at < end:
        fragments.append(Fragment(flat[at:end]))
    if end < len(flat):
        fragments.append(Fragment("…"))
    return tuple(fragments)


def _best_start(flat: str, spots: list[int]) -> int:
    """Where an excerpt begins: some words before the first of the most words that fit into it."""
    if not spots or spots[-1] < EXCERPT_LENGTH - EXCERPT_BEFORE:
        return 0
    room = EXCERPT_LENGTH - EXCERPT_BEFORE
    most, best, behind = 0, spots[0], 0
    for ahead, spot in enumerate(spots):
        while spot - spots[behind] > room:
            behind += 1
        if ahead - behind + 1 > most:
            most, best = ahead - behind + 1, spots[behind]
    before = max(best - EXCERPT_BEFORE, 0)
    return flat.find(" ", before, best) + 1 if before else 0
