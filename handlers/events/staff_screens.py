"""What the staff see of an event: its controls, and what members propose."""

from collections.abc import Sequence

from handlers.conversation.screen import Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.events.rules import REMINDER_CHOICES
from handlers.events.screens import EventCard, basics, clipped
from storage.enums import EventStatus
from storage.models import CommunityEvent


def before_start(minutes: int, t: Texts) -> str:
    """How long before the start, in words."""
    if minutes >= 48 * 60:
        return t.n("{n} day before", "{n} days before", minutes // (24 * 60))
    if minutes >= 60:
        return t.n("{n} hour before", "{n} hours before", minutes // 60)
    return t.n("{n} minute before", "{n} minutes before", minutes)


def manage(card: EventCard, reminders: Sequence[int], t: Texts) -> Screen:
    """An event's numbers and the staff's buttons."""
    event, tally = card.event, card.tally
    out = screen(summary=event.title).heading(event.title)
    out.facts(
        *basics(event, t, card.zone)[:2],
        (t("Places"), t.number(event.capacity) if event.capacity else t("no limit")),
        (t("People going"), t.number(tally.going)),
        (t("Undecided"), t.number(tally.maybe)),
        (t("Not coming"), t.number(tally.cant)),
        (t("On the waiting list"), t.number(tally.waiting)),
        (t("Reminders"), t.list([before_start(one, t) for one in reminders]) if reminders else t("no reminders")),
    )
    if event.status is EventStatus.CANCELLED:
        out.para(t("This event is cancelled."))
    elif not card.is_open:
        out.para(t("This event has started and can't be changed any more."))
    if card.is_open:
        out.row(
            Button(t("Edit"), press("event.edit", event.id), opens_form=True),
            Button(t("Reminders"), press("event.reminders", event.id), opens_form=True),
        )
    out.row(
        Button(t("Use as a model"), press("event.clone", event.id), opens_form=True),
        Button(t("Cancel the event"), press("event.cancel", event.id), Style.DANGER, opens_form=True)
        if card.is_open
        else None,
    )
    return out.row(Button(t("Back to the event"), press("event.open", event.id))).build()


def reminder_labels(t: Texts) -> list[tuple[int, str]]:
    """The reminders to choose from: minutes, and how they are called."""
    return [(minutes, before_start(minutes, t)) for minutes in REMINDER_CHOICES]


def proposal(card: EventCard, t: Texts) -> Screen:
    """An event that a member proposes, with what the staff can do about it; or what became of it."""
    event = card.event
    out = screen(summary=t("Proposed: {title}", title=event.title))
    out.heading(t("Proposed: {title}", title=event.title))
    out.para(event.description)
    capacity = t.number(event.capacity) if event.capacity else t("no limit")
    out.facts(*basics(event, t, card.zone), (t("Places"), capacity), (t("Proposed by"), card.organiser))
    if event.status is EventStatus.PROPOSED:
        if event.starts_at <= card.now:
            out.para(t("Its start has passed: give it a new date before publishing it."))
        out.row(
            Button(t("Publish"), press("event.approve", event.id), Style.PRIMARY),
            Button(t("Edit"), press("event.edit", event.id), opens_form=True),
            Button(t("Don't publish"), press("event.decline", event.id), Style.DANGER, opens_form=True),
        )
    elif event.status is EventStatus.DECLINED:
        out.para(t("✗ Not published."))
    else:
        out.para(t("✓ Published.")).row(Button(t("Open the event"), press("event.open", event.id)))
    return out.build()


def proposals(events: Sequence[CommunityEvent], t: Texts) -> Screen:
    """What members proposed and nobody has decided on."""
    out = screen(summary=t("Proposed events")).heading(t("Proposed events"))
    out.para(t("All decided. Nothing waits for you.") if not events else "")
    for event in events:
        out.row(Button(clipped(event.title), press("event.review", event.id)))
    return out.row(Button(t("All events"), press("event.list"))).build()
