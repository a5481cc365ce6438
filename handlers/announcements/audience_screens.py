"""What staff see while they choose who gets an announcement: the live count that explains itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.announcements.extras import Extras
from handlers.announcements.names import clipped, facet_name, title_of, wordings
from handlers.announcements.rules import Substitution, substitutions
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.audience import Facet, Mark, Match
from storage.enums import ChannelPost, Locale
from storage.models import Announcement
from storage.queries.audience import Reach

CHOICES_A_PAGE = 8
"""More than a phone's height of buttons is not read."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The marks of one facet, by the names of what is marked."""

    facet: Facet
    wanted: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Aim:
    """An announcement and whom it would reach now.

    Attributes:
        match, wanted_facets: how the chosen facets go together, and how many there are.
        later: whom it would reach were the installation not on trial; ``None`` when it is not.
    """

    row: Announcement
    chosen: Sequence[Chosen]
    reach: Reach
    match: Match = Match.ALL
    wanted_facets: int = 0
    later: Reach | None = None

    @property
    def trial(self) -> bool:
        """Whether it goes to the staff alone."""
        return self.later is not None


def who(out: ScreenBuilder, aim: Aim, t: Texts) -> None:
    """Whom it is for, in words."""
    rows: list[tuple[str, str | None]] = []
    for one in aim.chosen:
        name = facet_name(one.facet, t)
        if one.wanted:
            rows.append((name, t.list(one.wanted)))
        if one.unwanted:
            rows.append((t("{facet}, without", facet=name), t.list(one.unwanted)))
    if rows:
        out.facts(*rows)
    else:
        out.para(t("Everybody in the community."))
    if aim.wanted_facets > 1:
        out.para(
            t("Who meets all of this gets it.")
            if aim.match is Match.ALL
            else t("Who meets at least one of this gets it.")
        )


def how_many(out: ScreenBuilder, aim: Aim, t: Texts) -> None:
    """How many get it, and why others do not."""
    reach = aim.reach
    out.para(Bold(t.n("{n} person will get it.", "{n} people will get it.", reach.people)))
    if aim.later is not None:
        out.para(
            t.n(
                "Trial mode: it goes to the staff only. Otherwise {n} person would get it.",
                "Trial mode: it goes to the staff only. Otherwise {n} people would get it.",
                aim.later.people,
            )
        )
    left_out = [
        t.n("{n} has not said yes to news", "{n} have not said yes to news", reach.no_consent)
        if reach.no_consent
        else "",
        t.n("{n} has turned this topic down", "{n} have turned this topic down", reach.muted) if reach.muted else "",
        t.n("{n} reads it in the channel", "{n} read it in the channel", reach.in_channel) if reach.in_channel else "",
        t.n(
            "{n} can't be reached: blocked the bot or never wrote to it",
            "{n} can't be reached: blocked the bot or never wrote to it",
            reach.unreachable,
        )
        if reach.unreachable
        else "",
    ]
    if any(left_out):
        out.para(t("Left out:"))
        out.bullets([one for one in left_out if one])
    if aim.row.promotional and not aim.trial:
        out.para(t("Promotional: only those who said yes to news are counted."))
    for one in substitutions(wordings(aim.row), aim.row.fallback, reach.by_locale):
        out.para(substitution(one, t))


def substitution(one: Substitution, t: Texts) -> str:
    """Who gets another language than their own, in a sentence."""
    if one.reads is Locale.ENGLISH:
        return t.n(
            "{n} person reads English; you wrote none: they get Italian.",
            "{n} people read English; you wrote none: they get Italian.",
            one.people,
        )
    return t.n(
        "{n} person reads Italian; you wrote none: they get English.",
        "{n} people read Italian; you wrote none: they get English.",
        one.people,
    )


