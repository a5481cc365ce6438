"""What readers do with posts and answers: useful, saved, reminded, solved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, and_, case, cast, delete, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import PARTICIPANTS, PostStatus, SubjectKind
from storage.models import (
    AnswerVote,
    OutboxMessage,
    Person,
    Post,
    PostAnswer,
    PostKind,
    PostOutcome,
    PostReminder,
    PostSave,
    PostVote,
)
from storage.queries.dialect import insert_new
from storage.queries.post_visibility import readable_by
from storage.queries.posts import WHOLE_POST
from storage.queries.search_index import set_useful
from storage.queries.search_kinds import usefulness_of_posts

ASKING_KINDS = ("question", "request")
"""The keys of the kinds of post that ask for something, and that an answer can solve."""
ASKED_KEY = "solved-ask:"
"""With a post's id behind it: the key of the one question whether the answers helped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a post stands with its readers, and with the one who looks.

    Attributes:
        useful: how many found it useful.
        voted, saved: whether the reader did, or has put it aside.
        remind_on: when the reader is reminded of it, by their own clock.
        solved_by: the answer that solved it.
        closed: whoever asked needs no more answers, though none was marked.
    """

    useful: int = 0
    voted: bool = False
    saved: bool = False
    remind_on: date | None = None
    solved_by: int | None = None
    closed: bool = False


NOBODY_YET = Standing()
"""How a post stands that nobody has done anything with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStanding:
    """How many found an answer useful, and whether the reader did."""

    useful: int = 0
    voted: bool = False


async def standing(session: AsyncSession, post_id: int, reader_id: int | None) -> Standing:
    """How a post stands; ``reader_id`` is ``None`` where everybody reads."""
    useful = select(func.count()).select_from(PostVote).where(PostVote.post_id == post_id).scalar_subquery()
    mine = -1 if reader_id is None else reader_id
    voted = exists().where(PostVote.post_id == post_id, PostVote.person_id == mine)
    saved = exists().where(PostSave.post_id == post_id, PostSave.person_id == mine)
    day = (
        select(PostReminder.day)
        .where(PostReminder.post_id == post_id, PostReminder.person_id == mine)
        .scalar_subquery()
    )
    row = (await session.execute(select(useful, voted, saved, day))).one()
    outcome = await session.get(PostOutcome, post_id)
    return Standing(
        useful=row[0],
        voted=bool(row[1]),
        saved=bool(row[2]),
        remind_on=row[3],
        solved_by=outcome.answer_id if outcome is not None else None,
        closed=outcome is not None and outcome.answer_id is None,
    )


async def answer_standings(
    session: AsyncSession, answer_ids: Collection[int], reader_id: int | None
) -> dict[int, AnswerStanding]:
    """How these answers stand; each has an entry."""
    mine = -1 if reader_id is None else reader_id
    rows = await session.execute(
        select(
            AnswerVote.answer_id,
            func.count(),
            func.max(case((AnswerVote.person_id == mine, 1), else_=0)),
        )
        .where(AnswerVote.answer_id.in_(list(answer_ids)))
        .group_by(AnswerVote.answer_id)
    )
    found = {answer: AnswerStanding(useful=number, voted=bool(voted)) for answer, number, voted in rows}
    return {one: found.get(one, AnswerStanding()) for one in answer_ids}


# Useful


async def vote_post(session: AsyncSession, post_id: int, person_id: int, now: datetime, *, wanted: bool) -> int:
    """Note that somebody finds a post useful, or no longer; once each. Returns how many do."""
    if wanted:
        row = {"post_id": post_id, "person_id": person_id, "at": now}
        await insert_new(session, PostVote, [row], unique=["post_id", "person_id"], key=None)
    else:
        await _forget(session, PostVote, PostVote.post_id == post_id, PostVote.person_id == person_id)
    counted = select(func.count()).select_from(PostVote).where(PostVote.post_id == post_id)
    votes = (await session.execute(counted)).scalar_one()
    await count_usefulness(session, post_id)
    return votes


