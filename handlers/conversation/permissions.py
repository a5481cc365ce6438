"""Who may do what: one permission an action, decided from status and roles alone, again at every press."""

from collections.abc import Set as AbstractSet
from enum import StrEnum

from storage.enums import PARTICIPANTS, PersonStatus, Role


class Permission(StrEnum):
    """What an action asks of the person who presses."""

    ANYONE = "anyone"  # even before the privacy notice
    PERSON = "person"  # has accepted the privacy notice and has not been shut out
    PARTICIPANT = "participant"  # a member, or a guest of a mission
    MEMBER = "member"
    MODERATE = "moderate"  # decides on posts
    MISSION = "mission"  # runs missions and meetings
    STAFF = "staff"  # runs the community
    OWNER = "owner"  # says who is staff


ROLES_FOR: dict[Permission, frozenset[Role]] = {
    Permission.MODERATE: frozenset({Role.OWNER, Role.STAFF, Role.MODERATOR}),
    Permission.MISSION: frozenset({Role.OWNER, Role.STAFF, Role.MISSION_LEAD}),
    Permission.STAFF: frozenset({Role.OWNER, Role.STAFF}),
    Permission.OWNER: frozenset({Role.OWNER}),
}

SHUT_OUT = frozenset({PersonStatus.SUSPENDED, PersonStatus.LEFT, PersonStatus.REFUSED, PersonStatus.ERASED})


def allowed(permission: Permission, *, status: PersonStatus | None, roles: AbstractSet[Role]) -> bool:
    """Whether somebody of that status (``None``: a stranger) and those roles may."""
    if permission is Permission.ANYONE:
        return True
    if status is None or status in SHUT_OUT:
        return False
    if permission is Permission.PERSON:
        return True
    if permission is Permission.PARTICIPANT:
        return status in PARTICIPANTS
    if permission is Permission.MEMBER:
        return status is PersonStatus.MEMBER
    return status is PersonStatus.MEMBER and bool(ROLES_FOR[permission] & set(roles))
