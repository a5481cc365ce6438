"""The forms of events: new, proposed, changed, cancelled, declined, and when to remind."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.drafting import own_draft
from handlers.conversation.event import CardKey, Errors, Replies, Show, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Para, Screen, screen
from handlers.conversation.texts import Texts
from handlers.events import organising, service, staff_screens
from handlers.events.organising import TooFewPlacesError, details_of
from handlers.events.rules import MOST_PLACES, Details, Fault, faults
from handlers.events.screens import event_card, language_name
from handlers.events.service import PROPOSAL_CARD, card_key, card_of, find
from storage.enums import Locale
from storage.models import CommunityEvent
from storage.queries import events

ZONES = (
    "Europe/Rome",
    "Asia/Jerusalem",
    "UTC",
    "Europe/London",
    "Europe/Brussels",
    "Europe/Berlin",
    "Europe/Zurich",
    "America/New_York",
)
"""Where the cluster's events take place; the community's own zone and the event's are always offered too."""
TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 1500
REASON_LENGTH = 500


def zones_offered(*own: str) -> list[str]:
    """The zones to choose from, those of the community and the event first."""
    return list(dict.fromkeys([*(zone for zone in own if zone), *ZONES]))


def detail_fields(
    t: Texts, *, zones: Sequence[str], zone: str, language: Locale, filled: Details | None, dated: bool
) -> tuple[Field, ...]:
    """The questions about an event.

    Args:
        t: the organiser's language.
        zones: to choose from (IANA).
        zone: in which typed times are understood at first.
        language: offered at first.
        filled: what is filled in.
        dated: whether its times are filled in too.
    """
    starts, ends = (filled.starts_wall, filled.ends_wall) if filled and dated else (None, None)
    return (
        Field("title", t("Title"), max_length=TITLE_LENGTH, initial=filled.title if filled else None),
        Field(
            "description",
            t("What is it about?"),
            FieldKind.TEXT,
            required=False,
            max_length=DESCRIPTION_LENGTH,
            hint=t("Two or three sentences are enough."),
            initial=(filled.description or None) if filled else None,
        ),
        Field(
            "place",
            t("Where?"),
            hint=t("Address or room, or “online”."),
            initial=(filled.place or None) if filled else None,
        ),
        Field(
            "zone",
            t("Time zone"),
            FieldKind.CHOICE,
            options=tuple(Option(one, t.city(ZoneInfo(one))) for one in zones),
            initial=zone,
        ),
        Field("starts", t("Starts"), FieldKind.WHEN, hint=_clock_hint(t), zone=zone, initial=starts),
        Field("ends", t("Ends"), FieldKind.WHEN, hint=_clock_hint(t), zone=zone, initial=ends),
        Field(
            "capacity",
            t("Places"),
            FieldKind.NUMBER,
            required=False,
            minimum=1,
            maximum=MOST_PLACES,
            hint=t("Leave it out if there is room for everyone."),
            initial=(filled.capacity or None) if filled else None,
        ),
        Field(
            "language",
            t("Language of the event"),
            FieldKind.CHOICE,
            options=tuple(Option(one.value, language_name(one, t)) for one in Locale),
            initial=(filled.language if filled else language).value,
        ),
        Field(
            "link",
            t("Web page"),
            required=False,
            max_length=500,
            hint=t("Where to read more, or to join online: https://…"),
            initial=(filled.link or None) if filled else None,
        ),
    )


def _clock_hint(t: Texts) -> str:
    return t("As the clocks show it where the event takes place.")


async def _details_form(
    ctx: Context, name: str, title: str, submit: str, *, context: Mapping[str, str], event_id: str, dated: bool
) -> Form:
    """A form about an event's details, filled in from another event where there is one.

    It is never refused: a draft whose event has gone must still open, so that it can be read and thrown away.
    """
    event = await events.find_event(ctx.session, int(event_id)) if event_id else None
    draft = await own_draft(ctx, name)
    chosen = draft.values.get("zone") if draft is not None and draft.context == dict(context) else None
    zones = zones_offered(ctx.community.zone.key, event.zone if event else "")
    if chosen not in zones:
        chosen = event.zone if event else ctx.community.zone.key
    fields = detail_fields(
        ctx.t,
        zones=zones,
        zone=chosen,
        language=ctx.locale,
        filled=details_of(event) if event else None,
        dated=dated and event is not None,
    )
    return Form(name, title, fields, submit)