async def count_usefulness(session: AsyncSession, post_id: int) -> None:
    """Tell the search how many people a post was of use to, after a vote or an answer came or went."""
    useful = await usefulness_of_posts(session, [post_id])
    await set_useful(session, SubjectKind.POST, post_id, useful.get(post_id, 0))


async def vote_answer(session: AsyncSession, answer_id: int, person_id: int, now: datetime, *, wanted: bool) -> int:
    """Note that somebody finds an answer useful, or no longer; once each. Returns how many do."""
    if wanted:
        row = {"answer_id": answer_id, "person_id": person_id, "at": now}
        await insert_new(session, AnswerVote, [row], unique=["answer_id", "person_id"], key=None)
    else:
        await _forget(session, AnswerVote, AnswerVote.answer_id == answer_id, AnswerVote.person_id == person_id)
    counted = select(func.count()).select_from(AnswerVote).where(AnswerVote.answer_id == answer_id)
    votes = (await session.execute(counted)).scalar_one()
    await set_useful(session, SubjectKind.ANSWER, answer_id, votes)
    return votes


async def _forget(
    session: AsyncSession, model: type[PostVote | AnswerVote | PostSave | PostReminder], *which: ColumnElement[bool]
) -> None:
    await session.execute(delete(model).where(*which).execution_options(synchronize_session="fetch"))


# Saved


async def save(session: AsyncSession, post_id: int, person_id: int, now: datetime, *, wanted: bool) -> None:
    """Put a post aside for somebody, or no longer."""
    if wanted:
        row = {"post_id": post_id, "person_id": person_id, "at": now}
        await insert_new(session, PostSave, [row], unique=["post_id", "person_id"], key=None)
    else:
        await _forget(session, PostSave, PostSave.post_id == post_id, PostSave.person_id == person_id)


async def count_saved(session: AsyncSession, person_id: int) -> int:
    """How many of the posts that somebody saved they can still read."""
    statement = (
        select(func.count())
        .select_from(PostSave)
        .join(Post, Post.id == PostSave.post_id)
        .where(PostSave.person_id == person_id, readable_by(person_id))
    )
    return (await session.execute(statement)).scalar_one()


