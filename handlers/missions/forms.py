"""The missions' forms: built for their reader, carried out when they come back."""

from datetime import date, datetime

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import CardKey, Errors, Replies, Show, Tell, Toast
from handlers.conversation.form import Form, Values
from handlers.conversation.permissions import Permission
from handlers.missions import organising, service
from handlers.missions.actions import my_application_screen
from handlers.missions.form_fields import (
    EVERYBODY,
    apply_form,
    decline_form,
    guest_form,
    item_form,
    new_mission_form,
    part_form,
    question_form,
)
from handlers.missions.organising import MissionDetails
from handlers.missions.reading import application_for, card_of, mission_for, sheet_of
from handlers.missions.rules import (
    LONGEST_MISSION,
    MOST_OBJECTIVES,
    OBJECTIVE_LENGTH,
    Applying,
    end_of_day,
    instant_of,
    objectives,
    zone_named,
)
from handlers.missions.staff_actions import manage_screen
from handlers.missions.staff_screens import application_card, state_name
from storage.enums import ComponentKind, PlaceStatus
from storage.models import Mission
from storage.queries import missions


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _several(values: Values, name: str) -> list[str]:
    value = values.get(name)
    return value if isinstance(value, list) else []


def _ids(values: Values, name: str) -> list[int]:
    return [int(one) for one in _several(values, name)]


def _number(values: Values, name: str) -> int:
    value = values.get(name)
    return value if isinstance(value, int) else 0


# Applying


async def submit_application(ctx: Context, form: Form, values: Values) -> Replies:
    """Send an application, or change it."""
    aims = objectives(_text(values, "objectives"))
    if not 1 <= len(aims) <= MOST_OBJECTIVES:
        return Errors({"objectives": ctx.t("Between one and three lines, please: one aim a line.")})
    if any(len(one) > OBJECTIVE_LENGTH for one in aims):
        return Errors({"objectives": ctx.t("Please keep each line within {n} characters.", n=OBJECTIVE_LENGTH)})
    application, done = await service.apply(
        ctx,
        int(form.context["mission"]),
        component_ids=_ids(values, "components"),
        objectives=aims,
        note=_text(values, "note"),
    )
    text = (
        ctx.t("Thank you! The staff will read it and I'll write to you as soon as they decide.")
        if done is Applying.NEW
        else ctx.t("Your application is changed.")
    )
    mission = await mission_for(ctx, application.mission_id)
    return Toast(text), Tell(await my_application_screen(ctx, mission))


@form("mission.apply", Permission.MEMBER, submit=submit_application)
async def apply(ctx: Context, mission: str) -> Form:
    """Apply to a mission."""
    row = await mission_for(ctx, int(mission))
    before = await missions.application_of(ctx.session, row.id, ctx.me.id)
    places = await missions.places_of(ctx.session, before.id) if before else []
    chosen = [place.component_id for place in places if place.status is PlaceStatus.ASKED]
    return apply_form(await sheet_of(ctx, row), before, chosen, ctx.t)


# Running a mission


async def submit_mission(ctx: Context, form: Form, values: Values) -> Replies:
    """Save a new mission as a draft."""
    t = ctx.t
    zone = zone_named(_text(values, "zone"))
    if zone is None:
        return Errors({"zone": t("I don't know this place. Try the nearest big city, or a zone like Asia/Jerusalem.")})
    first, last = (date.fromisoformat(_text(values, name)[:10]) for name in ("first_day", "last_day"))
    if last < first:
        return Errors({"last_day": t("The last day is before the first.")})
    if last - first > LONGEST_MISSION:
        return Errors({"last_day": t("That is more than a month. Please check the last day.")})
    deadline = instant_of(_text(values, "deadline"), form.field("deadline").zone)
    if deadline >= end_of_day(last, zone):
        return Errors({"deadline": t("The deadline is after the mission. Please check it.")})
    details = MissionDetails(
        title=_text(values, "title"),
        place=_text(values, "place"),
        venue=_text(values, "venue"),
        first_day=first,
        last_day=last,
        zone=zone,
        deadline=deadline,
        summary_it=_text(values, "summary_it"),
        summary_en=_text(values, "summary_en"),
        cost_it=_text(values, "cost_it"),
        cost_en=_text(values, "cost_en"),
        sectors=_several(values, "sectors"),
        seats=_number(values, "seats"),
    )
    mission = await organising.create(ctx, details)
    return Tell(await manage_screen(ctx, mission))


@form("mission.new", Permission.MISSION, submit=submit_mission)
async def new_mission(ctx: Context) -> Form:
    """A new mission."""
    return new_mission_form(await missions.active_sectors(ctx.session), zone=ctx.zone.key, t=ctx.t)


