"""The event's live card and the lists, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import (
    Bold,
    Button,
    Screen,
    ScreenBuilder,
    Span,
    Style,
    UrlButton,
    one_line,
    press,
    screen,
)
from handlers.conversation.texts import Texts
from handlers.events.rules import free_places, why_closed
from storage.enums import Answer, EventStatus, Locale
from storage.models import CommunityEvent
from storage.queries.events import Tally

EVENTS_A_PAGE = 8
"""More than a phone's height of buttons is not read."""
LABEL_LENGTH = 44
"""Characters of an event's title on a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCard:
    """What a card shows.

    Attributes:
        event: the event.
        organiser: their name; empty when they have left.
        tally: how many gave each answer.
        now: the present, in UTC.
        zone: the reader's.
        personal: whether one person reads it; a channel's card carries nobody's answer.
        answer: the reader's own.
        position: the reader's place in the waiting list, from 1.
        manages: whether the reader may change the event.
    """

    event: CommunityEvent
    organiser: str
    tally: Tally
    now: datetime
    zone: ZoneInfo
    personal: bool = True
    answer: Answer | None = None
    position: int = 0
    manages: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it takes answers."""
        return why_closed(self.event.status, self.event.starts_at, self.now) is None

    @property
    def is_full(self) -> bool:
        """Whether somebody who wants to come now must wait."""
        free = free_places(self.event.capacity, self.tally.going + self.tally.waiting)
        return free == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList:
    """A page of events, each with the reader's answer. ``page`` counts from 0."""

    rows: Sequence[tuple[CommunityEvent, Answer | None]]
    page: int
    pages: int
    zone: ZoneInfo
    manages: bool = False
    proposes: bool = False
    proposals: int = 0


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    return one_line(text, length)


def when(event: CommunityEvent, t: Texts, reader: ZoneInfo) -> str:
    """From when to when, in the event's zone and at the reader's where that differs."""
    return t.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), reader=reader)


def short_when(event: CommunityEvent, t: Texts, reader: ZoneInfo) -> str:
    """Day and hour for a list; the city too, where the reader's clock shows another time."""
    zone = ZoneInfo(event.zone)
    local = event.starts_at.astimezone(zone)
    if local.utcoffset() == event.starts_at.astimezone(reader).utcoffset():
        return t("{day}, {hour}", day=t.short_day(local), hour=t.hour(local))
    return t("{day}, {hour} ({city})", day=t.short_day(local), hour=t.hour(local), city=t.city(zone))


def language_name(locale: Locale, t: Texts) -> str:
    """What a language is called."""
    match locale:
        case Locale.ITALIAN:
            return t("Italian")
        case Locale.ENGLISH:
            return t("English")


def event_card(card: EventCard, t: Texts) -> Screen:
    """The live card."""
    event = card.event
    out = screen(summary=t("{title}: {when}", title=event.title, when=short_when(event, t, card.zone)))
    if event.status is EventStatus.CANCELLED:
        out.heading(t("Event cancelled: {title}", title=event.title))
        out.para(Bold(t("This event will not take place.")))
        out.para(event.cancel_reason)
    else:
        out.heading(event.title)
    out.para(event.description)
    out.facts(*basics(event, t, card.zone), (t("Organised by"), card.organiser), *_places(card, t))
    out.para(_standing(card, t))
    _card_buttons(out, card, t)
    return out.build()


def _standing(card: EventCard, t: Texts) -> str:
    """Where the event stands, or the reader with it."""
    event = card.event
    match event.status:
        case EventStatus.PROPOSED:
            return t("Not published yet: the staff are looking at it.")
        case EventStatus.DECLINED:
            return t("The staff did not publish this event. {reason}", reason=event.cancel_reason)
        case EventStatus.CANCELLED:
            return ""
        case EventStatus.PUBLISHED:
            if event.ends_at <= card.now:
                return t("This event is over.")
            if not card.is_open:
                return t("This event has started: answers are closed.")
            return own_answer(card.answer, card.position, t) if card.answer is not None else ""


def basics(event: CommunityEvent, t: Texts, reader: ZoneInfo) -> list[tuple[str, str | None]]:
    """When, where, and the language where it is not the reader's."""
    return [
        (t("When"), when(event, t, reader)),
        (t("Where"), event.place),
        (t("Language"), language_name(event.language, t) if event.language is not t.locale else None),
    ]


def _places(card: EventCard, t: Texts) -> list[tuple[str, str | None]]:
    if card.event.status in {EventStatus.CANCELLED, EventStatus.DECLINED}:
        return []
    if card.event.status is EventStatus.PROPOSED:
        return [(t("Places"), t.number(card.event.capacity) if card.event.capacity else t("no limit"))]
    tally = card.tally
    rows: list[tuple[str, str | None]] = [(t("People going"), t.number(tally.going))]
    if not card.is_open:
        return rows
    free = free_places(card.event.capacity, tally.going)
    if free is not None:
        rows.append((t("Places left"), t.number(free) if free else t("none, it is full")))
    rows.append((t("On the waiting list"), t.number(tally.waiting) if tally.waiting else None))
    return rows


def own_answer(answer: Answer, position: int, t: Texts) -> str:
    """The reader's own answer in a sentence."""
    match answer:
        case Answer.GOING:
            return t("✅ You're going.")
        case Answer.MAYBE:
            return t("🤔 You said maybe.")
        case Answer.CANT:
            return t("You said you can't come.")
        case Answer.WAITING:
            return t("⏳ You're number {n} on the waiting list.", n=t.number(position))