async def saved(session: AsyncSession, person_id: int, *, offset: int, most: int) -> Sequence[Post]:
    """The posts that somebody saved and can still read, the one saved last first."""
    statement = (
        select(Post)
        .join(PostSave, PostSave.post_id == Post.id)
        .where(PostSave.person_id == person_id, readable_by(person_id))
        .order_by(PostSave.at.desc(), Post.id.desc())
        .options(*WHOLE_POST)
        .offset(offset)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


# Reminders


async def remind(session: AsyncSession, post_id: int, person_id: int, day: date, now: datetime) -> None:
    """Have somebody reminded of a post on that day instead of another."""
    row = await session.get(PostReminder, (post_id, person_id))
    if row is None:
        new = {"post_id": post_id, "person_id": person_id, "day": day, "at": now}
        await insert_new(session, PostReminder, [new], unique=["post_id", "person_id"], key=None)
    else:
        row.day, row.at = day, now
        await session.flush()


async def forget_reminder(session: AsyncSession, post_id: int, person_id: int) -> None:
    """Have somebody not reminded of a post."""
    await _forget(session, PostReminder, PostReminder.post_id == post_id, PostReminder.person_id == person_id)


async def count_reminders(session: AsyncSession, person_id: int) -> int:
    """Of how many posts, which they can still read, somebody wants to be reminded."""
    statement = (
        select(func.count())
        .select_from(PostReminder)
        .join(Post, Post.id == PostReminder.post_id)
        .where(PostReminder.person_id == person_id, readable_by(person_id))
    )
    return (await session.execute(statement)).scalar_one()


async def reminders(session: AsyncSession, person_id: int, *, offset: int, most: int) -> list[tuple[int, str, date]]:
    """Of which posts somebody wants to be reminded and when, the next first: number, title, day."""
    rows = await session.execute(
        select(Post.id, Post.title, PostReminder.day)
        .join(PostReminder, PostReminder.post_id == Post.id)
        .where(PostReminder.person_id == person_id, readable_by(person_id))
        .order_by(PostReminder.day, Post.id)
        .offset(offset)
        .limit(most)
    )
    return [(post, title, day) for post, title, day in rows]


async def reminders_until(session: AsyncSession, last_day: date) -> list[tuple[int, int, date, str]]:
    """Reminders up to that day, and on whose clock it counts: post, person, day, IANA zone."""
    rows = await session.execute(
        select(PostReminder.post_id, PostReminder.person_id, PostReminder.day, Person.timezone)
        .join(Person, Person.id == PostReminder.person_id)
        .where(PostReminder.day <= last_day)
        .order_by(PostReminder.day, PostReminder.post_id, PostReminder.person_id)
    )
    return [(post, person, day, zone) for post, person, day, zone in rows]


async def take_reminder(session: AsyncSession, post_id: int, person_id: int, day: date) -> bool:
    """Use a reminder up; false when another did, or its reader has moved it meanwhile."""
    gone = await session.execute(
        delete(PostReminder)
        .where(PostReminder.post_id == post_id, PostReminder.person_id == person_id, PostReminder.day == day)
        .returning(PostReminder.post_id)
        .execution_options(synchronize_session=False)
    )
    return gone.scalar_one_or_none() is not None


# Solved


async def set_outcome(session: AsyncSession, post_id: int, answer_id: int | None, now: datetime) -> bool:
    """Note what became of a question: the answer that solved it, or none when it is closed. False: as it was."""
    row = await session.get(PostOutcome, post_id)
    if row is not None and row.answer_id == answer_id:
        return False
    if row is None:
        session.add(PostOutcome(post_id=post_id, answer_id=answer_id, at=now))
    else:
        row.answer_id, row.at = answer_id, now
    await session.flush()
    return True


async def open_again(session: AsyncSession, post_id: int) -> bool:
    """Take back what became of a question; false when it was open."""
    row = await session.get(PostOutcome, post_id)
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def forget_solution(session: AsyncSession, post_id: int, answer_id: int) -> None:
    """An answer goes: what it solved is open again."""
    row = await session.get(PostOutcome, post_id)
    if row is not None and row.answer_id == answer_id:
        await session.delete(row)


async def outcomes(session: AsyncSession, post_ids: Collection[int]) -> dict[int, bool]:
    """Of these posts those that are settled: whether an answer solved them, or they were closed without one."""
    rows = await session.execute(
        select(PostOutcome.post_id, PostOutcome.answer_id).where(PostOutcome.post_id.in_(list(post_ids)))
    )
    return {post: answer is not None for post, answer in rows}


async def to_ask(session: AsyncSession, *, answered_after: datetime, answered_by: datetime, most: int) -> list[int]:
    """Questions without an outcome whose first answer by another falls between two moments and that were not asked."""
    asker = aliased(Person)
    first = (
        select(func.min(PostAnswer.created_at, type_=PostAnswer.created_at.type))
        .where(PostAnswer.post_id == Post.id, PostAnswer.author_id != Post.author_id)
        .correlate(Post)
        .scalar_subquery()
    )
    asked = exists().where(OutboxMessage.dedup_key == literal(ASKED_KEY) + cast(Post.id, String))
    statement = (
        select(Post.id)
        .join(PostKind, PostKind.id == Post.kind_id)
        .join(asker, and_(asker.id == Post.author_id, asker.status.in_(PARTICIPANTS)))
        .where(
            PostKind.key.in_(ASKING_KINDS),
            Post.status == PostStatus.PUBLISHED,
            ~exists().where(PostOutcome.post_id == Post.id),
            # Few were answered in that time, and an index knows them.
            Post.id.in_(
                select(PostAnswer.post_id).where(
                    PostAnswer.created_at > answered_after, PostAnswer.created_at <= answered_by
                )
            ),
            first > answered_after,
            first <= answered_by,
            ~asked,
        )
        .order_by(Post.id)
        .limit(most)
    )
    return list((await session.execute(statement)).scalars())


# Who may read


async def is_readable(session: AsyncSession, post_id: int, person_id: int) -> bool:
    """Whether a member may read what was published there, asked of the store."""
    found = await session.execute(select(Post.id).where(Post.id == post_id, readable_by(person_id)))
    return found.scalar_one_or_none() is not None
