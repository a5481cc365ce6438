"""What staff see while they aim, preview and send an announcement, and what its readers see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.announcements.rules import Substitution, Wording, Wordings, language_for, substitutions, written
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.audience import Facet, Group, Mark
from storage.enums import AnnouncementStatus, Locale, OrganisationCategory, Platform
from storage.models import Announcement
from storage.queries.announcements import Reach

CHOICES_A_PAGE = 8
"""More than a phone's height of buttons is not read."""
LABEL_LENGTH = 40
"""Characters of a title on a button."""
ROWS_A_PAGE = 8


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def wordings(announcement: Announcement) -> Wordings:
    """Title and text by language."""
    return {
        Locale.ITALIAN: Wording(announcement.title_it, announcement.text_it),
        Locale.ENGLISH: Wording(announcement.title_en, announcement.text_en),
    }


def title_of(announcement: Announcement, t: Texts) -> str:
    """Its title, in the reader's language where there is one."""
    return t.of(announcement, "title") or t("Announcement without a title")


def language_name(locale: Locale, t: Texts) -> str:
    """What a language is called."""
    match locale:
        case Locale.ITALIAN:
            return t("Italian")
        case Locale.ENGLISH:
            return t("English")


def facet_name(facet: Facet, t: Texts) -> str:
    """What a facet is called on its button."""
    match facet:
        case Facet.SECTOR:
            return t("Sectors")
        case Facet.GROUP:
            return t("Roles")
        case Facet.CATEGORY:
            return t("Organisations")
        case Facet.LANGUAGE:
            return t("Language")
        case Facet.PLATFORM:
            return t("Platform")
        case Facet.EVENT:
            return t("People of an event")
        case Facet.MISSION:
            return t("People of a mission")


def group_name(group: Group, t: Texts) -> str:
    """What a group of people is called."""
    match group:
        case Group.MEMBERS:
            return t("Members")
        case Group.GUESTS:
            return t("Mission guests")
        case Group.DELEGATES:
            return t("Mission delegates")
        case Group.STAFF:
            return t("Staff")


def category_name(category: OrganisationCategory, t: Texts) -> str:
    """What a sort of organisation is called."""
    match category:
        case OrganisationCategory.COMPANY:
            return t("Companies")
        case OrganisationCategory.UNIVERSITY:
            return t("Universities")
        case OrganisationCategory.HOSPITAL:
            return t("Hospitals")
        case OrganisationCategory.RESEARCH:
            return t("Research centres")
        case OrganisationCategory.AGENCY:
            return t("Agencies")


def platform_name(platform: Platform, t: Texts) -> str:
    """What a platform is called."""
    match platform:
        case Platform.TELEGRAM:
            return "Telegram"
        case Platform.SLACK:
            return "Slack"
        case Platform.WEB:
            return t("Web chat")


def status_name(status: AnnouncementStatus, t: Texts) -> str:
    """Where an announcement stands."""
    match status:
        case AnnouncementStatus.DRAFT:
            return t("draft")
        case AnnouncementStatus.SENDING:
            return t("being sent")
        case AnnouncementStatus.PAUSED:
            return t("paused")
        case AnnouncementStatus.STOPPED:
            return t("stopped")
        case AnnouncementStatus.DONE:
            return t("delivered")


# What its readers see


def announcement(wording: Wording, *, community: str, promotional: bool, t: Texts) -> Screen:
    """The announcement itself."""
    out = screen(summary=wording.title).heading(wording.title).para(wording.text)
    out.para(t("From the {community} office.", community=community))
    if promotional:
        out.row(Button(t("No more news like this"), press("announce.mute")))
    return out.build()


def as_read_by(row: Announcement, reader: Locale, *, community: str, t: Texts) -> Screen:
    """The announcement as somebody reads it who reads that language; ``t`` speaks it."""
    both = wordings(row)
    wording = both[language_for(both, row.fallback, reader)]
    return announcement(wording, community=community, promotional=row.promotional, t=t)


def muted(t: Texts) -> Screen:
    """After opting out of promotional news."""
    return (
        screen()
        .para(t("Done: no more promotional news for you. What concerns your events and missions still comes."))
        .row(Button(t("Change what I allow"), press("home.run", "privacy")))
        .build()
    )


# Aiming


@dataclass(frozen=True, slots=True)
class Chosen:
    """The marks of one facet, by the names of what is marked."""

    facet: Facet
    wanted: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Aim:
    """An announcement and whom it would reach now."""

    row: Announcement
    chosen: Sequence[Chosen]
    reach: Reach


def _who(out: ScreenBuilder, aim: Aim, t: Texts) -> None:
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


def _how_many(out: ScreenBuilder, aim: Aim, t: Texts) -> None:
    people = aim.reach.people
    out.para(Bold(t.n("{n} person will get it.", "{n} people will get it.", people)))
    if aim.reach.unreachable:
        out.para(
            t.n(
                "{n} more cannot be reached: they blocked the bot or never wrote to it.",
                "{n} more cannot be reached: they blocked the bot or never wrote to it.",
                aim.reach.unreachable,
            )
        )
    if aim.row.promotional:
        out.para(t("Promotional: only those who said yes to news are counted."))
    for one in substitutions(wordings(aim.row), aim.row.fallback, aim.reach.by_locale):
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
    _who(out, aim, t)
    _how_many(out, aim, t)
    marks = {one.facet: len(one.wanted) + len(one.unwanted) for one in aim.chosen}
    buttons = [
        Button(_with_count(facet_name(facet, t), marks.get(facet, 0)), press("announce.facet", row.id, facet))
        for facet in Facet
    ]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    out.row(Button(t("Preview"), press("announce.preview", row.id, t.locale), Style.PRIMARY))
    out.row(
        Button(t("Change the text"), press("announce.edit", row.id), opens_form=True),
        Button(t("Delete the draft"), press("announce.delete", row.id), Style.DANGER),
    )
    return out.build()


