"""What missions' screens need, read from the store for one reader."""

from zoneinfo import ZoneInfo

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.permissions import Permission
from handlers.missions.programme_screens import Agenda
from handlers.missions.rules import Entry
from handlers.missions.screens import Sheet
from handlers.missions.staff_screens import ApplicationCard, organisation_of
from storage.enums import ApplicationStatus, ComponentKind, MeetingStatus, MissionStatus, PlaceStatus
from storage.models import Application, Component, Mission, Person
from storage.queries import meetings, missions


async def mission_for(ctx: ReadContext, mission_id: int) -> Mission:
    """The mission, if the reader may see it.

    Raises:
        Refusal: there is none, or it is a draft and they run no missions.
    """
    mission = await missions.find_mission(ctx.session, mission_id)
    if mission is None or (mission.status is MissionStatus.DRAFT and not ctx.may(Permission.MISSION)):
        raise Refusal(ctx.t("This mission is no longer here. Write /missions to see what is planned."))
    return mission


async def component_for(ctx: ReadContext, component_id: int) -> Component:
    """The component.

    Raises:
        Refusal: there is none.
    """
    component = await ctx.session.get(Component, component_id)
    if component is None:
        raise Refusal(ctx.t("This part of the mission is no longer here. Write /missions to see what is planned."))
    return component


async def application_for(ctx: ReadContext, application_id: int) -> Application:
    """An application, as it is now.

    Raises:
        Refusal: there is none.
    """
    application = await missions.find_application(ctx.session, application_id)
    if application is None:
        raise Refusal(ctx.t("This application is no longer here. Write /applications to see what is to decide."))
    return application


async def sheet_of(ctx: ReadContext, mission: Mission) -> Sheet:
    """The mission's card for this reader; without a person, for a channel."""
    own = await missions.application_of(ctx.session, mission.id, ctx.person.id) if ctx.person else None
    return Sheet(
        mission=mission,
        components=await missions.components_of(ctx.session, mission.id),
        places=await missions.places_by_component(ctx.session, mission.id),
        sectors=await missions.sector_names(ctx.session, mission.sectors),
        now=ctx.now,
        zone=ctx.zone,
        personal=ctx.person is not None,
        application=own.status if own else None,
        manages=ctx.may(Permission.MISSION),
    )


async def card_of(ctx: ReadContext, application: Application) -> ApplicationCard:
    """An application's card for those who run missions."""
    places = await missions.places_of(ctx.session, application.id)
    decider = await ctx.session.get(Person, application.decided_by) if application.decided_by else None
    today = ctx.now.astimezone(ctx.community.zone).date()
    return ApplicationCard(
        application=application,
        places=places,
        counts=await missions.places_by_component(ctx.session, application.mission_id),
        positions=await missions.waiting_positions(ctx.session, places),
        decided_by=decider.name if decider else "",
        zone=ctx.zone,
        undecided=await missions.count_undecided(ctx.session, today, status=ApplicationStatus.WAITING),
    )


async def agenda_of(ctx: ReadContext, mission: Mission) -> Agenda:
    """The reader's programme: the lines of their parts and those for all, and their meetings.

    A part without lines of its own stands in the programme itself.

    Raises:
        Refusal: they do not go on this mission.
    """
    application = await missions.application_of(ctx.session, mission.id, ctx.me.id)
    if application is None or application.status is not ApplicationStatus.ACCEPTED:
        raise Refusal(
            ctx.t("You have no programme for {mission}: you're not among its delegates.", mission=mission.title)
        )
    own = {
        place.component_id: place.component
        for place in await missions.places_of(ctx.session, application.id)
        if place.status is PlaceStatus.CONFIRMED
    }
    items = await missions.programme_of(ctx.session, mission.id)
    entries = [
        Entry(
            uid=f"programme-{item.id}-{int(mission.created_at.timestamp())}@community-bot",
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            title_it=item.title_it,
            title_en=item.title_en,
            place=item.place,
        )
        for item in items
        if item.component_id is None or item.component_id in own
    ]
    described = {item.component_id for item in items}
    entries += [
        Entry(
            uid=f"part-{component.id}-{int(mission.created_at.timestamp())}@community-bot",
            starts_at=component.starts_at,
            ends_at=component.ends_at,
            title_it=component.title_it,
            title_en=component.title_en,
            place=component.place,
        )
        for component in own.values()
        if component.id not in described
    ]
    hall = next((component.place for component in own.values() if component.kind is ComponentKind.B2B), "")
    for one in await meetings.appointments_of(ctx.session, ctx.me.id, mission.id):
        entries.append(
            Entry(
                uid=f"meeting-{one.meeting.id}-{int(one.meeting.created_at.timestamp())}@community-bot",
                sequence=one.meeting.sequence,
                starts_at=one.slot.starts_at,
                ends_at=one.slot.ends_at,
                place=hall,
                meeting_id=one.meeting.id,
                with_name=one.other.name,
                with_organisation=organisation_of(one.other),
                table=one.table.label,
                agreed=one.meeting.status is MeetingStatus.CONFIRMED,
            )
        )
    today = ctx.now.astimezone(ZoneInfo(mission.zone)).date()
    others = [one for one in await missions.journeys_of(ctx.session, ctx.me.id, today) if one.id != mission.id]
    return Agenda(mission=mission, entries=entries, now=ctx.now, others=others)
