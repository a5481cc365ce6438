"""Who was asked about a question because they may know, and who can be asked."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import NoticeTopic, PersonStatus, TopicLevel
from storage.models import (
    Account,
    ExpertAsk,
    ExpertRound,
    Person,
    PersonBlock,
    PersonTopic,
    Post,
    PostAnswer,
    PostOutcome,
)
from storage.queries.post_visibility import readable_by

WHOLE_ASK = (
    joinedload(ExpertAsk.person).joinedload(Person.organisation),
    joinedload(ExpertAsk.named_by),
)
"""What an ask is shown with."""


async def find_round(session: AsyncSession, post_id: int) -> ExpertRound | None:
    """Whether and since when those who may know are asked about a question."""
    return await session.get(ExpertRound, post_id, populate_existing=True)


async def asks_of(session: AsyncSession, post_id: int) -> Sequence[ExpertAsk]:
    """Everybody who was asked about a question or is to be asked next, in the order in which they came."""
    statement = (
        select(ExpertAsk)
        .where(ExpertAsk.post_id == post_id)
        .order_by(ExpertAsk.id)
        .options(*WHOLE_ASK)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalars().all()


async def count_asked(session: AsyncSession, post_id: int) -> int:
    """How many were asked about a question."""
    statement = (
        select(func.count()).select_from(ExpertAsk).where(ExpertAsk.post_id == post_id, ExpertAsk.asked_at.is_not(None))
    )
    return (await session.execute(statement)).scalar_one()


async def find_ask(session: AsyncSession, ask_id: int) -> ExpertAsk | None:
    """One of them, as it is stored now."""
    statement = (
        select(ExpertAsk).where(ExpertAsk.id == ask_id).options(*WHOLE_ASK).execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def is_settled(session: AsyncSession, post_id: int) -> bool:
    """Whether a question is solved, or closed by whoever asked it."""
    return await session.get(PostOutcome, post_id) is not None


async def have_answered(session: AsyncSession, post_id: int) -> set[int]:
    """Who has answered a question."""
    found = await session.execute(select(PostAnswer.author_id).where(PostAnswer.post_id == post_id).distinct())
    return set(found.scalars())


async def askable(
    session: AsyncSession, post: Post, people: Collection[int], *, since: datetime, most_since: int
) -> dict[int, int]:
    """Those of these people who can be asked about a question, and how often each was asked since that moment.

    Members who may read it and can be reached, who want such questions, who neither asked nor answered this one, who
    were not asked ``most_since`` times already, whoever asked; and neither of whom and its author blocked the other.
    """
    if not people:
        return {}
    often = (
        select(func.count())
        .select_from(ExpertAsk)
        .where(ExpertAsk.person_id == Person.id, ExpertAsk.asked_at > since)
        .correlate(Person)
        .scalar_subquery()
    )
    blocked = exists().where(
        or_(
            and_(PersonBlock.person_id == Person.id, PersonBlock.blocked_id == Post.author_id),
            and_(PersonBlock.person_id == Post.author_id, PersonBlock.blocked_id == Person.id),
        )
    )
    turned_down = exists().where(
        PersonTopic.person_id == Person.id,
        PersonTopic.topic == NoticeTopic.EXPERTS.value,
        PersonTopic.level != TopicLevel.NOW,
    )
    statement = (
        select(Person.id, often)
        .join(Post, Post.id == post.id)
        .where(
            Person.id.in_(list(people)),
            Person.status == PersonStatus.MEMBER,
            Person.id != Post.author_id,
            readable_by(Person.id),
            exists().where(Account.person_id == Person.id, Account.reachable),
            ~exists().where(PostAnswer.post_id == Post.id, PostAnswer.author_id == Person.id),
            ~blocked,
            ~turned_down,
            often < most_since,
        )
    )
    return dict((await session.execute(statement)).all())


async def hold_people(session: AsyncSession, people: Collection[int]) -> None:
    """Let nobody else ask these people until this transaction is over; everybody holds them in the same order."""
    statement = select(Person.id).where(Person.id.in_(sorted(people))).order_by(Person.id).with_for_update()
    await session.execute(statement)


async def due_rounds(session: AsyncSession, now: datetime, most: int) -> list[int]:
    """Questions for which to look again, those that wait longest first."""
    statement = (
        select(ExpertRound.post_id)
        .where(ExpertRound.stopped_at.is_(None), ExpertRound.next_at <= now)
        .order_by(ExpertRound.next_at, ExpertRound.post_id)
        .limit(most)
    )
    return list((await session.execute(statement)).scalars())
