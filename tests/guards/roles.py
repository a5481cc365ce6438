"""The sorts of people who press: what they may is written down in ``permission_table``."""

from dataclasses import dataclass

from storage.enums import PersonStatus, Role


@dataclass(frozen=True, slots=True)
class Sort:
    """Somebody of a status (``None``: a stranger) with roles; ``letter`` stands for them in the table."""

    name: str
    letter: str
    status: PersonStatus | None
    roles: frozenset[Role] = frozenset()


SORTS = (
    Sort("stranger", "s", None),
    Sort("joining", "j", PersonStatus.JOINING),
    Sort("waiting", "w", PersonStatus.WAITING),
    Sort("guest", "g", PersonStatus.GUEST),
    Sort("member", "m", PersonStatus.MEMBER),
    Sort("moderator", "M", PersonStatus.MEMBER, frozenset({Role.MODERATOR})),
    Sort("mission lead", "L", PersonStatus.MEMBER, frozenset({Role.MISSION_LEAD})),
    Sort("doorkeeper", "D", PersonStatus.MEMBER, frozenset({Role.DOOR})),
    Sort("staff", "S", PersonStatus.MEMBER, frozenset({Role.STAFF})),
    Sort("owner", "O", PersonStatus.MEMBER, frozenset({Role.OWNER})),
    Sort("suspended", "x", PersonStatus.SUSPENDED),
    Sort("left", "l", PersonStatus.LEFT),
    Sort("refused", "r", PersonStatus.REFUSED),
    # A role outlives neither a suspension nor a membership that has not begun.
    Sort("suspended owner", "X", PersonStatus.SUSPENDED, frozenset({Role.OWNER})),
    Sort("guest with a staff role", "G", PersonStatus.GUEST, frozenset({Role.STAFF})),
)
