"""How the inbox looks: what waits for a decision, one item, and the daily note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers.conversation.screen import AnyButton, Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts

ITEMS_A_PAGE = 6
LINE_LENGTH = 160
"""Characters of an item's line."""
EVERY_KIND = "all"


class Whose(StrEnum):
    """Whose items are shown."""

    ALL = "all"
    MINE = "mine"
    NOBODYS = "free"


@dataclass(frozen=True, slots=True)
class ItemView:
    """Something that waits.

    Attributes:
        kind, subject_id: what it is.
        line: what it is, in words.
        age: how long it waits.
        holder: who has it; empty when nobody has.
        mine: whether that is the reader.
        held_since: when it was taken, in words.
    """

    kind: str
    subject_id: int
    line: str
    age: timedelta
    holder: str = ""
    mine: bool = False
    held_since: str = ""


@dataclass(frozen=True, slots=True)
class InboxView:
    """A page of what waits.

    Attributes:
        items: those of the page, the longest waiting first.
        kinds: each kind that the reader decides on: its label and how many wait.
        kind: the one that is shown, or :data:`EVERY_KIND`.
        whose: whose are shown.
        page, pages: which page of how many.
        total: how many fit the choice.
    """

    items: Sequence[ItemView]
    kinds: Mapping[str, tuple[str, int]]
    kind: str
    whose: Whose
    page: int
    pages: int
    total: int


def _age(age: timedelta, t: Texts) -> str:
    if age >= timedelta(days=1):
        return t.n("{n} day", "{n} days", age.days)
    if age >= timedelta(hours=1):
        return t.n("{n} hour", "{n} hours", int(age.total_seconds() // 3600))
    return t("just now")


def _who(item: ItemView, t: Texts) -> str:
    if item.mine:
        return t("you have it")
    return t("{name} has it", name=item.holder) if item.holder else t("nobody has it yet")


def inbox(view: InboxView, *, t: Texts) -> Screen:
    """A page of what waits, with the choices above it."""
    title = t("To decide")
    out = screen(summary=title).heading(title)
    chosen = t(view.kinds[view.kind][0]) if view.kind in view.kinds else t("Everything")
    whose = {Whose.ALL: t("of everybody"), Whose.MINE: t("yours"), Whose.NOBODYS: t("nobody's yet")}[view.whose]
    if not view.items:
        out.para(t("Nothing waits here. Well done!") if view.whose is Whose.ALL else t("Nothing waits here."))
    else:
        out.para(t("{kind}, {whose}: {n}", kind=chosen, whose=whose, n=t.number(view.total)))
    first = view.page * ITEMS_A_PAGE + 1
    for number, item in enumerate(view.items, first):
        out.para(Bold(f"{number}. "), item.line[:LINE_LENGTH], f"\n{_age(item.age, t)} · {_who(item, t)}")
    looks: list[AnyButton] = [
        Button(t("Look at no. {n}", n=number), press("inbox.item", item.kind, item.subject_id))
        for number, item in enumerate(view.items, first)
    ]
    for start in range(0, len(looks), 3):
        out.row(*looks[start : start + 3])
    out.row(
        Button(t("Earlier ones"), press("inbox.show", view.kind, view.whose, view.page - 1)) if view.page else None,
        Button(t("Later ones"), press("inbox.show", view.kind, view.whose, view.page + 1))
        if view.page + 1 < view.pages
        else None,
    )
    labels = {Whose.ALL: t("All"), Whose.MINE: t("Mine"), Whose.NOBODYS: t("Nobody's")}
    out.row(
        *(
            Button(label, press("inbox.show", view.kind, whose, 0))
            for whose, label in labels.items()
            if whose is not view.whose
        )
    )
    kinds: list[AnyButton] = [
        Button(f"{t(label)} ({t.number(number)})", press("inbox.show", kind, view.whose, 0))
        for kind, (label, number) in view.kinds.items()
        if kind != view.kind and number
    ]
    if view.kind != EVERY_KIND:
        kinds.append(Button(t("Everything"), press("inbox.show", EVERY_KIND, view.whose, 0)))
    for start in range(0, len(kinds), 2):
        out.row(*kinds[start : start + 2])
    return out.build()


def item_screen(item: ItemView, label: str, opens: str, *, t: Texts) -> Screen:
    """One item, and who takes care of it.

    Args:
        item: what it is.
        label: the name of its kind.
        opens: the action that opens it.
        t: the reader's language.
    """
    held = t("{name}, since {moment}", name=item.holder, moment=item.held_since) if item.holder else t("nobody yet")
    out = (
        screen(summary=item.line)
        .heading(item.line[:LINE_LENGTH])
        .facts((t("Kind"), t(label)), (t("Waits"), _age(item.age, t)), (t("Taken care of by"), held))
        .row(Button(t("Open and decide"), opens, Style.PRIMARY))
    )
    hand = Button(t("Hand to a colleague"), press("inbox.hand", item.kind, item.subject_id), opens_form=True)
    if item.mine:
        out.row(Button(t("Put it back"), press("inbox.put", item.kind, item.subject_id)), hand)
    elif not item.holder:
        out.row(Button(t("I'll take it"), press("inbox.take", item.kind, item.subject_id)), hand)
    return out.row(Button(t("Back to the list"), press("inbox.show", EVERY_KIND, Whose.ALL, 0))).build()


def handed(item: ItemView, by: str, *, t: Texts) -> Screen:
    """To a colleague to whom something was handed."""
    return (
        screen(summary=t("{name} hands you something to decide", name=by))
        .para(t("{name} hands you something to decide:", name=by))
        .para(Bold(item.line[:LINE_LENGTH]))
        .row(Button(t("Look at it"), press("inbox.item", item.kind, item.subject_id), Style.PRIMARY))
        .build()
    )


def note(old: Mapping[str, tuple[str, int]], days: int, mine: int, *, t: Texts) -> Screen:
    """The daily note: what waits for long, by kind (label, how many), and how much of it the reader has taken."""
    total = sum(number for _, number in old.values())
    title = t.n("{n} thing waits for a decision", "{n} things wait for a decision", total)
    out = (
        screen(summary=title)
        .heading(title)
        .para(t.n("Longer than {n} day:", "Longer than {n} days:", days))
        .bullets([f"{t(label)}: {t.number(number)}" for label, number in old.values() if number])
    )
    if mine:
        out.para(t.n("You have taken {n} of what waits.", "You have taken {n} of what waits.", mine))
    return out.row(Button(t("To decide"), press("inbox.show", EVERY_KIND, Whose.ALL, 0), Style.PRIMARY)).build()
