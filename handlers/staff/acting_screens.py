"""How acting for somebody looks, to who acts and to whom they acted for."""

from collections.abc import Sequence

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts

MOST_DONE = 30
"""Lines of what was done that one notice lists."""


def begun(person: str, minutes: int, *, t: Texts) -> Screen:
    """To who acts: what happens from now on. The banner and the way out are drawn around it."""
    return (
        screen(summary=t("From now on you do things for {name}", name=person))
        .para(
            t(
                "For {n} minutes, what you write here and press below is done for {name}, as if it were {name}.",
                n=minutes,
                name=person,
            )
        )
        .bullets(
            [
                t("What they allow, their data, their profile and their accounts stay theirs alone."),
                t("Everything is written down. Afterwards I tell them what you did and why."),
            ]
        )
        .row(Button(t("Menu"), press("home.show"), Style.PRIMARY))
        .build()
    )


def stopped(person: str, *, t: Texts) -> Screen:
    """To who acted."""
    return (
        screen(summary=t("You are yourself again"))
        .para(t("You are yourself again. {name} is told what you did.", name=person))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def acted(by: str, when: str, reason: str, done: Sequence[str], contact: str, *, t: Texts) -> Screen:
    """To whom somebody acted for: once, with everything.

    Args:
        by: who acted.
        when: from when to when, in words.
        reason: why, in their words.
        done: what was changed, as it stood on the screen.
        contact: whom to write to where something is wrong.
        t: the reader's language.
    """
    out = (
        screen(summary=t("{name} of the staff did something for you", name=by))
        .heading(t("{name} of the staff did something for you", name=by))
        .para(when)
        .para(t("Why: {reason}", reason=reason))
    )
    if done:
        out.para(Bold(t("What was done:")))
        out.bullets([line[:300] for line in done[:MOST_DONE]])
        if len(done) > MOST_DONE:
            out.para(t.n("and {n} thing more", "and {n} things more", len(done) - MOST_DONE))
    else:
        out.para(t("They only looked; nothing was changed."))
    return out.para(t("Is something wrong? Write to {contact}.", contact=contact)).build()
