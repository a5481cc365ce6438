"""Who may do what, as a page for people: made of what is registered, so that it cannot say anything else."""

from collections.abc import Mapping, Sequence

from handlers.conversation.actions import REGISTRY, ActionSpec, CommandSpec, FormSpec
from handlers.conversation.permissions import Permission, allowed
from storage.enums import Locale, PersonStatus, Role

COLUMNS: Sequence[tuple[str, PersonStatus | None, frozenset[Role]]] = (
    ("stranger", None, frozenset()),
    ("joining", PersonStatus.JOINING, frozenset()),
    ("waiting", PersonStatus.WAITING, frozenset()),
    ("guest", PersonStatus.GUEST, frozenset()),
    ("member", PersonStatus.MEMBER, frozenset()),
    ("door", PersonStatus.MEMBER, frozenset({Role.DOOR})),
    ("moderator", PersonStatus.MEMBER, frozenset({Role.MODERATOR})),
    ("mission lead", PersonStatus.MEMBER, frozenset({Role.MISSION_LEAD})),
    ("staff", PersonStatus.MEMBER, frozenset({Role.STAFF})),
    ("owner", PersonStatus.MEMBER, frozenset({Role.OWNER})),
    ("suspended", PersonStatus.SUSPENDED, frozenset({Role.OWNER})),
    ("left", PersonStatus.LEFT, frozenset()),
)
"""The sorts of people, in the order of their rights. A suspended owner stands for everybody who is suspended."""

MEANINGS: Mapping[Permission, str] = {
    Permission.ANYONE: "everybody, even before the privacy notice",
    Permission.PERSON: "whoever accepted the privacy notice and was not shut out",
    Permission.PARTICIPANT: "members, and guests of a mission",
    Permission.MEMBER: "members",
    Permission.DECIDE: "whoever decides on something that others send in",
    Permission.MODERATE: "whoever decides on posts",
    Permission.MISSION: "whoever runs missions and meetings",
    Permission.STAFF: "the staff",
    Permission.OWNER: "owners",
}
WHAT_THIS_IS = (
    "This page is written by `community-bot permissions` from what the program has registered; a test fails when the "
    "two differ. Each press is checked again, whatever the button's age, and a handler looks further where the right "
    "depends on whose thing it is."
)
ABOUT_ROLES = (
    "Roles add to a member's rights and count only as long as somebody is a member. There are always two owners at "
    "least once there are two. The door's role marks who receives people; it adds no right yet."
)
Spec = ActionSpec | CommandSpec | FormSpec


def _named() -> dict[str, Spec]:
    found: dict[str, Spec] = {}
    for command in REGISTRY.command_list():
        both = dict.fromkeys((command.names[Locale.ENGLISH], command.names[Locale.ITALIAN]))
        found[" ".join(f"`/{name}`" for name in both)] = command
    found |= {f"button `{one.verb}`": one for one in REGISTRY.actions.values()}
    found |= {f"form `{one.name}`": one for one in REGISTRY.forms.values()}
    return found


def permission_page() -> str:
    """The page in Markdown: a summary by permission, then every command, button and form."""
    out = [
        "# Who may do what",
        "",
        WHAT_THIS_IS,
        "",
        "## By permission",
        "",
        _line(["permission", "asks for", *(name for name, _, _ in COLUMNS)]),
        _line(["---", "---", *("---" for _ in COLUMNS)]),
    ]
    out += [_line([f"`{one}`", MEANINGS[one], *_marks(one)]) for one in Permission]
    out += [
        "",
        ABOUT_ROLES,
        "",
        "## Everything",
        "",
        "`●` may, `·` may not. *For others*: what staff can also do while they act for somebody.",
        "",
        _line(["what", "permission", *(name for name, _, _ in COLUMNS), "for others"]),
        _line(["---", "---", *("---" for _ in COLUMNS), "---"]),
    ]
    for name, spec in sorted(_named().items(), key=lambda one: (list(Permission).index(one[1].permission), one[0])):
        for_others = "●" if spec.while_acting else "·"
        out.append(_line([name, f"`{spec.permission}`", *_marks(spec.permission), for_others]))
    return "\n".join(out) + "\n"


def _marks(permission: Permission) -> list[str]:
    return ["●" if allowed(permission, status=status, roles=roles) else "·" for _, status, roles in COLUMNS]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
