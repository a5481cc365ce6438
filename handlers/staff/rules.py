"""What may be decided about people: pure, from roles and states."""

from collections.abc import Set as AbstractSet
from datetime import timedelta
from enum import StrEnum

from storage.enums import PARTICIPANTS, PersonStatus, Role

FEWEST_OWNERS = 2
"""Once there are two owners there are never fewer: one who falls ill or leaves locks nobody out."""
ACTING_LASTS = timedelta(minutes=15)
"""How long staff act for somebody."""
HOLD_LASTS = timedelta(days=1)
"""After that an item of the inbox that somebody has taken is everybody's again."""
SUSPENDABLE = frozenset({PersonStatus.MEMBER, PersonStatus.GUEST})
REMOVABLE = frozenset({PersonStatus.MEMBER, PersonStatus.GUEST, PersonStatus.SUSPENDED})


class Change(StrEnum):
    """What happens to somebody's standing."""

    SUSPEND = "suspend"
    RESTORE = "restore"
    REMOVE = "remove"


class Turn(StrEnum):
    """What happens to a role."""

    GIVE = "give"
    TAKE = "take"


class Obstacle(StrEnum):
    """Why something cannot be decided about somebody."""

    ONESELF = "oneself"
    OWNER = "owner"  # an owner's role must be taken first
    STAFF = "staff"  # only an owner decides about staff
    ALREADY = "already"  # nothing is left to do
    NOT_NOW = "not_now"  # their state does not allow it
    TOO_FEW_OWNERS = "too_few_owners"


def obstacle_to_change(
    change: Change,
    *,
    by: int,
    by_roles: AbstractSet[Role],
    person: int,
    status: PersonStatus,
    roles: AbstractSet[Role],
) -> Obstacle | None:
    """Why ``by`` may not change where ``person`` stands; ``None`` when they may."""
    if by == person:
        return Obstacle.ONESELF
    if Role.OWNER in roles and change is not Change.RESTORE:
        return Obstacle.OWNER
    if Role.STAFF in roles and Role.OWNER not in by_roles:
        return Obstacle.STAFF
    after = {Change.SUSPEND: PersonStatus.SUSPENDED, Change.REMOVE: PersonStatus.LEFT}.get(change)
    if status is after or (change is Change.RESTORE and status in PARTICIPANTS):
        return Obstacle.ALREADY
    allowed = {
        Change.SUSPEND: SUSPENDABLE,
        Change.REMOVE: REMOVABLE,
        Change.RESTORE: frozenset({PersonStatus.SUSPENDED}),
    }[change]
    return None if status in allowed else Obstacle.NOT_NOW


def obstacle_to_role(
    turn: Turn, role: Role, *, status: PersonStatus, roles: AbstractSet[Role], owners: int
) -> Obstacle | None:
    """Why a role cannot be given or taken; ``owners`` are those who are members, this person included."""
    if turn is Turn.GIVE:
        if role in roles:
            return Obstacle.ALREADY
        return None if status is PersonStatus.MEMBER else Obstacle.NOT_NOW
    if role not in roles:
        return Obstacle.ALREADY
    if role is Role.OWNER and status is PersonStatus.MEMBER and owners <= FEWEST_OWNERS:
        return Obstacle.TOO_FEW_OWNERS
    return None


def obstacle_to_acting(
    *, by: int, by_roles: AbstractSet[Role], person: int, status: PersonStatus, roles: AbstractSet[Role]
) -> Obstacle | None:
    """Why staff may not act for somebody."""
    if by == person:
        return Obstacle.ONESELF
    if roles & {Role.OWNER, Role.STAFF} and Role.OWNER not in by_roles:
        return Obstacle.STAFF
    return None if status in PARTICIPANTS else Obstacle.NOT_NOW
