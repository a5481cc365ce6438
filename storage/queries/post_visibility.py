"""Which posts somebody may read: the one condition that lists, searches, digests and single posts ask."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.enums import IN_CHANNELS, ApplicationStatus, PostStatus, PostVisibility, Role
from storage.models import (
    Application,
    GroupMember,
    PersonRole,
    PersonSector,
    Post,
    PostAudience,
)

STAFF_ROLES = (Role.OWNER, Role.STAFF)
MISSION_ROLES = (*STAFF_ROLES, Role.MISSION_LEAD)


def _holds(
    person_id: int | ColumnElement[int] | InstrumentedAttribute[int], roles: Collection[Role]
) -> ColumnElement[bool]:
    return exists().where(PersonRole.person_id == person_id, PersonRole.role.in_(roles))


def addressed_to(person_id: int | ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition on :class:`~storage.models.Post` under which it is meant for this member, whatever its state."""
    in_group = exists().where(
        PostAudience.post_id == Post.id,
        GroupMember.group_id == PostAudience.group_id,
        GroupMember.person_id == person_id,
    )
    delegate = exists().where(
        PostAudience.post_id == Post.id,
        Application.mission_id == PostAudience.mission_id,
        Application.person_id == person_id,
        Application.status == ApplicationStatus.ACCEPTED,
    )
    of_sector = exists().where(PersonSector.person_id == person_id, PersonSector.sector_id == Post.sector_id)
    return or_(
        Post.visibility.in_(IN_CHANNELS),
        Post.author_id == person_id,
        and_(Post.visibility == PostVisibility.SECTOR, of_sector),
        and_(Post.visibility == PostVisibility.GROUP, in_group),
        and_(Post.visibility == PostVisibility.MISSION, or_(delegate, _holds(person_id, MISSION_ROLES))),
        and_(Post.visibility == PostVisibility.STAFF, _holds(person_id, STAFF_ROLES)),
    )


def readable_by(person_id: int | ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition on :class:`~storage.models.Post` under which this member may read what was published.

    Args:
        person_id: a member's; a column, where many people are looked at in one query.
    """
    return and_(Post.status == PostStatus.PUBLISHED, addressed_to(person_id))


async def is_addressed_to(session: AsyncSession, post_id: int, person_id: int) -> bool:
    """Whether a post is meant for this member, whatever its state."""
    return (
        await session.execute(select(Post.id).where(Post.id == post_id, addressed_to(person_id)))
    ).scalar_one_or_none() is not None