def _with_count(label: str, count: int) -> str:
    return f"✓ {label} ({count})" if count else label


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet that can be marked."""

    value: str
    label: str
    mark: Mark = Mark.OFF


NEXT_MARK: Mapping[Mark, Mark] = {Mark.OFF: Mark.IN, Mark.IN: Mark.OUT, Mark.OUT: Mark.OFF}
SIGN: Mapping[Mark, str] = {Mark.OFF: "", Mark.IN: "✓ ", Mark.OUT: "✗ "}


def facet_page(aim: Aim, facet: Facet, choices: Sequence[Choice], page: int, *, t: Texts) -> Screen:
    """The values of one facet. Each button carries the mark that it makes, so a double tap makes it once."""
    pages = max(1, -(-len(choices) // CHOICES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    out = screen(summary=facet_name(facet, t))
    out.heading(facet_name(facet, t))
    _how_many(out, aim, t)
    if choices:
        out.para(t("Tap once to choose (✓), again to leave out (✗), once more to clear."))
    else:
        out.para(t("There is nothing to choose here yet."))
    shown = choices[page * CHOICES_A_PAGE : (page + 1) * CHOICES_A_PAGE]
    for choice in shown:
        action = press("announce.mark", aim.row.id, facet, choice.value, NEXT_MARK[choice.mark], page)
        out.row(Button(SIGN[choice.mark] + clipped(choice.label), action))
    out.row(
        Button("‹", press("announce.facet", aim.row.id, facet, page - 1)) if page > 0 else None,
        Button("›", press("announce.facet", aim.row.id, facet, page + 1)) if page + 1 < pages else None,
    )
    return out.row(Button(t("Back to the audience"), press("announce.audience", aim.row.id), Style.PRIMARY)).build()


# Preview and confirmation


def preview(row: Announcement, reader: Locale, *, community: str, t: Texts, theirs: Texts) -> Screen:
    """The announcement as readers of a language see it; ``theirs`` is that language's texts."""
    out = screen(summary=t("Preview"))
    both = wordings(row)
    gets = language_for(both, row.fallback, reader)
    name = language_name(reader, t)
    if gets is reader:
        out.para(t("Preview: this is what those who read {language} get.", language=name))
    else:
        out.para(t("Preview: those who read {language} get the text below, because theirs is empty.", language=name))
    seen = as_read_by(row, reader, community=community, t=theirs)
    for block in seen.blocks:
        out.block(block)
    if row.promotional:
        out.para(t("Below it comes a button to stop such news; the test shows it."))
    out.row(
        *(
            Button(
                f"✓ {language_name(locale, t)}" if locale is reader else language_name(locale, t),
                press("announce.preview", row.id, locale),
            )
            for locale in Locale
        )
    )
    out.row(Button(t("Test to me"), press("announce.test", row.id)))
    return out.row(
        Button(t("Audience"), press("announce.audience", row.id)),
        Button(t("Go on"), press("announce.confirm", row.id), Style.PRIMARY),
    ).build()


def confirm(aim: Aim, *, t: Texts, was: int | None = None) -> Screen:
    """The last question, with the number on the button; ``was`` is the number that no longer holds."""
    row, people = aim.row, aim.reach.people
    out = screen(summary=t("Send it?"))
    out.heading(t("Send it?")).para(Bold(title_of(row, t)))
    if was is not None:
        out.para(
            t(
                "Nothing was sent: meanwhile the audience has changed from {was} to {now}. Please look again.",
                was=t.number(was),
                now=t.number(people),
            )
        )
    _who(out, aim, t)
    _how_many(out, aim, t)
    out.facts(
        (t("Languages"), t.list([language_name(locale, t) for locale in written(wordings(row))])),
        (t("Kind of message"), t("promotional") if row.promotional else t("service message")),
    )
    if people:
        label = t.n("Send to {n} person", "Send to {n} people", people)
        out.row(Button(label, press("announce.send", row.id, people), Style.PRIMARY))
    else:
        out.para(t("Nobody would get it. Please choose another audience."))
    return out.row(
        Button(t("Audience"), press("announce.audience", row.id)),
        Button(t("Preview"), press("announce.preview", row.id, t.locale)),
    ).build()


def delete_draft(row: Announcement, *, t: Texts) -> Screen:
    """Before a draft is thrown away."""
    return (
        screen(summary=t("Delete the draft?"))
        .heading(t("Delete the draft?"))
        .para(Bold(title_of(row, t)))
        .row(
            Button(t("Yes, delete it"), press("announce.discard", row.id), Style.DANGER),
            Button(t("No, keep it"), press("announce.audience", row.id)),
        )
        .build()
    )


def deleted(*, t: Texts) -> Screen:
    """After a draft was thrown away."""
    return screen().para(t("The draft is deleted.")).row(_all_button(t)).build()


def _all_button(t: Texts) -> Button:
    return Button(t("All announcements"), press("announce.all"))