def read_details(values: Values) -> Details:
    """What was filled in; an optional field that was left out is empty."""
    capacity = values.get("capacity")
    return Details(
        title=str(values["title"]),
        description=str(values.get("description") or ""),
        place=str(values["place"]),
        link=str(values.get("link") or ""),
        zone=str(values["zone"]),
        starts_wall=str(values["starts"]),
        ends_wall=str(values["ends"]),
        capacity=capacity if isinstance(capacity, int) else 0,
        language=Locale(str(values["language"])),
    )


def fault_text(fault: Fault, t: Texts) -> str:
    """What is wrong, in words."""
    match fault:
        case Fault.START_IN_GAP | Fault.END_IN_GAP:
            return t("The clocks go forward there that night and this time does not exist. Please choose another.")
        case Fault.START_PAST:
            return t("That is already past where the event takes place. Please choose a later moment.")
        case Fault.END_BEFORE_START:
            return t("The end must come after the start.")
        case Fault.TOO_LONG:
            return t("The end is more than two weeks after the start. Please check the day.")
        case Fault.NOT_A_LINK:
            return t("A web page starts with https://")


def _wrong(ctx: Context, details: Details) -> Errors | None:
    found = faults(details, ctx.now)
    return Errors({name: fault_text(fault, ctx.t) for name, fault in found.items()}) if found else None


async def _card_screen(ctx: Context, event: CommunityEvent, news: str) -> Screen:
    shown = event_card(await card_of(ctx, await find(ctx, event.id)), ctx.t)
    return shown.preceded_by(Para((news,)))


async def submit_new(ctx: Context, _: Form, values: Values) -> Replies:
    """Publish the event."""
    details = read_details(values)
    wrong = _wrong(ctx, details)
    if wrong is not None:
        return wrong
    outcome = await organising.publish_new(ctx, details)
    news = ctx.t.n("Published. I'm telling {n} member.", "Published. I'm telling {n} members.", outcome.told)
    return Tell(await _card_screen(ctx, outcome.event, news), card=card_key(outcome.event.id))


@form("event.new", Permission.STAFF, submit=submit_new)
async def new_event(ctx: Context, model: str = "") -> Form:
    """A new event; filled in from ``model``, whose date is asked anew."""
    return await _details_form(
        ctx,
        "event.new",
        ctx.t("New event"),
        ctx.t("Publish"),
        context={"model": model} if model else {},
        event_id=model,
        dated=False,
    )


async def submit_proposal(ctx: Context, _: Form, values: Values) -> Replies:
    """Hand the proposal to the staff."""
    details = read_details(values)
    wrong = _wrong(ctx, details)
    if wrong is not None:
        return wrong
    outcome = await organising.propose(ctx, details)
    title = ctx.t("Thank you! “{title}” is with the staff; I'll write to you when they answer.", title=details.title)
    key = card_key(outcome.event.id)
    return Tell(await _card_screen(ctx, outcome.event, title), card=key)


@form("event.propose", Permission.MEMBER, submit=submit_proposal)
async def propose_event(ctx: Context, model: str = "") -> Form:
    """An event that a member proposes; filled in from ``model``, their declined proposal."""
    built = await _details_form(
        ctx,
        "event.propose",
        ctx.t("Propose an event"),
        ctx.t("Send to the staff"),
        context={"model": model} if model else {},
        event_id=model,
        dated=False,
    )
    return replace(built, intro=ctx.t("The staff read it before it is published."))


async def submit_edit(ctx: Context, form: Form, values: Values) -> Replies:
    """Change the event."""
    details = read_details(values)
    wrong = _wrong(ctx, details)
    if wrong is not None:
        return wrong
    event_id = int(form.context["event"])
    try:
        outcome = await organising.change(ctx, event_id, details)
    except TooFewPlacesError as error:
        text = ctx.t.n(
            "{n} person is going already. Please give at least as many places.",
            "{n} people are going already. Please give at least as many places.",
            error.going,
        )
        return Errors({"capacity": text})
    event = await find(ctx, event_id)
    if event.published_at is None:
        return Tell(staff_screens.proposal(await card_of(ctx, event), ctx.t), card=CardKey(PROPOSAL_CARD, event_id))
    news = (
        ctx.t.n("Saved. I'm telling {n} person.", "Saved. I'm telling {n} people.", outcome.told)
        if outcome.told
        else ctx.t("Saved.")
    )
    return Tell(await _card_screen(ctx, event, news), card=card_key(event_id))


