"""How joining, the profile and linking look."""

from dataclasses import dataclass, field
from enum import StrEnum

from handlers.conversation.codes import ADDRESS_LIFE
from handlers.conversation.context import Community
from handlers.conversation.privacy_notice import NOTICE_VERSION, notice
from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import Locale, PersonStatus


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as their profile shows them."""

    person_id: int
    name: str
    organisation: str
    job_title: str
    sectors: list[str]
    offers: str
    seeks: str
    status: PersonStatus
    platforms: list[str]
    topics: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    work_address: str = ""
    known_organisation: bool = True
    seats: str = ""
    wanted: str = ""


class ProfileField(StrEnum):
    """What of a profile can be changed on its own; the organisation has a way of its own."""

    NAME = "name"
    JOB_TITLE = "job_title"
    SECTORS = "sectors"
    TOPICS = "topics"
    OFFERS = "offers"
    SEEKS = "seeks"
    LANGUAGES = "languages"


def field_label(one: ProfileField, t: Texts) -> str:
    """What a part of the profile is called."""
    match one:
        case ProfileField.NAME:
            return t("Name")
        case ProfileField.JOB_TITLE:
            return t("Role")
        case ProfileField.SECTORS:
            return t("Sectors")
        case ProfileField.TOPICS:
            return t("Topics")
        case ProfileField.OFFERS:
            return t("Offers")
        case ProfileField.SEEKS:
            return t("Seeks")
        case ProfileField.LANGUAGES:
            return t("Languages")


def welcome(community: Community, code: str) -> Screen:
    """The very first screen, in both languages because none is known; the code travels in the buttons."""
    return (
        screen(summary=community.name)
        .heading(community.name)
        .para("Ciao! Qui la comunità condivide know-how, eventi e missioni. In che lingua parliamo?")
        .para("Hello! Here the community shares know-how, events and missions. Which language shall we speak?")
        .row(
            Button("Italiano", press("join.lang", Locale.ITALIAN, code)),
            Button("English", press("join.lang", Locale.ENGLISH, code)),
        )
        .build()
    )


def privacy(community: Community, locale: Locale, code: str, organisation: str, note: str = "", *, t: Texts) -> Screen:
    """The notice with yes and no, before anything is stored; ``note`` says what is the matter with an invitation."""
    out = notice(t, community)
    if organisation:
        out.para(Bold(t("You were invited by {organisation}.", organisation=organisation)))
    if note:
        out.para(note)
    return out.row(
        Button(
            t("I agree, let's go"), press("join.accept", locale, code, NOTICE_VERSION), Style.PRIMARY, opens_form=True
        ),
        Button(t("No, thanks"), press("join.decline", locale)),
    ).build()


def privacy_changed(community: Community, *, t: Texts) -> Screen:
    """The notice again, because it has changed since this person agreed."""
    return (
        notice(t, community)
        .para(Bold(t("This notice has changed since you agreed to it. Please read it and choose.")))
        .row(Button(t("I agree"), press("join.renew", NOTICE_VERSION), Style.PRIMARY))
        .build()
    )


def declined(*, t: Texts) -> Screen:
    """They said no: nothing was stored."""
    return screen().para(t("That's fine: nothing about you was kept. If you change your mind, write /start.")).build()


def agreed(note: str = "", *, t: Texts) -> Screen:
    """What the notice becomes when they have agreed."""
    return screen().para(t("✓ Thank you. Now a few questions about you: it takes a minute.")).para(note).build()


def ways(*, by_mail: bool, t: Texts) -> Screen:
    """How one can join, for somebody who came without an invitation."""
    out = (
        screen(summary=t("Which organisation are you from?"))
        .heading(t("Which organisation are you from?"))
        .para(t("The quickest way shows me that you belong to it. Otherwise the staff answer, usually within a day."))
    )
    if by_mail:
        out.row(Button(t("I have a work address"), press("join.address"), Style.PRIMARY, opens_form=True))
    return out.row(
        Button(t("I have an invitation"), press("join.code"), opens_form=True),
        Button(t("Ask the staff"), press("join.ask"), opens_form=True),
    ).build()


def code_sent(shown_address: str, *, t: Texts) -> Screen:
    """A code is on its way. The same whatever the address's domain."""
    return (
        screen(summary=t("Look at your e-mail"))
        .heading(t("Look at your e-mail"))
        .para(
            t(
                "I'm sending a code with 6 digits to {address}. It works once, within {time}.",
                address=shown_address,
                time=t.duration(ADDRESS_LIFE),
            )
        )
        .row(
            Button(t("Type the code"), press("join.digits"), Style.PRIMARY, opens_form=True),
            Button(t("Another address"), press("join.address"), opens_form=True),
        )
        .build()
    )


def address_unknown(domain: str, *, t: Texts) -> Screen:
    """The address is theirs, and its domain is nobody's here."""
    return (
        screen(summary=t("Your address is confirmed"))
        .para(t("✓ Your address is confirmed."))
        .para(
            t(
                "I don't know yet whose addresses end in {domain}, so the staff will have a look: tell me your "
                "organisation's name.",
                domain=domain,
            )
        )
        .build()
    )


