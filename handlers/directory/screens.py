"""The directory and its people, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale as CldrLocale

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Span, Style, one_line, press, screen
from handlers.conversation.texts import Texts
from handlers.directory.rules import PEOPLE_A_PAGE, words_for_button
from storage.queries.directory import Shown

FIELDS = ("organisation", "role", "sectors", "offers", "languages")
"""What can be shown or not, beside the name."""
EXCERPT = 140
LABEL = 40


@dataclass(frozen=True, slots=True)
class Search:
    """How the directory was asked; a filter of id 0 lets all through."""

    words: str = ""
    page: int = 0
    sector: int = 0
    sector_name: str = ""
    organisation: int = 0
    organisation_name: str = ""

    def action(self, verb: str, page: int) -> str:
        """The action that asks for a page of the same."""
        asked = words_for_button(self.words)
        parts = (page, self.sector, self.organisation)
        return press(verb, *parts, asked) if asked else press(verb, *parts)

    def only(self, *, sector: int | None = None, organisation: int | None = None) -> str:
        """The action that shows the first page with another filter."""
        other = Search(
            self.words,
            sector=self.sector if sector is None else sector,
            organisation=self.organisation if organisation is None else organisation,
        )
        return other.action("people.find", 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reader themselves stands in the directory."""

    is_in: bool
    has_chosen: bool


