"""Deadlines of funding calls: what is open, who follows it, what was told of it, who looks for a partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import PersonStatus, PostStatus
from storage.models import (
    CallFollow,
    CallPartner,
    CallReminder,
    Person,
    PersonBlock,
    Post,
    PostKind,
    Sector,
)
from storage.queries.directory import Shown, is_blocked
from storage.queries.post_visibility import readable_by
from storage.queries.posts import WHOLE_POST


def scope_of(*, post_id: int = 0, kind_id: int = 0, sector_id: int = 0) -> str:
    """What somebody follows, as one word."""
    return f"{post_id}:{kind_id}:{sector_id}"


def _open(now: datetime) -> list[ColumnElement[bool]]:
    """The conditions under which a post, joined with its kind, is a call that one can still apply to."""
    return [PostKind.has_deadline.is_(True), Post.deadline > now]


# What is open


async def count_open(session: AsyncSession, person_id: int, now: datetime) -> int:
    """How many calls that somebody may read are open."""
    statement = (
        select(func.count())
        .select_from(Post)
        .join(PostKind, PostKind.id == Post.kind_id)
        .where(readable_by(person_id), *_open(now))
    )
    return (await session.execute(statement)).scalar_one()


async def open_calls(session: AsyncSession, person_id: int, now: datetime, *, offset: int, most: int) -> Sequence[Post]:
    """The calls that somebody may read and that are open, the next deadline first."""
    statement = (
        select(Post)
        .join(PostKind, PostKind.id == Post.kind_id)
        .where(readable_by(person_id), *_open(now))
        .order_by(Post.deadline, Post.id)
        .options(*WHOLE_POST)
        .offset(offset)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def to_remind(session: AsyncSession, now: datetime, until: datetime) -> list[int]:
    """Published calls whose deadline is between two moments."""
    statement = (
        select(Post.id)
        .join(PostKind, PostKind.id == Post.kind_id)
        .where(Post.status == PostStatus.PUBLISHED, *_open(now), Post.deadline <= until)
        .order_by(Post.deadline, Post.id)
    )
    return list((await session.execute(statement)).scalars())


async def reminder_rows(session: AsyncSession, post_id: int) -> dict[int, CallReminder]:
    """What was told of a call, by the days before its deadline."""
    rows = await session.execute(select(CallReminder).where(CallReminder.post_id == post_id))
    return {row.days_before: row for row in rows.scalars()}


# Following


async def follow(
    session: AsyncSession,
    person_id: int,
    now: datetime,
    *,
    post_id: int | None = None,
    kind_id: int | None = None,
    sector_id: int | None = None,
    wanted: bool = True,
) -> None:
    """Have somebody follow a call, or calls of a kind, of a sector, or all of them; or not this one call."""
    scope = scope_of(post_id=post_id or 0, kind_id=kind_id or 0, sector_id=sector_id or 0)
    row = (
        await session.execute(select(CallFollow).where(CallFollow.person_id == person_id, CallFollow.scope == scope))
    ).scalar_one_or_none()
    if row is not None:
        row.wanted = wanted
    else:
        session.add(
            CallFollow(
                person_id=person_id,
                post_id=post_id,
                kind_id=kind_id,
                sector_id=sector_id,
                scope=scope,
                wanted=wanted,
                at=now,
            )
        )
    await session.flush()


async def stop(session: AsyncSession, person_id: int, follow_id: int) -> None:
    """Have somebody no longer follow what they followed; somebody else's stays."""
    await session.execute(
        delete(CallFollow)
        .where(CallFollow.id == follow_id, CallFollow.person_id == person_id)
        .execution_options(synchronize_session=False)
    )


def _follows(post: Post) -> ColumnElement[bool]:
    """The condition on ``Person`` under which they follow a call: by its own row, or else by a wider one."""
    own = [CallFollow.person_id == Person.id, CallFollow.post_id == post.id]
    wider = and_(
        CallFollow.person_id == Person.id,
        CallFollow.post_id.is_(None),
        CallFollow.wanted,
        or_(CallFollow.kind_id.is_(None), CallFollow.kind_id == post.kind_id),
        or_(
            CallFollow.sector_id.is_(None),
            CallFollow.sector_id == post.sector_id if post.sector_id is not None else CallFollow.sector_id.is_(None),
        ),
    )
    return or_(
        exists().where(*own, CallFollow.wanted),
        and_(exists().where(wider), ~exists().where(*own, CallFollow.wanted.is_(False))),
    )


async def does_follow(session: AsyncSession, person_id: int, post: Post) -> bool:
    """Whether somebody follows the deadline of a call, by itself or by its kind or sector."""
    found = await session.execute(select(Person.id).where(Person.id == person_id, _follows(post)))
    return found.scalar_one_or_none() is not None


