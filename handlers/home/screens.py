"""How the menu's companions look."""

from dataclasses import dataclass

from handlers.conversation.screen import Bold, Button, Screen, press, screen
from handlers.conversation.texts import Texts
from storage.enums import Locale, Platform


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command as help lists it."""

    name: str
    description: str


def help_screen(lines: list[CommandLine], slash_command: str, platform: Platform | None, *, t: Texts) -> Screen:
    """Every command with what it does, written as this platform has it."""
    prefix = f"{slash_command} " if platform is Platform.SLACK else "/"
    return (
        screen(summary=t("What you can do here"))
        .heading(t("What you can do here"))
        .para(t("Press a button of the menu, write a command, or just write what you are looking for."))
        .bullets([(Bold(f"{prefix}{line.name}"), f" – {line.description}") for line in lines])
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def languages(*, t: Texts) -> Screen:
    """The choice of language."""
    return (
        screen(summary=t("Which language shall we speak?"))
        .para(t("Which language shall we speak?"))
        .row(
            Button("Italiano", press("home.language", Locale.ITALIAN)),
            Button("English", press("home.language", Locale.ENGLISH)),
        )
        .build()
    )


def cancelled(title: str, *, t: Texts) -> Screen:
    """What /cancel did."""
    text = t("“{form}” is cancelled. Nothing was sent.", form=title) if title else t("There is nothing to cancel.")
    return screen().para(text).row(Button(t("Menu"), press("home.show"))).build()
