"""People for tests that need no platform."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.privacy_notice import NOTICE_VERSION
from storage.enums import Locale, PersonStatus, Role
from storage.models import Person, PersonRole

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


async def somebody(
    session: AsyncSession, name: str, *roles: Role, status: PersonStatus = PersonStatus.MEMBER
) -> Person:
    """A person with these roles."""
    person = Person(
        status=status,
        name=name,
        locale=Locale.ITALIAN,
        notice_version=NOTICE_VERSION,
        notice_accepted_at=NOW,
        joined_at=NOW,
        created_at=NOW,
    )
    session.add(person)
    await session.flush()
    session.add_all(PersonRole(person_id=person.id, role=role, granted_at=NOW) for role in roles)
    await session.flush()
    return person
