"""Examples for the gallery."""

from collections.abc import Callable
from datetime import timedelta

from handlers.conversation.actions import REGISTRY, example
from handlers.conversation.home_screen import home_of
from handlers.conversation.permissions import Permission, allowed
from handlers.conversation.screen import Button, Screen, press, screen
from handlers.conversation.second_ping import answered_on, closed, repeated
from handlers.conversation.texts import Texts
from handlers.home.screens import CommandLine, cancelled, help_screen, languages
from storage.enums import Answer, PersonStatus, Platform, Role

COMMUNITY = "Cluster Lombardo Scienze della Vita"


def _may(*roles: Role) -> Callable[[Permission], bool]:
    return lambda permission: allowed(permission, status=PersonStatus.MEMBER, roles=frozenset(roles))


@example("home.member")
def member_example(t: Texts) -> Screen:
    """A member's home, with something that waits and a form left half-filled."""
    waiting = [t.n("{n} meeting waits for your answer", "{n} meetings wait for your answer", 2)]
    return home_of(COMMUNITY, "Anna", waiting, [(1, t("Share know-how"))], may=_may(), t=t)


@example("home.staff")
def staff_example(t: Texts) -> Screen:
    """The home of somebody who runs the community."""
    waiting = [t.n("{n} person asks to join", "{n} people ask to join", 3)]
    return home_of(COMMUNITY, "Giulia", waiting, [], may=_may(Role.STAFF), t=t)


@example("home.help")
def help_example(t: Texts) -> Screen:
    """Help for a member."""
    may = _may()
    lines = [
        CommandLine(spec.names[t.locale], t(spec.description))
        for spec in REGISTRY.command_list()
        if spec.listed and may(spec.permission)
    ]
    return help_screen(lines, "/cluster", Platform.TELEGRAM, t=t)


@example("home.language")
def language_example(t: Texts) -> Screen:
    """The choice of language."""
    return languages(t=t)


@example("home.cancelled")
def cancelled_example(t: Texts) -> Screen:
    """After /cancel."""
    return cancelled(t("Share know-how"), t=t)


@example("home.unknown")
def unknown_example(t: Texts) -> Screen:
    """A word that is no command."""
    return (
        screen()
        .para(t("I don't know “{word}”.", word="eventz"))
        .row(Button("/events", press("home.run", "events")))
        .row(Button(t("What can I do here?"), press("home.help")))
        .build()
    )


def _reminder(t: Texts) -> Screen:
    title = t("In {duration}: {title}", duration=t.duration(timedelta(hours=1)), title="Lab-on-a-chip")
    return screen().heading(title).row(Button(t("I can't come any more"), press("event.rsvp", 7, Answer.CANT))).build()


@example("second_ping")
def second_ping_example(t: Texts) -> Screen:
    """An urgent notice that was not read on Telegram, as it comes to Slack."""
    return repeated(_reminder(t), Platform.TELEGRAM, t)


@example("second_ping.closed")
def second_ping_closed_example(t: Texts) -> Screen:
    """The same after it was answered on the other platform."""
    return closed(_reminder(t), answered_on(Platform.SLACK, t("I can't come any more"), t))
