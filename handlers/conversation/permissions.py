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
    DECIDE = "decide"  # decides on something that others send in: posts, applications, requests
    MODERATE = "moderate"  # decides on posts
    MISSION = "mission"  # runs missions and meetings
    STAFF = "staff"  # runs the community
    OWNER = "owner"  # says who is staff


ROLES_FOR: dict[Permission, frozenset[Role]] = {
    Permission.DECIDE: frozenset({Role.OWNER, Role.STAFF, Role.MODERATOR, Role.MISSION_LEAD}),
    Permission.MODERATE: frozenset({Role.OWNER, Role.STAFF, Role.MODERATOR}),
    Permission.MISSION: frozenset({Role.OWNER, Role.STAFF, Role.MISSION_LEAD}),
    Permission.STAFF: frozenset({Role.OWNER, Role.STAFF}),
    Permission.OWNER: frozenset({Role.OWNER}),
}
"""Which roles have a permission. A role adds to a member's rights and counts only as long as somebody is a member:

- **owner**: everything, and alone: gives and takes roles, reads the audit log, ends the trial.
- **staff**: everything but that.
- **mission lead**: missions, their applications and meetings.
- **moderator**: posts.
- **door**: what a member may; it marks who receives people at events.
"""

SHUT_OUT = frozenset({PersonStatus.SUSPENDED, PersonStatus.LEFT, PersonStatus.REFUSED, PersonStatus.ERASED})

WHILE_ACTING = frozenset({Permission.PARTICIPANT, Permission.MEMBER})
"""What staff may do while they act for somebody; see :class:`~handlers.conversation.actions.ActionSpec`.

Everything below (privacy, consents, linking, the profile) is the person's own, everything above is for staff as
themselves.
"""


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
