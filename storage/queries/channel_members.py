"""Who reads the community's channels, as far as was looked: so that nobody gets the same thing there and directly."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PARTICIPANTS, Platform
from storage.models import Account, ChannelMember, Person
from storage.queries.dialect import insert_new


async def to_look_up(
    session: AsyncSession, platform: Platform, account: str, *, seen_before: datetime, most: int
) -> list[str]:
    """Users of participants of whom it is not known, or was looked up before that moment; the unknown first."""
    known = and_(
        ChannelMember.platform == Account.platform,
        ChannelMember.account == Account.account,
        ChannelMember.user == Account.user,
    )
    statement = (
        select(Account.user)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(ChannelMember, known)
        .where(
            Account.platform == platform,
            Account.account == account,
            Account.reachable,
            Person.status.in_(PARTICIPANTS),
            or_(ChannelMember.seen_at.is_(None), ChannelMember.seen_at < seen_before),
        )
        .order_by(ChannelMember.seen_at.is_not(None), ChannelMember.seen_at, Account.id)
        .limit(most)
    )
    return list((await session.execute(statement)).scalars())


async def note(
    session: AsyncSession, platform: Platform, account: str, present: Mapping[str, bool], now: datetime
) -> None:
    """Write down who is there and who is not."""
    rows = [
        {"platform": platform, "account": account, "user": user, "present": there, "seen_at": now}
        for user, there in present.items()
    ]
    await insert_new(session, ChannelMember, rows, unique=["platform", "account", "user"], key=None)
    for there in (True, False):
        users = [user for user, one in present.items() if one is there]
        if users:
            await session.execute(
                update(ChannelMember)
                .where(
                    ChannelMember.platform == platform,
                    ChannelMember.account == account,
                    ChannelMember.user.in_(users),
                )
                .values(present=there, seen_at=now)
                .execution_options(synchronize_session=False)
            )


async def forget_stale(session: AsyncSession, seen_before: datetime) -> None:
    """Who was not looked up for so long counts as not there: rather both messages than neither."""
    await session.execute(
        update(ChannelMember)
        .where(ChannelMember.present, ChannelMember.seen_at < seen_before)
        .values(present=False)
        .execution_options(synchronize_session=False)
    )