def audience(aim: Aim, *, t: Texts) -> Screen:
    """Who gets it, with the live count."""
    row = aim.row
    out = screen(summary=t("Who gets it?"))
    out.heading(t("Who gets it?")).para(Bold(title_of(row, t)))
    who(out, aim, t)
    how_many(out, aim, t)
    marks = {one.facet: len(one.wanted) + len(one.unwanted) for one in aim.chosen}
    buttons = [
        Button(_with_count(facet_name(facet, t), marks.get(facet, 0)), press("announce.facet", row.id, facet))
        for facet in Facet
    ]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    if aim.wanted_facets > 1:
        other = Match.ANY if aim.match is Match.ALL else Match.ALL
        label = t("One of them is enough") if other is Match.ANY else t("All of them are needed")
        out.row(Button(label, press("announce.match", row.id, other)))
    out.row(Button(t("Preview"), press("announce.preview", row.id, t.locale), Style.PRIMARY))
    extras = Extras.from_json(row.extras)
    attached = len(extras.links) + bool(extras.picture) + bool(extras.file)
    options = (row.channel not in {None, ChannelPost.NONE}) + bool(row.asks_ack) + (row.joins_until is not None)
    out.row(
        Button(_with_count(t("Picture, file, links"), attached), press("announce.extras", row.id)),
        Button(_with_count(t("Options"), options), press("announce.options", row.id)),
    )
    out.row(
        Button(t("Change the text"), press("announce.edit", row.id), opens_form=True),
        Button(t("Delete the draft"), press("announce.delete", row.id), Style.DANGER),
    )
    return out.build()


def _with_count(label: str, count: int) -> str:
    return f"✓ {label} ({count})" if count else label


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet that can be marked; or, with parts, one whose parts can be."""

    value: str
    label: str
    mark: Mark = Mark.OFF
    parts_marked: int = 0
    has_parts: bool = False


NEXT_MARK: Mapping[Mark, Mark] = {Mark.OFF: Mark.IN, Mark.IN: Mark.OUT, Mark.OUT: Mark.OFF}
SIGN: Mapping[Mark, str] = {Mark.OFF: "", Mark.IN: "✓ ", Mark.OUT: "✗ "}


def facet_page(aim: Aim, facet: Facet, choices: Sequence[Choice], page: int, *, t: Texts) -> Screen:
    """The values of one facet. Each button carries the mark that it makes, so a double tap makes it once."""
    pages = max(1, -(-len(choices) // CHOICES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    out = screen(summary=facet_name(facet, t))
    out.heading(facet_name(facet, t))
    how_many(out, aim, t)
    if not choices:
        out.para(t("There is nothing to choose here yet."))
    elif choices[0].has_parts:
        out.para(t("Tap one to choose which of its people."))
    else:
        out.para(t("Tap once to choose (✓), again to leave out (✗), once more to clear."))
    for choice in choices[page * CHOICES_A_PAGE : (page + 1) * CHOICES_A_PAGE]:
        if choice.has_parts:
            label = _with_count(clipped(choice.label), choice.parts_marked)
            out.row(Button(label, press("announce.part", aim.row.id, facet, choice.value)))
        else:
            action = press("announce.mark", aim.row.id, facet, choice.value, NEXT_MARK[choice.mark], page)
            out.row(Button(SIGN[choice.mark] + clipped(choice.label), action))
    out.row(
        Button("‹", press("announce.facet", aim.row.id, facet, page - 1)) if page > 0 else None,
        Button("›", press("announce.facet", aim.row.id, facet, page + 1)) if page + 1 < pages else None,
    )
    return out.row(Button(t("Back to the audience"), press("announce.audience", aim.row.id), Style.PRIMARY)).build()


def part_page(aim: Aim, facet: Facet, title: str, choices: Sequence[Choice], *, t: Texts) -> Screen:
    """The people of one event or mission, by what they answered or what became of their application."""
    out = screen(summary=title)
    out.heading(title)
    how_many(out, aim, t)
    out.para(t("Tap once to choose (✓), again to leave out (✗), once more to clear."))
    for choice in choices:
        action = press("announce.mark", aim.row.id, facet, choice.value, NEXT_MARK[choice.mark])
        out.row(Button(SIGN[choice.mark] + choice.label, action))
    return out.row(
        Button("‹ " + facet_name(facet, t), press("announce.facet", aim.row.id, facet)),
        Button(t("Back to the audience"), press("announce.audience", aim.row.id), Style.PRIMARY),
    ).build()
