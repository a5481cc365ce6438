"""Running a mission: writing it, adding its parts, lines, questions and guests, opening and closing it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify_all, post_card, redraw_mentions, refresh_card
from handlers.missions.rules import instant_of
from handlers.missions.service import audit, give_places, hold
from storage.enums import ApplicationStatus, ComponentKind, MissionStatus, PersonStatus, SubjectKind
from storage.models import Application, Component, Mission, MissionQuestion, Person, ProgrammeItem
from storage.queries import missions
from storage.queries.search_index import reindex


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionDetails:
    """What a lead says of a mission. ``deadline`` is in UTC, ``seats`` 0 means unlimited."""

    title: str
    place: str
    venue: str
    first_day: date
    last_day: date
    zone: str
    deadline: datetime
    summary_it: str
    summary_en: str
    cost_it: str
    cost_en: str
    sectors: Collection[str]
    seats: int


async def create(ctx: Context, details: MissionDetails) -> Mission:
    """Write down a mission that nobody but staff sees yet."""
    mission = Mission(
        title=details.title,
        place=details.place,
        venue=details.venue,
        first_day=details.first_day,
        last_day=details.last_day,
        zone=details.zone,
        deadline=details.deadline,
        summary_it=details.summary_it,
        summary_en=details.summary_en,
        cost_it=details.cost_it,
        cost_en=details.cost_en,
        sectors=list(details.sectors),
        seats=details.seats,
        status=MissionStatus.DRAFT,
        lead_id=ctx.me.id,
        created_at=ctx.now,
    )
    ctx.session.add(mission)
    await ctx.session.flush()
    await reindex(ctx.session, SubjectKind.MISSION, [mission.id])
    audit(ctx, "mission.create", SubjectKind.MISSION, mission.id)
    return mission


async def add_part(
    ctx: Context,
    mission_id: int,
    *,
    kind: ComponentKind,
    title_it: str,
    title_en: str,
    description_it: str,
    description_en: str,
    place: str,
    starts_wall: str,
    ends_wall: str,
    seats: int,
) -> Component:
    """Add a part with its own places. Wall times are in the mission's zone, ``seats`` 0 means unlimited."""
    mission = await hold(ctx, mission_id)
    component = Component(
        mission_id=mission.id,
        kind=kind,
        title_it=title_it,
        title_en=title_en,
        description_it=description_it,
        description_en=description_en,
        place=place,
        starts_wall=starts_wall,
        ends_wall=ends_wall,
        starts_at=instant_of(starts_wall, mission.zone),
        ends_at=instant_of(ends_wall, mission.zone),
        seats=seats,
    )
    ctx.session.add(component)
    audit(ctx, "mission.part", SubjectKind.MISSION, mission.id)
    await ctx.session.flush()
    await reindex(ctx.session, SubjectKind.MISSION, [mission.id])
    await refresh_card(ctx, CardKey("mission", mission.id))
    return component


async def add_item(
    ctx: Context,
    mission_id: int,
    *,
    component_id: int | None,
    title_it: str,
    title_en: str,
    place: str,
    starts_wall: str,
    ends_wall: str,
) -> ProgrammeItem:
    """Add a line to the programme: for those in one part, or for everybody."""
    mission = await hold(ctx, mission_id)
    item = ProgrammeItem(
        mission_id=mission.id,
        component_id=component_id,
        title_it=title_it,
        title_en=title_en,
        place=place,
        starts_at=instant_of(starts_wall, mission.zone),
        ends_at=instant_of(ends_wall, mission.zone),
    )
    ctx.session.add(item)
    audit(ctx, "mission.item", SubjectKind.MISSION, mission.id)
    await ctx.session.flush()
    return item


async def add_question(
    ctx: Context, mission_id: int, *, question_it: str, question_en: str, answer_it: str, answer_en: str
) -> MissionQuestion:
    """Add a frequent question with its answer."""
    mission = await hold(ctx, mission_id)
    question = MissionQuestion(
        mission_id=mission.id,
        question_it=question_it,
        question_en=question_en,
        answer_it=answer_it,
        answer_en=answer_en,
    )
    ctx.session.add(question)
    audit(ctx, "mission.faq", SubjectKind.MISSION, mission.id)
    await ctx.session.flush()
    await reindex(ctx.session, SubjectKind.MISSION, [mission.id])
    return question


async def add_guest(ctx: Context, mission_id: int, person_id: int, component_ids: Collection[int]) -> Application:
    """Put a guest of the community on a mission: accepted, with a place in these parts.

    Raises:
        Refusal: they are no guest (any more).
    """
    mission = await hold(ctx, mission_id)
    person = await ctx.session.get(Person, person_id)
    if person is None or person.status is not PersonStatus.GUEST:
        raise Refusal(ctx.t("This person is not a guest any more. Please choose again."))
    application = await missions.application_of(ctx.session, mission.id, person.id)
    if application is None:
        application = Application(mission_id=mission.id, person_id=person.id, objectives=[], applied_at=ctx.now)
        ctx.session.add(application)
    application.status = ApplicationStatus.ACCEPTED
    application.decided_at, application.decided_by = ctx.now, ctx.me.id
    await ctx.session.flush()
    await missions.replace_places(ctx.session, application.id, component_ids, ctx.now)
    application = await missions.find_application(ctx.session, application.id) or application
    await give_places(ctx, application)
    audit(ctx, "mission.guest", SubjectKind.APPLICATION, application.id)
    await refresh_card(ctx, CardKey("mission", mission.id))
    return application


async def open_mission(ctx: Context, mission_id: int) -> bool:
    """Open a mission for applications: its card goes to the channels and members are told, the first time.

    False when it was open already.

    Raises:
        Refusal: it has no parts, or its deadline has passed.
    """
    mission = await hold(ctx, mission_id)
    if mission.status not in {MissionStatus.DRAFT, MissionStatus.CLOSED}:
        return False
    if not await missions.components_of(ctx.session, mission.id):
        raise Refusal(ctx.t("Add at least one part before you open the mission."))
    if mission.deadline <= ctx.now:
        raise Refusal(ctx.t("The deadline of this mission has passed, so nobody could apply."))
    mission.status = MissionStatus.OPEN
    audit(ctx, "mission.open", SubjectKind.MISSION, mission.id)
    await reindex(ctx.session, SubjectKind.MISSION, [mission.id])
    card = CardKey("mission", mission.id)
    if mission.opened_at is not None:
        await refresh_card(ctx, card)
        await redraw_mentions(ctx, card)
        return True
    mission.opened_at = ctx.now
    for channel in ctx.community.channels:
        await post_card(ctx, card, channel, dedup=f"mission:{mission.id}:{channel.platform}:{channel.account}"[:80])
    await notify_all(
        ctx,
        await missions.members_without_application(ctx.session, mission.id),
        "mission.opened",
        dedup=lambda person: f"opened:{mission.id}:{person}",
        data={"mission": mission.id},
    )
    return True


async def close_mission(ctx: Context, mission_id: int) -> bool:
    """Take no further applications; false when none were taken."""
    mission = await hold(ctx, mission_id)
    if mission.status is not MissionStatus.OPEN:
        return False
    mission.status = MissionStatus.CLOSED
    audit(ctx, "mission.close", SubjectKind.MISSION, mission.id)
    await reindex(ctx.session, SubjectKind.MISSION, [mission.id])
    await refresh_card(ctx, CardKey("mission", mission.id))
    await redraw_mentions(ctx, CardKey("mission", mission.id))
    return True
