"""How joining, the profile and linking look."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.conversation.codes import LINK_LIFE
from handlers.conversation.context import Community
from handlers.conversation.privacy_notice import NOTICE_VERSION, notice
from handlers.conversation.screen import Bold, Button, Screen, Style, UrlButton, press, screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from storage.enums import Locale, PersonStatus, Platform


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


def privacy(community: Community, locale: Locale, code: str, organisation: str, *, t: Texts) -> Screen:
    """The notice with yes and no, before anything is stored."""
    out = notice(t, community)
    if organisation:
        out.para(Bold(t("You were invited by {organisation}.", organisation=organisation)))
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


def agreed(*, t: Texts) -> Screen:
    """What the notice becomes when they have agreed."""
    return screen().para(t("✓ Thank you. Now a few questions about you: it takes a minute.")).build()


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
            (t("Role"), profile.job_title),
            (t("Sectors"), ", ".join(profile.sectors)),
            (t("Offers"), profile.offers),
            (t("Seeks"), profile.seeks),
            (t("Writes from"), ", ".join(profile.platforms)),
        )
    )
    if decided:
        return out.para(Bold(decided)).build()
    return out.row(
        Button(t("Accept"), press("join.approve", profile.person_id), Style.PRIMARY),
        Button(t("Not this time"), press("join.refuse", profile.person_id), Style.DANGER, opens_form=True),
    ).build()


def requests(waiting_people: list[tuple[int, str, str]], *, t: Texts) -> Screen:
    """Those who wait for an answer: (id, name, organisation)."""
    out = screen(summary=t("Requests to join")).heading(t("Requests to join"))
    if not waiting_people:
        return out.para(t("Nobody is waiting.")).row(Button(t("Menu"), press("home.show"))).build()
    for person_id, name, organisation in waiting_people:
        out.para(Bold(name), f" – {organisation}" if organisation else "")
        out.row(Button(t("Look at {name}", name=name.split()[0]), press("join.look", person_id)))
    return out.build()


def profile_screen(profile: Profile, *, t: Texts) -> Screen:
    """My profile."""
    return (
        screen(summary=profile.name)
        .heading(profile.name)
        .facts(
            (t("Organisation"), profile.organisation),
            (t("Role"), profile.job_title),
            (t("Sectors"), ", ".join(profile.sectors)),
            (t("Offers"), profile.offers),
            (t("Seeks"), profile.seeks),
            (t("Writes from"), ", ".join(profile.platforms)),
        )
        .row(
            Button(t("Change"), press("profile.edit"), Style.PRIMARY, opens_form=True),
            Button(t("What I allow"), press("privacy.show")),
        )
        .row(Button(t("Use another platform too"), press("link.new")))
        .build()
    )


def link_code(code: str, here: Platform, slash_command: str, deep_link: str, *, t: Texts) -> Screen:
    """A code to type on the other platform."""
    out = (
        screen(summary=t("Your linking code"))
        .heading(t("Your linking code"))
        .para(t("On the other platform, write this to me within {time}:", time=t.duration(LINK_LIFE)))
    )
    out.para(Bold(f"/link {code}" if here is Platform.SLACK else f"{slash_command} link {code}"))
    out.para(t("It works once. From then on we are one conversation: I write where you were last."))
    if deep_link:
        out.row(UrlButton(t("Open Telegram"), deep_link))
    return out.build()


def link_confirm(code: str, name: str, platform: Platform, *, t: Texts) -> Screen:
    """Before two accounts become one person."""
    return (
        screen(summary=t("Link this account?"))
        .para(
            t(
                "This code belongs to {name} on {platform}. Shall I treat this account as the same person?",
                name=name,
                platform=PLATFORM_NAMES[platform],
            )
        )
        .row(
            Button(t("Yes, that's me"), press("link.accept", code), Style.PRIMARY),
            Button(t("No"), press("link.decline")),
        )
        .build()
    )


def linked(platform: Platform, *, t: Texts) -> Screen:
    """Told on both sides."""
    return (
        screen(summary=t("Linked"))
        .para(t("✓ {platform} is now linked to your profile.", platform=PLATFORM_NAMES[platform]))
        .para(t("Wasn't that you? Tell the staff at once."))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def not_linked(*, t: Texts) -> Screen:
    """They said no."""
    return screen().para(t("Nothing was linked.")).build()


def link_help(life: timedelta, *, t: Texts) -> Screen:
    """For somebody who has no code."""
    return (
        screen()
        .para(
            t(
                "To link this account, ask me for a code where I know you already (write /link there), "
                "then write it here within {time}.",
                time=t.duration(life),
            )
        )
        .build()
    )
