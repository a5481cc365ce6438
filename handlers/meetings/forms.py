"""The meetings' forms: built for their reader, carried out when they come back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import CardKey, Errors, Replies, Tell, Toast
from handlers.conversation.form import Form, Values
from handlers.conversation.permissions import Permission
from handlers.meetings import proposing, service
from handlers.meetings.actions import overview_screen
from handlers.meetings.cases import Said
from handlers.meetings.form_fields import call_off_form, decline_form, grid_form, propose_form
from handlers.meetings.planning import add_times
from handlers.meetings.reading import card_screen, mission_for, view_of
from handlers.meetings.rules import LONGEST_DAY, grid, without_overlaps
from handlers.meetings.staff_screens import acting_for, with_reason
from storage.queries import meetings


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _number(values: Values, name: str) -> int:
    value = values.get(name)
    return value if isinstance(value, int) else 0


async def _told(ctx: Context, meeting_id: int, said: Said) -> Replies:
    toast = Toast(said.text, alert=not said.done)
    shown = card_screen(ctx, await view_of(ctx, meeting_id))
    return (toast, Tell(shown, card=CardKey("meeting", meeting_id))) if shown is not None else toast


async def submit_proposal(ctx: Context, form: Form, values: Values) -> Replies:
    """Bring two people together."""
    one, other = int(_text(values, "one")), int(_text(values, "other"))
    if one == other:
        return Errors({"other": ctx.t("Please choose two different people.")})
    mission_id = int(form.context["mission"])
    if await meetings.live_between(ctx.session, mission_id, one, other) is not None:
        return Errors({"other": ctx.t("These two have a meeting already.")})
    meeting, why = await proposing.propose(ctx, mission_id, one, other, _text(values, "topic"))
    if why is not None:
        shown = with_reason(await view_of(ctx, meeting.id), why, ctx.t)
        return Toast(ctx.t("Saved, but there is no time for it yet.")), Tell(shown, card=CardKey("meeting", meeting.id))
    return await _told(ctx, meeting.id, Said(ctx.t("Proposed. Both are asked.")))


@form("meeting.propose", Permission.MISSION, submit=submit_proposal)
async def propose(ctx: Context, mission: str) -> Form:
    """A new meeting."""
    row = await mission_for(ctx, int(mission))
    return propose_form(row, await meetings.may_meet(ctx.session, row.id), ctx.t)


async def submit_decline(ctx: Context, form: Form, values: Values) -> Replies:
    """Not at all."""
    why, note = _text(values, "why"), _text(values, "note")
    reason = f"{why}: {note}" if why and note else why or note
    meeting_id = int(form.context["meeting"])
    said = await service.decline(ctx, meeting_id, reason, int(form.context["person"]))
    return await _told(ctx, meeting_id, said)


@form("meeting.decline", Permission.PARTICIPANT, submit=submit_decline)
async def decline(ctx: Context, meeting: str, person: str) -> Form:
    """Why not at all."""
    view = await view_of(ctx, int(meeting))
    if int(person):
        view = acting_for(view, int(person))
    return decline_form(view.other.person.name, ctx.t)


async def submit_call_off(ctx: Context, form: Form, values: Values) -> Replies:
    """Call a meeting off for both."""
    meeting_id = int(form.context["meeting"])
    return await _told(ctx, meeting_id, await service.call_off(ctx, meeting_id, _text(values, "reason")))


@form("meeting.call_off", Permission.MISSION, submit=submit_call_off)
async def call_off(ctx: Context, meeting: str) -> Form:
    """Why a meeting is called off."""
    view = await view_of(ctx, int(meeting))
    return call_off_form(view.own.person.name, view.other.person.name, ctx.t)


async def submit_grid(ctx: Context, form: Form, values: Values) -> Replies:
    """Add times and tables."""
    t = ctx.t
    mission = await mission_for(ctx, int(form.context["mission"]))
    zone = ZoneInfo(mission.zone)
    first, last = (
        datetime.fromisoformat(_text(values, name)).replace(tzinfo=zone).astimezone(UTC) for name in ("first", "last")
    )
    if last <= first:
        return Errors({"last": t("It ends before it starts. Please check the end.")})
    if last - first > LONGEST_DAY:
        return Errors({"last": t("Please add one day at a time.")})
    length, pause = (timedelta(minutes=_number(values, name)) for name in ("length", "pause"))
    new = grid(first, last, length=length, pause=pause)
    if not new:
        return Errors({"last": t("Not even one meeting fits in there.")})
    there = [(slot.starts_at, slot.ends_at) for slot in await meetings.slots_of(ctx.session, mission.id)]
    added = await add_times(ctx, mission, without_overlaps(new, there), _number(values, "tables"))
    return Toast(t.n("{n} time added.", "{n} times added.", added)), Tell(await overview_screen(ctx, mission.id))


@form("meeting.grid", Permission.MISSION, submit=submit_grid)
async def times_and_tables(ctx: Context, mission: str) -> Form:
    """A stretch of times, and how many tables there are."""
    row = await mission_for(ctx, int(mission))
    return grid_form(row, len(await meetings.tables_of(ctx.session, row.id)), ctx.t)
