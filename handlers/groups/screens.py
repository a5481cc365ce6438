"""The working groups, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.screen import Bold, Button, Screen, Style, one_line, press, screen
from handlers.conversation.texts import Texts

LABEL_LENGTH = 44
"""Characters of a name on a button."""
MEMBERS_SHOWN = 40
"""Names on the screen of a group; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A working group as one reader sees it.

    Attributes:
        members: name and organisation; empty for who does not belong to it.
        total: how many belong to it.
        is_mine: whether the reader belongs to it.
        is_open: whether members join by themselves.
        retired: that nothing new is shared with it.
        runs: whether the reader keeps the groups.
    """

    id: int
    name: str
    about: str = ""
    members: Sequence[str] = ()
    total: int = 0
    is_mine: bool = False
    is_open: bool = True
    retired: bool = False
    runs: bool = False


def listed(groups: Sequence[GroupView], t: Texts, *, runs: bool) -> Screen:
    """All groups in use."""
    out = screen(summary=t("Working groups")).heading(t("Working groups"))
    if not groups:
        out.para(t("There are no working groups yet."))
    else:
        out.para(t("What you share with a group, only its members read."))
    out.bullets(
        (
            Bold(f"✓ {group.name}" if group.is_mine else group.name),
            f"\n{group.about}" if group.about else "",
            "\n" + t.n("{n} member", "{n} members", group.total),
        )
        for group in groups
    )
    for group in groups:
        out.row(Button(one_line(group.name, LABEL_LENGTH), press("group.open", group.id)))
    out.row(Button(t("New group"), press("group.new"), Style.PRIMARY, opens_form=True) if runs else None)
    return out.row(Button(t("Menu"), press("home.show"))).build()


def one(group: GroupView, t: Texts) -> Screen:
    """One group, with what its reader can do."""
    out = screen(summary=group.name).heading(group.name)
    if group.retired:
        out.para(Bold(t("This group is retired: nothing new is shared with it.")))
    out.para(group.about)
    out.para(t.n("{n} member", "{n} members", group.total))
    out.bullets((name,) for name in group.members[:MEMBERS_SHOWN])
    if len(group.members) > MEMBERS_SHOWN:
        out.para(t("and {n} more", n=t.number(len(group.members) - MEMBERS_SHOWN)))
    if not group.retired and not group.is_mine:
        if group.is_open:
            out.row(Button(t("Join"), press("group.join", group.id), Style.PRIMARY))
        else:
            out.para(t("The staff add its members. Would you like to belong to it? Write to them."))
    if group.is_mine:
        out.row(Button(t("Leave the group"), press("group.leave", group.id)))
    if group.runs:
        out.row(
            None if group.retired else Button(t("Add members"), press("group.add", group.id), opens_form=True),
            Button(t("Take members out"), press("group.out", group.id), opens_form=True) if group.total else None,
        )
        out.row(
            Button(t("Change"), press("group.edit", group.id), opens_form=True),
            Button(t("Take it up again"), press("group.restore", group.id))
            if group.retired
            else Button(t("Retire"), press("group.retire", group.id), Style.DANGER),
        )
    return out.row(Button(t("All the groups"), press("group.all"))).build()
