"""People and contexts for tests of announcements and digests."""

import itertools
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community, Context, ReadContext
from handlers.conversation.event import Address, Event, EventKind, MessageRef
from storage.enums import Locale, PersonStatus, Platform, Role
from storage.models import Account, Person, PersonRole
from storage.queries.people import roles_of

START = datetime(2018, 4, 3, 7, tzinfo=UTC)
"""Tuesday 3 April 2018, 09:00 in Rome."""
COMMUNITY = Community(name="Cluster di prova")
_numbers = itertools.count(1)


def still_clock() -> MovableClock:
    return MovableClock(START, running=False)


async def add_person(
    session: AsyncSession,
    name: str = "",
    *,
    status: PersonStatus = PersonStatus.MEMBER,
    locale: Locale = Locale.ITALIAN,
    roles: tuple[Role, ...] = (),
    platforms: tuple[Platform, ...] = (Platform.TELEGRAM,),
    reachable: bool = True,
    organisation_id: int | None = None,
) -> Person:
    """Somebody who joined thirty days before :data:`START`; they acted last on the last of the platforms."""
    number = next(_numbers)
    person = Person(
        status=status,
        name=name or f"Persona {number}",
        locale=locale,
        organisation_id=organisation_id,
        notice_version="2018-04",
        notice_accepted_at=START - timedelta(days=30),
        joined_at=START - timedelta(days=30),
        created_at=START - timedelta(days=30),
    )
    session.add(person)
    await session.flush()
    for position, platform in enumerate(platforms):
        session.add(
            Account(
                platform=platform,
                account="bot",
                user=f"{platform}-{number}",
                chat=f"{platform}-{number}",
                person_id=person.id,
                reachable=reachable,
                last_acted_at=START - timedelta(days=10 - position),
            )
        )
    for role in roles:
        session.add(PersonRole(person_id=person.id, role=role, granted_at=START))
    await session.flush()
    return person


def pressed(action: str = "") -> Event:
    """A press on a message in a private chat."""
    address = Address(Platform.TELEGRAM, "bot", "chat-of-the-presser")
    return Event(
        EventKind.PRESS,
        f"event-{next(_numbers)}",
        address,
        "user",
        action=action,
        message=MessageRef(address, f"message-{next(_numbers)}"),
    )


async def acting(session: AsyncSession, person: Person, clock: MovableClock) -> Context:
    """The context of somebody who presses a button."""
    return Context(
        session=session,
        community=COMMUNITY,
        clock=clock,
        person=person,
        roles=await roles_of(session, person.id),
        locale=person.locale,
        platform=Platform.TELEGRAM,
        event=pressed(),
    )


async def reading(session: AsyncSession, person: Person, clock: MovableClock) -> ReadContext:
    """The context in which something is drawn for somebody."""
    return ReadContext(session, COMMUNITY, clock, person, await roles_of(session, person.id), person.locale)