async def followers(session: AsyncSession, post: Post) -> list[int]:
    """The members who follow the deadline of a call and may read it."""
    may_read = exists().where(Post.id == post.id, readable_by(Person.id.expression)).correlate(Person)
    statement = (
        select(Person.id).where(Person.status == PersonStatus.MEMBER, _follows(post), may_read).order_by(Person.id)
    )
    return list((await session.execute(statement)).scalars())


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that somebody follows: one call, or calls of a kind and sector; ``None`` stands for all."""

    id: int
    title: str
    kind: PostKind | None
    sector: Sector | None


async def followed(session: AsyncSession, person_id: int, now: datetime) -> list[Followed]:
    """What somebody follows: kinds and sectors first, then single calls that are open and theirs to read."""
    rows = await session.execute(
        select(CallFollow.id, Post.title, PostKind, Sector)
        .select_from(CallFollow)
        .outerjoin(Post, and_(Post.id == CallFollow.post_id, readable_by(person_id), Post.deadline > now))
        .outerjoin(PostKind, PostKind.id == CallFollow.kind_id)
        .outerjoin(Sector, Sector.id == CallFollow.sector_id)
        .where(
            CallFollow.person_id == person_id,
            CallFollow.wanted,
            or_(CallFollow.post_id.is_(None), Post.id.is_not(None)),
        )
        .order_by(CallFollow.post_id.is_not(None), CallFollow.id)
    )
    return [Followed(key, title or "", kind, sector) for key, title, kind, sector in rows]


# Partners


def _shown_to(reader_id: int) -> list[ColumnElement[bool]]:
    """The conditions under which a reader sees who looks for a partner: a member, neither of whom blocked the other."""
    blocked = exists().where(
        or_(
            and_(PersonBlock.person_id == reader_id, PersonBlock.blocked_id == CallPartner.person_id),
            and_(PersonBlock.person_id == CallPartner.person_id, PersonBlock.blocked_id == reader_id),
        )
    )
    return [Person.status == PersonStatus.MEMBER, ~blocked.correlate(CallPartner)]


async def count_partners(session: AsyncSession, post_id: int, reader_id: int) -> int:
    """How many look for a partner for a call, as far as the reader sees them."""
    statement = (
        select(func.count())
        .select_from(CallPartner)
        .join(Person, Person.id == CallPartner.person_id)
        .where(CallPartner.post_id == post_id, *_shown_to(reader_id))
    )
    return (await session.execute(statement)).scalar_one()


async def partners(
    session: AsyncSession, post_id: int, reader_id: int, *, offset: int, most: int
) -> Sequence[CallPartner]:
    """Who looks for a partner for a call, the reader first, then the latest; with their organisations."""
    statement = (
        select(CallPartner)
        .join(Person, Person.id == CallPartner.person_id)
        .where(CallPartner.post_id == post_id, *_shown_to(reader_id))
        .order_by(CallPartner.person_id != reader_id, CallPartner.id.desc())
        .options(joinedload(CallPartner.person).joinedload(Person.organisation))
        .offset(offset)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def own_search(session: AsyncSession, post_id: int, person_id: int) -> CallPartner | None:
    """What somebody wrote when they began to look for a partner for a call."""
    statement = select(CallPartner).where(CallPartner.post_id == post_id, CallPartner.person_id == person_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def seek(session: AsyncSession, post_id: int, person_id: int, sentence: str, now: datetime) -> None:
    """Put somebody on the list of those who look for a partner, or change their sentence."""
    row = await own_search(session, post_id, person_id)
    if row is None:
        session.add(CallPartner(post_id=post_id, person_id=person_id, sentence=sentence, at=now))
    else:
        row.sentence = sentence
    await session.flush()


async def stop_seeking(session: AsyncSession, post_id: int, person_id: int) -> None:
    """Take somebody off the list."""
    await session.execute(
        delete(CallPartner)
        .where(CallPartner.post_id == post_id, CallPartner.person_id == person_id)
        .execution_options(synchronize_session="fetch")
    )


async def find_partner(session: AsyncSession, partner_id: int) -> CallPartner | None:
    """An entry of such a list."""
    return await session.get(CallPartner, partner_id)


async def shown_as_partner(session: AsyncSession, reader_id: int, person_id: int, now: datetime) -> Shown | None:
    """Somebody whom the reader finds on the list of a call, though perhaps not in the directory: name, organisation."""
    statement = (
        select(Person)
        .where(
            Person.id == person_id,
            Person.status == PersonStatus.MEMBER,
            exists()
            .where(
                CallPartner.person_id == Person.id,
                CallPartner.post_id == Post.id,
                Post.deadline > now,
                readable_by(reader_id),
            )
            .correlate(Person),
        )
        .options(joinedload(Person.organisation))
    )
    person = (await session.execute(statement)).scalar_one_or_none()
    if person is None or await is_blocked(session, reader_id, person_id):
        return None
    return Shown(person.id, person.name, person.organisation.name if person.organisation else "")
