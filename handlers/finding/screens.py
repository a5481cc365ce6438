"""How a search looks: what was found, how to narrow it down, and what to try when nothing was."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.screen import AnyButton, Bold, Button, Screen, ScreenBuilder, Span, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.finding.carried import (
    HITS_A_PAGE,
    Asked,
    By,
    Switch,
    clipped,
    in_button,
    page_in_button,
    question_in_button,
)


@dataclass(frozen=True, slots=True)
class Line:
    """Something found. ``excerpt``: pieces of its text, and whether each is a word that was looked for."""

    title: str
    about: str
    excerpt: Sequence[tuple[str, bool]]
    press: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow a search down."""

    label: str
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of what was found.

    Attributes:
        asked: the search itself.
        lines: this page's.
        total: of all pages.
        more: there are more than ``total``.
        shortened: only the most telling words of a long question were looked for.
        corrected: what was typed and is nowhere, and what was looked for instead.
        partly: nothing holds all that was asked for.
        kind, sector, topic, language: names of the filters in use.
        member: the reader may ask the community.
    """

    asked: Asked
    lines: Sequence[Line] = ()
    total: int = 0
    more: bool = False
    shortened: bool = False
    corrected: Sequence[tuple[str, str]] = ()
    partly: bool = False
    kind: str = ""
    sector: str = ""
    topic: str = ""
    language: str = ""
    member: bool = True

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // HITS_A_PAGE))


def go(asked: Asked) -> str:
    """The action that shows a search."""
    return press("find.go", page_in_button(asked.page), in_button(asked.filters), asked.words)


def found(results: Results, t: Texts) -> Screen:
    """What a search found."""
    number = results.total
    several = t.n("{n} result", "{n} results", number)
    count = t("more than {n} results", n=t.number(number)) if results.more else several
    title = t("“{words}”: {count}", words=results.asked.words, count=count)
    out = screen(summary=title).heading(title)
    _remarks(out, results, t)
    out.bullets(_line(line) for line in results.lines)
    for line in results.lines:
        out.row(Button(clipped(line.title), line.press))
    _turn(out, results)
    _filters(out, results, t)
    return out.build()


def _remarks(out: ScreenBuilder, results: Results, t: Texts) -> None:
    if results.shortened:
        out.para(t("That was a long question: I looked for the words in it that say most."))
    for typed, instead in results.corrected:
        out.para(t("“{typed}” is nowhere, so I looked for “{instead}”.", typed=typed, instead=instead))
    if results.partly:
        out.para(t("Nothing has all of it. These come closest."))
    filters = _in_use(results, t)
    if filters:
        out.para(t("Only: {filters}", filters=", ".join(filters)))


def _in_use(results: Results, t: Texts) -> list[str]:
    wanted = results.asked.filters
    names = [results.kind, results.sector, results.topic, results.language]
    names += [t("open or still valid")] if wanted.still_open else []
    names += [t("mine")] if wanted.mine else []
    return [name for name in names if name]


def _line(line: Line) -> list[Span]:
    spans: list[Span] = [Bold(line.title), f"\n{line.about}"]
    if line.excerpt:
        spans.append("\n")
        spans.extend(Bold(text) if is_found else text for text, is_found in line.excerpt)
    return spans


def _turn(out: ScreenBuilder, results: Results) -> None:
    if results.pages == 1:
        return
    asked, page = results.asked, results.asked.page

    def to(number: int) -> str:
        return go(Asked(asked.words, asked.filters, number))

    buttons: list[AnyButton] = [Button(f"{page + 1}/{results.pages}", to(page))]
    if page > 0:
        buttons.insert(0, Button("‹", to(page - 1)))
    if page < results.pages - 1:
        buttons.append(Button("›", to(page + 1)))
    out.row(*buttons)


def _filters(out: ScreenBuilder, results: Results, t: Texts) -> None:
    asked = results.asked

    def choose(by: By) -> str:
        return press("find.by", by, in_button(asked.filters), asked.words)

    def named(label: str, name: str) -> str:
        return clipped(f"{label}: {name}", 30) if name else label

    out.row(
        Button(named(t("Kind"), results.kind), choose(By.KIND)),
        Button(named(t("Sector"), results.sector), choose(By.SECTOR)),
    )
    out.row(
        Button(named(t("Topic"), results.topic), choose(By.TOPIC)),
        Button(named(t("Language"), results.language), choose(By.LANGUAGE)),
    )
    still_open = t("✓ Only open or valid") if asked.filters.still_open else t("Only open or valid")
    mine = t("✓ Only mine") if asked.filters.mine else t("Only mine")
    out.row(Button(still_open, go(asked.switched(Switch.OPEN))), Button(mine, go(asked.switched(Switch.MINE))))


@dataclass(frozen=True, slots=True)
class Way:
    """Something else to look for, and how much it finds."""

    choice: Choice
    total: int


def nothing_found(results: Results, typed: str, ways: Sequence[Way], t: Texts) -> Screen:
    """A search without a result, and what to try next: a filter less, a word less, or a question to everybody."""
    nothing = t("Nothing yet on “{words}”.", words=clipped(typed, 80))
    out = screen(summary=nothing).para(Bold(nothing))
    _remarks(out, results, t)
    if ways:
        out.para(t("This does find something:"))
    for way in ways:
        out.row(Button(clipped(f"{way.choice.label} ({t.number(way.total)})"), go(way.choice.asked)))
    if results.member:
        out.para(t("Somebody in the community may know. Shall we ask them? Or try another word, or just one."))
    else:
        out.para(t("Try another word, or just one."))
    question = question_in_button(typed)
    if question and results.member:
        out.row(Button(t("Ask the community"), press("post.ask", question), Style.PRIMARY, opens_form=True))
    return out.row(_menu(t)).build()


def choose(question: str, choices: Sequence[Choice], back: Asked, t: Texts) -> Screen:
    """Which kind, sector, topic or language."""
    out = screen().para(question)
    for choice in choices:
        out.row(Button(clipped(choice.label), go(choice.asked)))
    return out.row(Button(t("Back"), go(back))).build()


def what_to_find(*, member: bool, t: Texts) -> Screen:
    """How to search."""
    out = screen().para(t("What are you looking for? Just write it here, one or two words are enough."))
    return out.row(Button(t("Latest posts"), press("post.find", 0, 0, 0, "")) if member else None, _menu(t)).build()


def a_file(t: Texts) -> Screen:
    """A file came without a form that asks for one."""
    return (
        screen()
        .para(t("A file, thank you! If you want to share it, open the form: it asks for the file at the end."))
        .row(Button(t("Share know-how"), press("post.share"), Style.PRIMARY, opens_form=True), _menu(t))
        .build()
    )


def not_yet(words: str, t: Texts) -> Screen:
    """Plain words from somebody who cannot search."""
    out = screen().para(t("I don't know “{word}”.", word=clipped(words, 40)) if words else t("I can't use this here."))
    return out.row(Button(t("What can I do here?"), press("home.help")), _menu(t)).build()


def _menu(t: Texts) -> Button:
    return Button(t("Menu"), press("home.show"))
