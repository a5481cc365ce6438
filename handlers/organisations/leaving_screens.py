"""How leaving an organisation, and taking over from somebody, look."""

from collections.abc import Sequence

from handlers.conversation.screen import Button, Screen, Span, Style, press, screen
from handlers.conversation.texts import Texts


def left(organisation: str, colleague: str, *, gone: bool, t: Texts) -> Screen:
    """Done; ``colleague`` was asked to take over."""
    out = screen(summary=t("You have left {organisation}", organisation=organisation)).para(
        t("✓ You have left {organisation}.", organisation=organisation)
    )
    if colleague:
        out.para(t("I've asked {name} to take over what you hold.", name=colleague))
    if gone:
        return out.para(t("You no longer take part in the community either. Thank you for having been here!")).build()
    return (
        out.para(t("You stay a member. The staff know, and will ask where you are now; or show it yourself:"))
        .row(Button(t("I belong to one"), press("profile.organisation"), Style.PRIMARY))
        .build()
    )


def left_for(name: str, colleague: str, *, t: Texts) -> Screen:
    """To the staff who said that somebody has left."""
    out = screen().para(t("✓ {name} no longer belongs to the organisation, and was told.", name=name))
    return out.para(t("I've asked {name} to take over.", name=colleague) if colleague else "").build()


def told(organisation: str, by: str, *, t: Texts) -> Screen:
    """To somebody for whom the staff said it."""
    return (
        screen(summary=t("You have left {organisation}", organisation=organisation))
        .para(
            t(
                "{name} of the staff noted that you no longer belong to {organisation}.",
                name=by,
                organisation=organisation,
            )
        )
        .para(t("Is that wrong? Tell them; or show where you belong now:"))
        .row(Button(t("I belong to one"), press("profile.organisation"), Style.PRIMARY))
        .build()
    )


def offer(handover_id: int, name: str, organisation: str, things: Sequence[str], decided: str, *, t: Texts) -> Screen:
    """To a colleague: whether they take over."""
    title = t("{name} is leaving {organisation}", name=name, organisation=organisation)
    items: list[Span | Sequence[Span]] = list(things)
    out = screen(summary=title).heading(title).para(t("Would you take over?")).bullets(items)
    if decided:
        return out.para(decided).build()
    return out.row(
        Button(t("Yes, I take over"), press("org.take", handover_id), Style.PRIMARY),
        Button(t("I can't"), press("org.pass", handover_id)),
    ).build()


def taken(name: str, things: Sequence[str], left_over: int, *, t: Texts) -> Screen:
    """What went over."""
    items: list[Span | Sequence[Span]] = list(things)
    out = screen(summary=t("You take over from {name}", name=name)).para(t("✓ You take over from {name}:", name=name))
    out.bullets(items)
    if not things:
        out.para(t("There was nothing left to take over."))
    if left_over:
        out.para(
            t.n(
                "{n} thing stays with them: you have one of your own at that time or for that mission.",
                "{n} things stay with them: you have your own at that time or for that mission.",
                left_over,
            )
        )
    return out.build()


def answered(name: str, organisation: str, colleague: str, things: Sequence[str], *, t: Texts) -> Screen:
    """To the staff: what became of what somebody held; nobody took it where ``colleague`` is empty."""
    items: list[Span | Sequence[Span]] = list(things)
    title = t("{name} has left {organisation}", name=name, organisation=organisation)
    out = screen(summary=title).heading(title)
    if colleague:
        out.para(t("{colleague} has taken over:", colleague=colleague))
    else:
        out.para(t("Nobody has taken over what they hold:"))
    return out.bullets(items).build()


def substitute(gone: str, colleague: str, when: str, *, t: Texts) -> Screen:
    """To the other side of a meeting."""
    out = screen(summary=t("Somebody else comes to your meeting")).para(
        t("{colleague} comes to your meeting in place of {name}.", colleague=colleague, name=gone)
    )
    return out.para(when).row(Button(t("My meetings"), press("meeting.mine"))).build()
