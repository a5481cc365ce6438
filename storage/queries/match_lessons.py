"""What somebody refused of what fits, and of whom they were told: what the choice of further pairs learns from."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.models import MatchRefusal, Post, PostMatch, ProfileMatch
from storage.queries.dialect import among, insert_new, is_postgres
from storage.search_words import stems_of_text


@dataclass(slots=True)
class Lessons:
    """What one person's refusals teach: the stems refused lately, and how many pairs with each other person."""

    stems: set[str] = field(default_factory=set)
    refusals: dict[int, int] = field(default_factory=dict)


async def lessons_of(session: AsyncSession, people: Collection[int], since: datetime) -> dict[int, Lessons]:
    """The lessons of each of these people; words count since that moment."""
    found = {person: Lessons() for person in people}
    rows = await session.execute(select(MatchRefusal).where(_among(session, MatchRefusal.person_id, people)))
    for row in rows.scalars():
        one = found[row.person_id]
        if row.other_id is not None:
            one.refusals[row.other_id] = one.refusals.get(row.other_id, 0) + 1
        if row.at > since:
            one.stems.update(stems_of_text(" ".join(row.words))[0])
    return found


async def learn(
    session: AsyncSession, *, person_id: int, other_id: int | None, pair: str, words: Collection[str], now: datetime
) -> int:
    """Remember that a pair is nothing for somebody, once; returns how many pairs with that other one were.

    ``other_id``: ``None`` for whoever wrote a blind post.
    """
    row = {"person_id": person_id, "other_id": other_id, "pair": pair, "words": list(words), "at": now}
    await insert_new(session, MatchRefusal, [row], unique=["person_id", "pair"], key=None)
    if other_id is None:
        return 0
    statement = (
        select(func.count())
        .select_from(MatchRefusal)
        .where(MatchRefusal.person_id == person_id, MatchRefusal.other_id == other_id)
    )
    return (await session.execute(statement)).scalar_one()


async def words_told(
    session: AsyncSession, people: Collection[int], since: datetime
) -> dict[tuple[int, int], list[str]]:
    """What these people were told since that moment, of whatever kind: by person and other person, the words."""
    offer, request = aliased(Post), aliased(Post)
    of_posts = (
        (offer.author_id, request.author_id, PostMatch.offer_told_at),
        (request.author_id, offer.author_id, PostMatch.request_told_at),
    )
    statements = [
        select(person, other, PostMatch.words)
        .join_from(PostMatch, offer, offer.id == PostMatch.offer_id)
        .join(request, request.id == PostMatch.request_id)
        .where(told_at > since, _among(session, person, people))
        for person, other, told_at in of_posts
    ]
    statements += [
        select(person, other, ProfileMatch.words).where(told_at > since, _among(session, person, people))
        for person, other, told_at in (
            (ProfileMatch.seeker_id, ProfileMatch.offerer_id, ProfileMatch.seeker_told_at),
            (ProfileMatch.offerer_id, ProfileMatch.seeker_id, ProfileMatch.offerer_told_at),
        )
    ]
    found: dict[tuple[int, int], list[str]] = {}
    for statement in statements:
        for one, other_one, words in await session.execute(statement):
            found.setdefault((one, other_one), []).extend(words)
    return found


def _among(session: AsyncSession, person: InstrumentedAttribute[int], people: Collection[int]) -> ColumnElement[bool]:
    return among(person.expression, people, postgres=is_postgres(session))
