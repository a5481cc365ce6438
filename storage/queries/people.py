"""Who is who: accounts, roles and those who may be written to."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import PARTICIPANTS, Locale, PersonStatus, Platform, Role
from storage.models import Account, CardCopy, OutboxMessage, Person, PersonRole

ACTED_GRAIN = timedelta(minutes=1)
"""How exactly "last acted" is kept: a write for every tap would be waste."""


_WHO_ACTS = (
    select(Account, Person, PersonRole.role)
    .outerjoin(Person, Person.id == Account.person_id)
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(
        Account.platform == bindparam("platform"),
        Account.account == bindparam("account"),
        Account.user == bindparam("user"),
    )
)


async def who_acts(
    session: AsyncSession, platform: Platform, account: str, user: str
) -> tuple[Account | None, Person | None, frozenset[Role]]:
    """The account of a platform's user with us, whose it is, and their roles: one look, at every event."""
    found = (await session.execute(_WHO_ACTS, {"platform": platform, "account": account, "user": user})).all()
    if not found:
        return None, None, frozenset()
    roles: list[Role | None] = [role for _, _, role in found]  # an outer join: None where there is no role
    return found[0][0], found[0][1], frozenset(role for role in roles if role is not None)


def note_action(account: Account, chat: str, *, private: bool, now: datetime) -> None:
    """Remember that somebody acted here: they are reachable, and this is where they were last."""
    account.reachable = True
    if private and chat and account.chat != chat and ":" not in chat:
        account.chat = chat
    if now - account.last_acted_at >= ACTED_GRAIN or now < account.last_acted_at:
        account.last_acted_at = now


async def roles_of(session: AsyncSession, person_id: int) -> frozenset[Role]:
    """A person's roles."""
    return frozenset(
        (await session.execute(select(PersonRole.role).where(PersonRole.person_id == person_id))).scalars()
    )


_PERSON_WITH_ROLES = (
    select(Person, PersonRole.role)
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(Person.id == bindparam("person"))
)


async def person_with_roles(session: AsyncSession, person_id: int | None) -> tuple[Person | None, frozenset[Role]]:
    """A person and their roles in one look; nobody and none where there is no such person."""
    if person_id is None:
        return None, frozenset()
    found = (await session.execute(_PERSON_WITH_ROLES, {"person": person_id})).all()
    roles: list[Role | None] = [role for _, role in found]  # an outer join: None where there is no role
    return (found[0][0] if found else None), frozenset(role for role in roles if role is not None)


async def people_with_roles(
    session: AsyncSession, person_ids: Collection[int]
) -> dict[int, tuple[Person, frozenset[Role]]]:
    """The same for many."""
    found = await session.execute(
        select(Person, PersonRole.role)
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.id.in_(person_ids))
    )
    people: dict[int, tuple[Person, frozenset[Role]]] = {}
    for row in found:
        person, role = cast("tuple[Person, Role | None]", tuple(row))  # an outer join: None where there is no role
        _, roles = people.get(person.id, (person, frozenset()))
        people[person.id] = (person, roles if role is None else roles | {role})
    return people


async def members_named(session: AsyncSession, name: str) -> Sequence[Person]:
    """The members of that name, whatever its case, with their organisations."""
    spelled = {name, name.lower(), name.upper(), name.title()}
    statement = (
        select(Person)
        .where(
            Person.status == PersonStatus.MEMBER,
            or_(Person.name.in_(sorted(spelled)), func.lower(Person.name) == name.lower()),
        )
        .order_by(Person.id)
        .options(joinedload(Person.organisation))
    )
    return (await session.execute(statement)).scalars().all()


async def people_with(session: AsyncSession, roles: Sequence[Role]) -> list[int]:
    """Those who have one of the roles and take part, in the order of their ids."""
    statement = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role.in_(roles), Person.status.in_(PARTICIPANTS))
        .distinct()
        .order_by(Person.id)
    )
    return list((await session.execute(statement)).scalars())


async def staff_chats(session: AsyncSession, platform: Platform, account: str) -> dict[str, Locale]:
    """The private chats of those who have a role, with the language that each reads."""
    statement = (
        select(Account.chat, Person.locale)
        .join(Person, Person.id == Account.person_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Account.platform == platform,
            Account.account == account,
            Account.reachable,
            Person.status.in_(PARTICIPANTS),
        )
    )
    return {chat: locale for chat, locale in await session.execute(statement)}  # noqa: C416 - a Result is not a dict


async def set_reachable(session: AsyncSession, platform: Platform, account: str, *, chat: str, reachable: bool) -> None:
    """Switch the address off or on after the platform said that it is dead or alive."""
    await session.execute(
        update(Account)
        .where(Account.platform == platform, Account.account == account, Account.chat == chat)
        .values(reachable=reachable)
    )


async def move_chat(session: AsyncSession, platform: Platform, account: str, *, old: str, new: str) -> None:
    """A chat has a new id: everything that points there follows."""
    for model in (Account, CardCopy, OutboxMessage):
        await session.execute(
            update(model)
            .where(model.platform == platform, model.account == account, model.chat == old)
            .values(chat=new)
        )