@form("event.edit", Permission.STAFF, submit=submit_edit)
async def edit_event(ctx: Context, event: str) -> Form:
    """An event's details as they are."""
    return await _details_form(
        ctx,
        "event.edit",
        ctx.t("Edit the event"),
        ctx.t("Save"),
        context={"event": event},
        event_id=event,
        dated=True,
    )


def reason_form(name: str, title: str, intro: str, submit: str, t: Texts) -> Form:
    """One question: why. The answer is sent on as it is."""
    hint = t("They read it as you write it.")
    reason = Field("reason", t("Why?"), FieldKind.TEXT, max_length=REASON_LENGTH, hint=hint)
    return Form(name, title, (reason,), submit, intro=intro)


async def submit_cancel(ctx: Context, form: Form, values: Values) -> Replies:
    """Call the event off."""
    outcome = await organising.cancel(ctx, int(form.context["event"]), str(values["reason"]))
    news = ctx.t.n("Cancelled. I'm telling {n} person.", "Cancelled. I'm telling {n} people.", outcome.told)
    return Tell(await _card_screen(ctx, outcome.event, news), card=card_key(outcome.event.id))


@form("event.cancel", Permission.STAFF, submit=submit_cancel)
async def cancel_event(ctx: Context, event: str) -> Form:
    """Why an event is called off."""
    found = await events.find_event(ctx.session, int(event))
    return cancel_form(found.title if found else "", ctx.t)


def cancel_form(title: str, t: Texts) -> Form:
    """The form that calls an event off."""
    intro = t("“{title}” will be cancelled, and everybody who thought of coming is told at once.", title=title)
    return reason_form("event.cancel", t("Cancel the event"), intro, t("Cancel the event"), t)


async def submit_decline(ctx: Context, form: Form, values: Values) -> Replies:
    """Decline the proposal."""
    outcome = await organising.decline(ctx, int(form.context["event"]), str(values["reason"]))
    return Tell(
        screen()
        .para(ctx.t("“{title}” will not be published; its author reads why.", title=outcome.event.title))
        .build()
    )


@form("event.decline", Permission.STAFF, submit=submit_decline)
async def decline_event(ctx: Context, event: str) -> Form:
    """Why a proposal is not published."""
    found = await events.find_event(ctx.session, int(event))
    return decline_form(found.title if found else "", ctx.t)


def decline_form(title: str, t: Texts) -> Form:
    """The form that declines a proposal."""
    intro = t("“{title}” will not be published. A kind word helps.", title=title)
    return reason_form("event.decline", t("Don't publish the proposal"), intro, t("Don't publish"), t)


async def submit_reminders(ctx: Context, form: Form, values: Values) -> Replies:
    """Remind at the chosen times."""
    chosen = values.get("reminders")
    minutes = [int(one) for one in chosen] if isinstance(chosen, list) else []
    event_id = int(form.context["event"])
    await organising.set_reminders(ctx, event_id, minutes)
    card = await card_of(ctx, await service.find(ctx, event_id))
    return Show(staff_screens.manage(card, await events.reminders_of(ctx.session, event_id), ctx.t))


@form("event.reminders", Permission.STAFF, submit=submit_reminders)
async def edit_reminders(ctx: Context, event: str) -> Form:
    """When people are reminded."""
    return reminders_form(await events.reminders_of(ctx.session, int(event)), ctx.t)


def reminders_form(chosen: Sequence[int], t: Texts) -> Form:
    """The form that chooses reminders, in minutes before the start."""
    field = Field(
        "reminders",
        t("When shall I remind those who come?"),
        FieldKind.CHOICES,
        required=False,
        options=tuple(Option(str(minutes), label) for minutes, label in staff_screens.reminder_labels(t)),
        hint=t("None ticked: no reminders."),
        initial=[str(minutes) for minutes in chosen],
    )
    return Form("event.reminders", t("Reminders"), (field,), t("Save"))