def noted(answer: Answer, position: int, t: Texts) -> str:
    """What is said to somebody who has just answered."""
    match answer:
        case Answer.GOING:
            return t("You're going. See you there!")
        case Answer.MAYBE:
            return t("Noted as a maybe. You can decide until it starts.")
        case Answer.CANT:
            return t("Noted. Thank you for telling us.")
        case Answer.WAITING:
            return t(
                "It is full: you're number {n} on the waiting list. I'll write to you when a place is free.",
                n=t.number(position),
            )


def answer_buttons(card: EventCard, t: Texts) -> list[Button]:
    """Going, maybe, can't; the reader's own answer is ticked."""
    event_id = card.event.id
    maybe = Button(
        t("✓ Maybe") if card.answer is Answer.MAYBE else t("Maybe"), press("event.rsvp", event_id, Answer.MAYBE)
    )
    if card.answer is Answer.WAITING:
        return [Button(t("Leave the waiting list"), press("event.rsvp", event_id, Answer.CANT)), maybe]
    wanted = t("Join the waiting list") if card.is_full else t("Going")
    going = t("✓ Going") if card.answer is Answer.GOING else wanted
    cant = t("✓ Can't come") if card.answer is Answer.CANT else t("Can't come")
    return [
        Button(going, press("event.rsvp", event_id, Answer.GOING), Style.PRIMARY),
        maybe,
        Button(cant, press("event.rsvp", event_id, Answer.CANT)),
    ]


def _card_buttons(out: ScreenBuilder, card: EventCard, t: Texts) -> None:
    event = card.event
    if card.is_open:
        out.row(*answer_buttons(card, t))
    if event.status in {EventStatus.PUBLISHED, EventStatus.CANCELLED}:
        out.row(
            Button(t("Calendar file"), press("event.ics", event.id)),
            Button(t("Who else?"), press("event.who", event.id)) if card.is_open else None,
            UrlButton(t("Website"), event.link) if event.link and event.status is EventStatus.PUBLISHED else None,
        )
    out.row(
        Button(t("All events"), press("event.list")) if card.personal else None,
        Button(t("My events"), press("event.mine")),
        Button(t("Manage"), press("event.manage", event.id)) if card.personal and card.manages else None,
    )


def who_comes(tally: Tally, t: Texts) -> str:
    """How many said what; who they are is theirs to tell."""
    return t(
        "Going {going}, maybe {maybe}, can't come {cant}, waiting {waiting}. Names stay private.",
        going=t.number(tally.going),
        maybe=t.number(tally.maybe),
        cant=t.number(tally.cant),
        waiting=t.number(tally.waiting),
    )


def _mark(event: CommunityEvent, answer: Answer | None, t: Texts) -> str:
    if event.status is EventStatus.CANCELLED:
        return t("called off")
    if event.status is EventStatus.PROPOSED:
        return t("waiting for the staff")
    match answer:
        case Answer.GOING:
            return t("you're going")
        case Answer.MAYBE:
            return t("maybe")
        case Answer.WAITING:
            return t("waiting list")
        case Answer.CANT | None:
            return ""


def _lines(out: ScreenBuilder, shown: EventList, t: Texts) -> None:
    items: list[tuple[Span, ...]] = []
    for event, answer in shown.rows:
        mark = _mark(event, answer, t)
        line: tuple[Span, ...] = (Bold(short_when(event, t, shown.zone)), " · ", event.title)
        items.append((*line, f" ({mark})") if mark else line)
    out.bullets(items)
    for event, answer in shown.rows:
        label = clipped(event.title)
        out.row(Button(f"✓ {label}" if answer is Answer.GOING else label, press("event.open", event.id)))


def _pager(out: ScreenBuilder, shown: EventList, verb: str, t: Texts) -> None:
    out.row(
        Button(t("‹ Sooner"), press(verb, shown.page - 1)) if shown.page > 0 else None,
        Button(t("Later ›"), press(verb, shown.page + 1)) if shown.page + 1 < shown.pages else None,
    )


def event_list(shown: EventList, t: Texts) -> Screen:
    """Upcoming events, a page of them."""
    out = screen(summary=t("Upcoming events")).heading(t("Upcoming events"))
    if not shown.rows:
        out.para(t("Nothing is planned at the moment. Got an idea? Propose an event."))
    _lines(out, shown, t)
    _pager(out, shown, "event.list", t)
    if shown.proposals:
        label = t.n("{n} proposal to decide", "{n} proposals to decide", shown.proposals)
        out.row(Button(label, press("event.proposals"), Style.PRIMARY))
    out.row(
        Button(t("My events"), press("event.mine")),
        Button(t("New event"), press("event.new"), opens_form=True) if shown.manages else None,
        Button(t("Propose an event"), press("event.propose"), opens_form=True)
        if shown.proposes and not shown.manages
        else None,
    )
    return out.build()


def my_events(shown: EventList, t: Texts) -> Screen:
    """The events that the reader thinks of coming to, and what they proposed."""
    out = screen(summary=t("My events")).heading(t("My events"))
    if not shown.rows:
        out.para(t("You haven't said yes to anything yet. Have a look at what is coming up."))
    _lines(out, shown, t)
    _pager(out, shown, "event.mine", t)
    out.row(Button(t("All events"), press("event.list")))
    return out.build()


def calendar_screen(event: CommunityEvent, t: Texts) -> Screen:
    """What comes with the calendar file. The file itself is added by the caller."""
    return screen().para(t("Open the file to put “{title}” into your calendar.", title=event.title)).build()