def address_taken(*, t: Texts) -> Screen:
    """The address is theirs, and so is a profile they made before."""
    return (
        screen(summary=t("You are here already"))
        .para(t("✓ Your address is confirmed. There is a profile with it already."))
        .para(
            t(
                "Is it yours? Then write /link where I know you, and bring me the code: this account becomes part of "
                "that profile. If it isn't, the staff can help you."
            )
        )
        .build()
    )


def belongs(organisation: str, *, t: Texts) -> Screen:
    """An organisation lets them in; the profile comes next."""
    return (
        screen()
        .para(t("✓ You belong to {organisation}. Now a few questions about you.", organisation=organisation))
        .build()
    )


def full(organisation: str, *, t: Texts) -> Screen:
    """The organisation is right, and its places are taken."""
    return (
        screen(summary=t("{organisation} is full", organisation=organisation))
        .para(
            t(
                "All the places of {organisation} are taken at the moment. The staff know, and will decide about "
                "yours.",
                organisation=organisation,
            )
        )
        .build()
    )


def moved(organisation: str, *, t: Texts) -> Screen:
    """A member belongs to another organisation now."""
    return (
        screen(summary=t("You belong to {organisation} now", organisation=organisation))
        .para(t("✓ You belong to {organisation} now.", organisation=organisation))
        .row(Button(t("My profile"), press("profile.show")), Button(t("Menu"), press("home.show")))
        .build()
    )


def not_moved(reason: str, community: Community, *, t: Texts) -> Screen:
    """The staff said no to another organisation; nothing has changed."""
    out = screen(summary=t("About your organisation")).para(t("The staff left your organisation as it is."))
    if reason:
        out.para(t("They wrote: {reason}", reason=reason))
    return out.para(t("If you think this is a mistake, write to {contact}.", contact=community.contact)).build()


def waiting(*, t: Texts) -> Screen:
    """The request was sent to the staff."""
    return (
        screen(summary=t("Your request is with the staff"))
        .heading(t("Your request is with the staff"))
        .para(t("They usually answer within a working day. I'll write to you here."))
        .build()
    )


def joined(name: str, community: Community, *, t: Texts) -> Screen:
    """Welcome, member."""
    return (
        screen(summary=t("Welcome to {community}!", community=community.name))
        .heading(t("Welcome to {community}!", community=community.name))
        .para(t("{name}, you're in. Have a look around, or just write what you are looking for.", name=name))
        .row(
            Button(t("Menu"), press("home.show"), Style.PRIMARY),
            Button(t("What I allow"), press("privacy.show")),
        )
        .build()
    )


def refused(reason: str, community: Community, *, t: Texts) -> Screen:
    """The staff said no."""
    return (
        screen(summary=t("About your request to join"))
        .para(t("The staff of {community} could not accept your request to join.", community=community.name))
        .para(t("They wrote: {reason}", reason=reason) if reason else "")
        .para(t("If you think this is a mistake, write to {contact}.", contact=community.contact))
        .build()
    )


def request(profile: Profile, decided: str, *, t: Texts) -> Screen:
    """A request to join, for the staff; ``decided`` says what became of it and takes the buttons away."""
    out = (
        screen(summary=t("{name} asks to join", name=profile.name))
        .heading(t("{name} asks to join", name=profile.name))
        .facts(
            (t("Organisation"), profile.organisation),
            (t("Its places"), profile.seats),
            (t("Address confirmed"), profile.work_address),
            (t("Role"), profile.job_title),
            (t("Sectors"), ", ".join(profile.sectors)),
            (t("Offers"), profile.offers),
            (t("Seeks"), profile.seeks),
            (t("Writes from"), ", ".join(profile.platforms)),
        )
    )
    if decided:
        return out.para(Bold(decided)).build()
    out.row(
        Button(t("Accept"), press("join.approve", profile.person_id), Style.PRIMARY),
        Button(t("Not this time"), press("join.refuse", profile.person_id), Style.DANGER, opens_form=True),
    )
    if not profile.known_organisation:
        out.row(Button(t("Choose the organisation"), press("join.place", profile.person_id), opens_form=True))
    return out.build()


@dataclass(frozen=True, slots=True)
class Move:
    """A member's wish to belong elsewhere, as the staff see it."""

    request_id: int
    person: str
    now_at: str
    wanted: str
    left_from: str
    seats: str
    work_address: str


def move_request(move: Move, decided: str, *, t: Texts) -> Screen:
    """It, with its buttons or with what became of it."""
    title = (
        t("{name} wants to belong to another organisation", name=move.person)
        if move.wanted or not move.left_from
        else t("{name} has left {organisation}", name=move.person, organisation=move.left_from)
    )
    out = (
        screen(summary=title)
        .heading(title)
        .facts(
            (t("Now at"), move.now_at),
            (t("Before"), move.left_from),
            (t("Would belong to"), move.wanted),
            (t("Its places"), move.seats),
            (t("Address confirmed"), move.work_address),
        )
    )
    if decided:
        return out.para(Bold(decided)).build()
    out.row(
        Button(t("Accept"), press("move.accept", move.request_id), Style.PRIMARY) if move.wanted else None,
        Button(t("Not this time"), press("move.decline", move.request_id), Style.DANGER, opens_form=True),
    )
    return out.row(Button(t("Choose the organisation"), press("move.place", move.request_id), opens_form=True)).build()


