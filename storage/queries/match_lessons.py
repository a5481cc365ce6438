"""What somebody refused of what fits, and of whom they were told: what the choice of further pairs learns from."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

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
    rows = await session.execute(
        select(MatchRefusal).where(among(MatchRefusal.person_id, people, postgres=is_postgres(session)))  # type: ignore[arg-type]  # a mapped column is one
    )
    for row in rows.scalars():
        one = found[row.person_id]
        one.refusals[row.other_id] = one.refusals.get(row.other_id, 0) + 1
        if row.at > since:
            one.stems.update(stems_of_text(" ".join(row.words))[0])
    return found


async def learn(
    session: AsyncSession, *, person_id: int, other_id: int, pair: str, words: Collection[str], now: datetime
) -> int:
    """Remember that a pair is nothing for somebody, once; returns how many pairs with that other one were."""
    row = {"person_id": person_id, "other_id": other_id, "pair": pair, "words": list(words), "at": now}
    await insert_new(session, MatchRefusal, [row], unique=["person_id", "pair"], key=None)
    statement = (
        select(func.count())
        .select_from(MatchRefusal)
        .where(MatchRefusal.person_id == person_id, MatchRefusal.other_id == other_id)
    )
    return (await session.execute(statement)).scalar_one()


async def words_told(session: AsyncSession, person_id: int, other_id: int, since: datetime) -> list[str]:
    """The words of the pairs with another person of which somebody was told since that moment, of whatever kind."""
    offer, request = aliased(Post), aliased(Post)
    of_posts = (
        select(PostMatch.words)
        .join(offer, offer.id == PostMatch.offer_id)
        .join(request, request.id == PostMatch.request_id)
        .where(
            or_(
                and_(offer.author_id == person_id, request.author_id == other_id, PostMatch.offer_told_at > since),
                and_(request.author_id == person_id, offer.author_id == other_id, PostMatch.request_told_at > since),
            )
        )
    )
    one, other = ProfileMatch.seeker_id, ProfileMatch.offerer_id
    of_profiles = select(ProfileMatch.words).where(
        or_(
            and_(one == person_id, other == other_id, ProfileMatch.seeker_told_at > since),
            and_(other == person_id, one == other_id, ProfileMatch.offerer_told_at > since),
        )
    )
    found: list[str] = []
    for statement in (of_posts, of_profiles):
        for words in (await session.execute(statement)).scalars():
            found += words
    return found