def _wrong_times(ctx: Context, mission: Mission, values: Values) -> Errors | None:
    starts = datetime.fromisoformat(_text(values, "starts"))
    ends = datetime.fromisoformat(_text(values, "ends"))
    if ends <= starts:
        return Errors({"ends": ctx.t("It ends before it starts. Please check the end.")})
    if not mission.first_day <= starts.date() <= ends.date() <= mission.last_day:
        days = ctx.t.days(mission.first_day, mission.last_day)
        name = "starts" if not mission.first_day <= starts.date() <= mission.last_day else "ends"
        return Errors({name: ctx.t("The mission lasts {days}. Please choose a day within it.", days=days)})
    return None


async def submit_part(ctx: Context, form: Form, values: Values) -> Replies:
    """Add a part."""
    mission = await mission_for(ctx, int(form.context["mission"]))
    wrong = _wrong_times(ctx, mission, values)
    if wrong is not None:
        return wrong
    await organising.add_part(
        ctx,
        mission.id,
        kind=ComponentKind(_text(values, "kind")),
        title_it=_text(values, "title_it"),
        title_en=_text(values, "title_en"),
        description_it=_text(values, "description_it"),
        description_en=_text(values, "description_en"),
        place=_text(values, "place"),
        starts_wall=_text(values, "starts"),
        ends_wall=_text(values, "ends"),
        seats=_number(values, "seats"),
    )
    return Tell(await manage_screen(ctx, mission))


@form("mission.part", Permission.MISSION, submit=submit_part)
async def part(ctx: Context, mission: str) -> Form:
    """A part of a mission."""
    return part_form(await mission_for(ctx, int(mission)), ctx.t)


async def submit_item(ctx: Context, form: Form, values: Values) -> Replies:
    """Add a line to the programme."""
    mission = await mission_for(ctx, int(form.context["mission"]))
    wrong = _wrong_times(ctx, mission, values)
    if wrong is not None:
        return wrong
    component = _text(values, "component")
    await organising.add_item(
        ctx,
        mission.id,
        component_id=None if component == EVERYBODY else int(component),
        title_it=_text(values, "title_it"),
        title_en=_text(values, "title_en"),
        place=_text(values, "place"),
        starts_wall=_text(values, "starts"),
        ends_wall=_text(values, "ends"),
    )
    return Tell(await manage_screen(ctx, mission))


@form("mission.item", Permission.MISSION, submit=submit_item)
async def item(ctx: Context, mission: str) -> Form:
    """A line of a mission's programme."""
    row = await mission_for(ctx, int(mission))
    return item_form(row, await missions.components_of(ctx.session, row.id), ctx.t)


async def submit_question(ctx: Context, form: Form, values: Values) -> Replies:
    """Add a frequent question."""
    mission = await mission_for(ctx, int(form.context["mission"]))
    await organising.add_question(
        ctx,
        mission.id,
        question_it=_text(values, "question_it"),
        question_en=_text(values, "question_en"),
        answer_it=_text(values, "answer_it"),
        answer_en=_text(values, "answer_en"),
    )
    return Tell(await manage_screen(ctx, mission))


@form("mission.faq", Permission.MISSION, submit=submit_question)
async def question(ctx: Context, mission: str) -> Form:
    """A frequent question about a mission."""
    return question_form(await mission_for(ctx, int(mission)), ctx.t)


async def submit_guest(ctx: Context, form: Form, values: Values) -> Replies:
    """Put a guest on the mission."""
    mission = await mission_for(ctx, int(form.context["mission"]))
    await organising.add_guest(ctx, mission.id, int(_text(values, "person")), _ids(values, "components"))
    return Toast(ctx.t("The guest is on the mission.")), Tell(await manage_screen(ctx, mission))


@form("mission.guest", Permission.MISSION, submit=submit_guest)
async def guest(ctx: Context, mission: str) -> Form:
    """A guest for a mission."""
    row = await mission_for(ctx, int(mission))
    return guest_form(
        row,
        await missions.guests_outside(ctx.session, row.id),
        await missions.components_of(ctx.session, row.id),
        ctx.t,
    )


async def submit_decline(ctx: Context, form: Form, values: Values) -> Replies:
    """Tell somebody kindly: not this time."""
    decision = await service.decline(ctx, int(form.context["application"]), _text(values, "reason"))
    card = Show(
        application_card(await card_of(ctx, decision.application), ctx.t),
        card=CardKey("application", decision.application.id),
    )
    if decision.made:
        return Toast(ctx.t("Answered kindly.")), card
    state = state_name(decision.now, ctx.t)
    return Toast(ctx.t("Somebody was faster: this application is {state}.", state=state), alert=True), card


@form("mission.decline", Permission.MISSION, submit=submit_decline)
async def decline(ctx: Context, application: str) -> Form:
    """Why not this time."""
    return decline_form(await application_for(ctx, int(application)), ctx.t)
