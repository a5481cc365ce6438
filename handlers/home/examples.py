"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.screen import Button, Screen, press, screen
from handlers.conversation.texts import Texts
from handlers.home.screens import CommandLine, cancelled, help_screen, languages
from storage.enums import Platform


@example("home.help")
def help_example(t: Texts) -> Screen:
    """Help for a member."""
    lines = [CommandLine("events", t("Coming events")), CommandLine("share", t("Share know-how"))]
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