def requests(
    waiting_people: list[tuple[int, str, str]], moves: list[tuple[int, str, str]], more: int, *, t: Texts
) -> Screen:
    """Those who wait for an answer: (id, name, organisation); first to join, then to belong elsewhere."""
    out = screen(summary=t("Requests to join")).heading(t("Requests to join"))
    if not waiting_people and not moves:
        return out.para(t("Nobody is waiting.")).row(Button(t("Menu"), press("home.show"))).build()
    for person_id, name, organisation in waiting_people:
        out.para(Bold(name), f" – {organisation}" if organisation else "")
        out.row(Button(t("Look at {name}", name=name.split()[0] if name else "–"), press("join.look", person_id)))
    if moves:
        out.heading(t("Another organisation"))
    for request_id, name, wanted in moves:
        out.para(Bold(name), f" → {wanted}" if wanted else "")
        out.row(Button(t("Look at {name}", name=name.split()[0] if name else "–"), press("move.look", request_id)))
    if more:
        out.para(t.n("{n} more is waiting: answer these first.", "{n} more are waiting: answer these first.", more))
    return out.build()


def profile_screen(profile: Profile, *, t: Texts) -> Screen:
    """My profile."""
    out = (
        screen(summary=profile.name)
        .heading(profile.name)
        .facts(
            (t("Organisation"), profile.organisation),
            (t("Would like to join"), profile.wanted),
            (t("Role"), profile.job_title),
            (t("Sectors"), ", ".join(profile.sectors)),
            (t("Topics"), ", ".join(profile.topics)),
            (t("Offers"), profile.offers),
            (t("Seeks"), profile.seeks),
            (t("Languages"), ", ".join(profile.languages)),
            (t("Work address"), profile.work_address),
            (t("Writes from"), ", ".join(profile.platforms)),
        )
        .row(
            Button(t("Change"), press("profile.edit"), Style.PRIMARY),
            Button(t("What I allow"), press("privacy.show")),
        )
    )
    if len(profile.platforms) > 1:
        return out.row(Button(t("Where I know you"), press("link.accounts"))).build()
    return out.row(Button(t("Use another platform too"), press("link.new"))).build()


def edit_choice(*, has_topics: bool, in_organisation: bool, t: Texts) -> Screen:
    """Which part of the profile to change."""
    out = screen(summary=t("What shall we change?")).heading(t("What shall we change?"))
    parts = [one for one in ProfileField if has_topics or one is not ProfileField.TOPICS]
    buttons = [Button(field_label(one, t), press("profile.field", one), opens_form=True) for one in parts]
    buttons.insert(1, Button(t("Organisation"), press("profile.organisation")))
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    if in_organisation:
        out.row(Button(t("I'm leaving my organisation"), press("org.leave"), opens_form=True))
    return out.row(Button(t("‹ Back"), press("profile.show"))).build()


def organisation_ways(organisation: str, wanted: str, *, by_mail: bool, t: Texts) -> Screen:
    """How a member comes to belong to another organisation."""
    out = (
        screen(summary=t("Another organisation"))
        .heading(t("Another organisation"))
        .facts((t("You are at"), organisation), (t("You asked for"), wanted))
        .para(
            t("With an address or an invitation of the other organisation it is done at once. Else the staff answer.")
        )
    )
    if by_mail:
        out.row(Button(t("I have a work address"), press("join.address"), Style.PRIMARY, opens_form=True))
    return (
        out.row(
            Button(t("I have an invitation"), press("join.code"), opens_form=True),
            Button(t("Ask the staff"), press("profile.move"), opens_form=True),
        )
        .row(Button(t("‹ Back"), press("profile.edit")))
        .build()
    )


def move_asked(*, t: Texts) -> Screen:
    """The wish to belong elsewhere is with the staff."""
    return (
        screen(summary=t("Your request is with the staff"))
        .para(t("✓ The staff will look at it. Until they answer, nothing changes."))
        .row(Button(t("My profile"), press("profile.show")), Button(t("Menu"), press("home.show")))
        .build()
    )


def invitation_confirm(code: str, organisation: str, *, t: Texts) -> Screen:
    """Before a member changes organisation by an invitation."""
    return (
        screen(summary=t("Invitation for {organisation}", organisation=organisation))
        .para(
            t(
                "This invitation is for the people of {organisation}. Do you belong to it now?",
                organisation=organisation,
            )
        )
        .row(
            Button(t("Yes, that's where I am"), press("join.take", code), Style.PRIMARY),
            Button(t("No"), press("home.show")),
        )
        .build()
    )