def people(search: Search, found: Sequence[Shown], total: int, standing: Standing, *, t: Texts) -> Screen:
    """A page of the directory."""
    words, number = words_for_button(search.words), t.number(total)
    title = t("“{words}”: {count}", words=words, count=number) if words else t("People: {n}", n=number)
    out = screen(summary=title).heading(title)
    filters = [one for one in (search.sector_name, search.organisation_name) if one]
    if filters:
        out.para(t("Only: {filters}", filters=", ".join(filters)))
    if not found:
        out.para(t("Nobody who wants to be found fits this. Try fewer words or another filter."))
    out.bullets(_line(one) for one in found)
    for one in found:
        out.row(Button(one_line(one.name, LABEL), press("people.open", one.person_id)))
    pages = max(1, -(-total // PEOPLE_A_PAGE))
    out.row(
        Button("‹", search.action("people.find", search.page - 1)) if search.page > 0 else None,
        Button("›", search.action("people.find", search.page + 1)) if search.page + 1 < pages else None,
    )
    out.row(
        Button(t("Search"), press("people.search"), opens_form=True),
        Button(t("Sector"), search.action("people.sectors", 0)),
        Button(t("Organisation"), search.action("people.houses", 0)),
    )
    if not standing.is_in:
        out.para(t("You are not in here yourself: only who allows it can be found."))
    elif not standing.has_chosen:
        out.para(t("Of you, only your name and organisation show so far. Choose what else."))
    return out.row(
        Button(t("How I appear"), press("people.mine")), Button(t("Introductions"), press("intro.list"))
    ).build()


def _line(one: Shown) -> tuple[Span, ...]:
    about = ", ".join(part for part in (one.role, one.organisation) if part)
    spans: list[Span] = [Bold(one.name)]
    if about:
        spans.append(f" – {about}")
    if one.offers:
        spans.append(f" – {one_line(one.offers, EXCERPT)}")
    return tuple(spans)


def _choices(
    out: ScreenBuilder, search: Search, choices: Sequence[tuple[str, str]], page: int, verb: str, t: Texts
) -> Screen:
    a_page = 8
    pages = max(1, -(-len(choices) // a_page))
    page = min(max(page, 0), pages - 1)
    for label, action in choices[page * a_page : (page + 1) * a_page]:
        out.row(Button(label, action))
    out.row(
        Button("‹", search.action(verb, page - 1)) if page > 0 else None,
        Button("›", search.action(verb, page + 1)) if page + 1 < pages else None,
    )
    return out.row(Button(t("Back to the people"), search.action("people.find", 0))).build()


def sectors(search: Search, found: Sequence[tuple[int, str, int]], page: int, *, t: Texts) -> Screen:
    """Which sector? Each as id, name, people."""
    out = screen(summary=t("Sector")).heading(t("Sector"))
    choices = [(t("All sectors"), search.only(sector=0))]
    choices += [
        (t("{name} ({n})", name=one_line(name, LABEL), n=t.number(number)), search.only(sector=key))
        for key, name, number in found
    ]
    return _choices(out, search, choices, page, "people.sectors", t)


def organisations(search: Search, found: Sequence[tuple[int, str, int]], page: int, *, t: Texts) -> Screen:
    """Which organisation? Each as id, name, people."""
    out = screen(summary=t("Organisation")).heading(t("Organisation"))
    choices = [(t("All organisations"), search.only(organisation=0))]
    choices += [
        (t("{name} ({n})", name=one_line(name, LABEL), n=t.number(number)), search.only(organisation=key))
        for key, name, number in found
    ]
    return _choices(out, search, choices, page, "people.houses", t)


# One person


def language_names(codes: Sequence[str], t: Texts) -> str:
    """``italiano, inglese``, of ISO 639-1 codes; what is no such code stands as it is."""
    names = CldrLocale(t.locale.value).languages
    return ", ".join(str(names.get(code, code)) for code in codes)


def facts_of(shown: Shown, t: Texts) -> tuple[tuple[str, str], ...]:
    """What somebody shows, labelled."""
    return (
        (t("Organisation"), shown.organisation),
        (t("Role"), shown.role),
        (t("Sectors"), ", ".join(t.of(one, "name") for one in shown.sectors)),
        (t("Offers"), shown.offers),
        (t("Seeks"), shown.seeks),
        (t("Languages"), language_names(shown.languages, t)),
    )


def person(shown: Shown, *, is_me: bool, t: Texts) -> Screen:
    """Somebody in the directory."""
    out = screen(summary=shown.name).heading(shown.name).facts(*facts_of(shown, t))
    if is_me:
        out.row(Button(t("How I appear"), press("people.mine")))
    else:
        out.row(Button(t("Ask for an introduction"), press("intro.ask", shown.person_id), Style.PRIMARY,
                       opens_form=True))  # fmt: skip
        out.row(Button(t("Block"), press("people.block", shown.person_id)))
    return out.row(Button(t("Back to the people"), press("people.find", 0))).build()


def field_name(field: str, t: Texts) -> str:
    """What somebody can show or not."""
    match field:
        case "organisation":
            return t("Organisation")
        case "role":
            return t("Role")
        case "sectors":
            return t("Sectors")
        case "offers":
            return t("What I offer and seek")
        case _:
            return t("Languages")


def mine(shown: Shown, chosen: Sequence[str], contact: str, *, is_in: bool, has_account: bool, t: Texts) -> Screen:
    """How the reader appears, and what of it they choose."""
    out = screen(summary=t("How I appear")).heading(t("How I appear"))
    if is_in:
        out.para(t("This is what other members find. Your phone number and accounts never show."))
        out.para(Bold(shown.name)).facts(*facts_of(shown, t))
    else:
        out.para(t("You are hidden: nobody finds you. Whoever allows the directory chooses here what shows."))
        out.row(Button(t("What I allow"), press("privacy.show"), Style.PRIMARY))
    for field in FIELDS:
        shows = field in chosen
        label = ("✓ " if shows else "") + field_name(field, t)
        out.row(Button(label, press("people.field", field, int(not shows))))
    if contact:
        out.para(t("When you both say yes to an introduction, they get: {contact}", contact=contact))
    elif has_account:
        out.para(t("When you both say yes to an introduction, they get a link to your Slack account."))
    else:
        out.para(t("When you both say yes to an introduction, they need a way to reach you: say which."))
    out.row(Button(t("My contact"), press("people.contact"), opens_form=True))
    return out.row(
        Button(t("Blocked people"), press("people.blocked")), Button(t("Back to the people"), press("people.find", 0))
    ).build()


def blocked(name: str, person_id: int, *, t: Texts) -> Screen:
    """After blocking somebody."""
    return (
        screen()
        .para(t("Done: you and {name} no longer see each other here. They are not told.", name=name))
        .row(Button(t("Undo"), press("people.unblock", person_id)), Button(t("Menu"), press("home.show")))
        .build()
    )


def blocked_people(found: Sequence[tuple[int, str]], *, t: Texts) -> Screen:
    """Whom the reader has blocked: id, name."""
    out = screen(summary=t("Blocked people")).heading(t("Blocked people"))
    out.para(t("You have blocked nobody.") if not found else t("Tap somebody to see each other again."))
    for person_id, name in found:
        out.row(Button(one_line(name, LABEL), press("people.unblock", person_id)))
    return out.row(Button(t("How I appear"), press("people.mine"))).build()
