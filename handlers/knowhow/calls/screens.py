"""Open calls, what is followed, and who looks for a partner, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.screens import clipped

CALLS_A_PAGE = 5
PARTNERS_A_PAGE = 5


@dataclass(frozen=True, slots=True)
class CallLine:
    """An open call in a list; ``days`` are those left."""

    id: int
    title: str
    deadline: date
    days: int
    sector: str = ""


@dataclass(frozen=True, slots=True)
class FollowLine:
    """What somebody follows: a call by its title, or else kind and sector, empty where it is all of them."""

    id: int
    title: str = ""
    kind: str = ""
    sector: str = ""

    def name(self, t: Texts) -> str:
        """In words."""
        if self.title:
            return t("“{title}”", title=clipped(self.title, 60))
        if self.kind and self.sector:
            return t("{kind}, {sector}", kind=self.kind, sector=self.sector)
        return self.kind or self.sector or t("All calls")


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """Somebody who looks for a partner."""

    id: int
    name: str
    organisation: str
    sentence: str
    is_me: bool = False


def left(days: int, t: Texts) -> str:
    """How long one can still apply."""
    return t.n("{n} day left", "{n} days left", days) if days > 0 else t("today is the last day")


def calls(lines: Sequence[CallLine], page: int, total: int, t: Texts) -> Screen:
    """What is open, the next deadline first."""
    out = screen(summary=t("Open calls")).heading(t("Open calls"))
    if not lines:
        out.para(t("No call is open right now."))
    out.bullets(
        (
            Bold(line.title),
            "\n" + t("{day}: {left}", day=t.day(line.deadline, year=True), left=left(line.days, t)),
            f" · {line.sector}" if line.sector else "",
        )
        for line in lines
    )
    for line in lines:
        out.row(Button(clipped(line.title), press("post.open", line.id)))
    _turn(out, "call.list", (), page, total, CALLS_A_PAGE)
    return out.row(Button(t("What I follow"), press("call.follows")), _menu(t)).build()


def _turn(out: ScreenBuilder, verb: str, args: tuple[int, ...], page: int, total: int, size: int) -> None:
    last = max(0, (total - 1) // size)
    out.row(
        Button("‹", press(verb, *args, page - 1)) if page > 0 else None,
        Button("›", press(verb, *args, page + 1)) if page < last else None,
    )


def follows(lines: Sequence[FollowLine], t: Texts) -> Screen:
    """What the reader follows."""
    out = screen(summary=t("Deadlines you follow")).heading(t("Deadlines you follow"))
    if not lines:
        out.para(t("None yet. Follow a kind of call or a sector, or a single call below its post."))
    else:
        out.para(t("I write to you 30, 14, 7 and 2 days before each deadline."))
    for number, line in enumerate(lines, 1):
        out.para(f"{number}. {line.name(t)}")
        out.row(Button(t("Stop: no. {n}", n=t.number(number)), press("call.stop", line.id)))
    out.row(Button(t("Follow more"), press("call.more"), Style.PRIMARY, opens_form=True))
    return out.row(Button(t("Open calls"), press("call.list", 0)), _menu(t)).build()


def partners(
    title: str, post_id: int, lines: Sequence[PartnerLine], page: int, total: int, *, seeks: bool, t: Texts
) -> Screen:
    """Who looks for a partner for a call; ``seeks``: whether the reader does."""
    head = t("Partners for “{title}”", title=clipped(title, 80))
    out = screen(summary=head).heading(head)
    if not lines:
        out.para(t("Nobody has put themselves down yet. Be the first: those who come after find you here."))
    for number, line in enumerate(lines, page * PARTNERS_A_PAGE + 1):
        who = f"{line.name}, {line.organisation}" if line.organisation else line.name
        out.para(Bold(f"{number}. {who}"), f"\n{line.sentence}")
        if not line.is_me:
            out.row(Button(t("Contact no. {n}", n=t.number(number)), press("call.contact", line.id), opens_form=True))
    if any(not line.is_me for line in lines):
        out.para(t("You get each other's contact only if they say yes."))
    _turn(out, "call.partners", (post_id,), page, total, PARTNERS_A_PAGE)
    if seeks:
        out.row(
            Button(t("Change my sentence"), press("call.seek", post_id), opens_form=True),
            Button(t("Take me off the list"), press("call.unseek", post_id)),
        )
    else:
        out.row(Button(t("I look for a partner too"), press("call.seek", post_id), Style.PRIMARY, opens_form=True))
    return out.row(Button(t("Back to the post"), press("post.open", post_id))).build()


def told_deadline(line: CallLine, kind: str, partners_total: int, t: Texts) -> Screen:
    """To who follows it: so many days are left."""
    title = clipped(line.title, 80)
    if line.days > 0:
        head = t.n("{n} day left: “{title}”", "{n} days left: “{title}”", line.days, title=title)
    else:
        head = t("Last day today: “{title}”", title=title)
    out = screen(summary=head).heading(head)
    out.facts(
        (t("Deadline"), t.day(line.deadline, year=True)),
        (t("Kind"), kind),
        (t("Sector"), line.sector),
        (t("Look for a partner"), t.number(partners_total) if partners_total else None),
    )
    return (
        out.row(
            Button(t("See it"), press("post.open", line.id)),
            Button(t("Partners for it"), press("call.partners", line.id, 0)),
        )
        .row(Button(t("No more about this one"), press("call.follow", line.id, 0)))
        .build()
    )


def _menu(t: Texts) -> Button:
    return Button(t("Menu"), press("home.show"))
