"""What is sent unasked about an event, drawn from data alone. Calendar files are added by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Button, Para, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.events.screens import EventCard, answer_buttons, basics, event_card, own_answer, when
from storage.enums import Answer
from storage.models import CommunityEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What an event was like before a change, as far as people are told."""

    title: str
    place: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int


def invitation(card: EventCard, t: Texts) -> Screen:
    """A new event: its live card."""
    return event_card(card, t).preceded_by(Para((t("New in the calendar. Will you come?"),)))


def _not_coming(event_id: int, t: Texts) -> Button:
    return Button(t("I can't come any more"), press("event.rsvp", event_id, Answer.CANT))


def _details(event_id: int, t: Texts) -> Button:
    return Button(t("Details"), press("event.open", event_id))


def reminder(card: EventCard, t: Texts) -> Screen:
    """It is soon. Those who said maybe are asked to decide."""
    event = card.event
    title = t("In {duration}: {title}", duration=t.duration(event.starts_at - card.now), title=event.title)
    out = screen(summary=title).heading(title).facts(*basics(event, t, card.zone))
    if card.answer is Answer.MAYBE:
        out.para(t("You said maybe. Can you tell us now?"))
        going, _, cant = answer_buttons(card, t)
        return out.row(going, cant).row(_details(event.id, t)).build()
    out.para(t("See you there! If something came up, one tap gives your place to somebody else."))
    return out.row(_not_coming(event.id, t), _details(event.id, t)).build()


def promoted(card: EventCard, t: Texts) -> Screen:
    """A place became free and is theirs."""
    event = card.event
    title = t("There is a place for you: {title}", title=event.title)
    out = screen(summary=title).heading(title)
    out.para(t("You were on the waiting list and moved up: you're going."))
    out.facts(*basics(event, t, card.zone))
    return out.row(_not_coming(event.id, t), _details(event.id, t)).build()


def differences(before: Snapshot, event: CommunityEvent, t: Texts, reader: ZoneInfo) -> list[tuple[str, str]]:
    """What is different now: what it is about, old → new."""
    rows: list[tuple[str, str, str]] = []
    if before.title != event.title:
        rows.append((t("Title"), before.title, event.title))
    old_when = t.span(before.starts_at, before.ends_at, ZoneInfo(before.zone), reader=reader)
    if (before.starts_at, before.ends_at) != (event.starts_at, event.ends_at):
        rows.append((t("When"), old_when, when(event, t, reader)))
    if before.place != event.place:
        rows.append((t("Where"), before.place, event.place))
    if before.capacity != event.capacity:
        old, new = (t.number(one) if one else t("no limit") for one in (before.capacity, event.capacity))
        rows.append((t("Places"), old, new))
    return [(label, f"{old} → {new}") for label, old, new in rows]


def changed(card: EventCard, rows: Sequence[tuple[str, str]], t: Texts) -> Screen:
    """What changed, and a way out for whom it no longer suits."""
    event = card.event
    title = t("What changed: {title}", title=event.title)
    out = screen(summary=title).heading(title).facts(*rows)
    if card.answer is not None:
        out.para(own_answer(card.answer, card.position, t))
    if card.answer is Answer.MAYBE:
        return out.row(*answer_buttons(card, t)).row(_details(event.id, t)).build()
    if card.answer is Answer.WAITING:
        leave = Button(t("Leave the waiting list"), press("event.rsvp", event.id, Answer.CANT))
        return out.row(leave, _details(event.id, t)).build()
    return out.row(_not_coming(event.id, t), _details(event.id, t)).build()


def cancelled(event: CommunityEvent, t: Texts, reader: ZoneInfo) -> Screen:
    """It will not take place, and why."""
    title = t("Event cancelled: {title}", title=event.title)
    out = screen(summary=title).heading(title)
    out.para(t("It was planned for {when}.", when=when(event, t, reader)))
    out.para(event.cancel_reason)
    out.para(t("The attached file takes it out of your calendar."))
    return out.row(Button(t("All events"), press("event.list"), Style.PRIMARY)).build()


def approved(card: EventCard, t: Texts) -> Screen:
    """The event that the reader proposed is published."""
    thanks = t("Your event is published, thank you! Here is its card; it keeps itself up to date.")
    return event_card(card, t).preceded_by(Para((thanks,)))


def declined(event: CommunityEvent, t: Texts) -> Screen:
    """The event that the reader proposed will not be published, and why."""
    title = t("Not this time: {title}", title=event.title)
    out = screen(summary=title).heading(title).para(event.cancel_reason)
    out.para(t("You can change your proposal and send it again."))
    return out.row(Button(t("Propose it again"), press("event.repropose", event.id), opens_form=True)).build()


def soon(event: CommunityEvent, now: datetime, t: Texts, reader: ZoneInfo) -> str:
    """One line for the home screen: the next event that the reader is going to."""
    if event.starts_at <= now:
        return t("Now: {title}", title=event.title)
    if event.starts_at - now < timedelta(hours=24):
        return t("In {duration}: {title}", duration=t.duration(event.starts_at - now), title=event.title)
    moment = t.moment(event.starts_at, ZoneInfo(event.zone), reader=reader)
    return t("Your next event: {title}, {when}", title=event.title, when=moment)
