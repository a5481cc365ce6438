"""Withdrawing from a mission or from one of its parts, and what becomes of the places that are free again.

Whatever counts places first holds the mission's row, so that simultaneous taps follow each other.
"""

from collections.abc import Sequence

from handlers.conversation.context import Context, ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.missions.reading import application_for, component_for
from handlers.missions.rules import can_withdraw
from handlers.missions.service import hold, leads, stamp
from storage.enums import ApplicationStatus, ComponentKind, PlaceStatus
from storage.models import Application, ApplicationPlace
from storage.queries import meetings, missions
from storage.queries.meetings import Step


async def withdraw(ctx: ReadContext, mission_id: int) -> bool:
    """Withdraw one's application; false when there is nothing (left) to withdraw."""
    mission = await hold(ctx, mission_id)
    application = await missions.application_of(ctx.session, mission.id, ctx.me.id)
    if application is None or not can_withdraw(application.status):
        return False
    was_accepted = application.status is ApplicationStatus.ACCEPTED
    application.status = ApplicationStatus.WITHDRAWN
    application.decided_at = ctx.now
    await _release(ctx, application, await missions.places_of(ctx.session, application.id))
    if was_accepted:
        await _cancel_meetings(ctx, mission.id)
        moment = stamp(ctx)
        await notify_all(
            ctx,
            await leads(ctx),
            "mission.withdrawn",
            dedup=lambda person: f"withdrawn:{application.id}:{moment}:{person}",
            data={"application": application.id},
        )
    await refresh_card(ctx, CardKey("application", application.id))
    await refresh_card(ctx, CardKey("mission", mission.id))
    return True


async def release(ctx: Context, component_id: int) -> bool:
    """Give up one part of a mission; false when there is nothing to give up."""
    component = await component_for(ctx, component_id)
    mission = await hold(ctx, component.mission_id)
    application = await missions.application_of(ctx.session, mission.id, ctx.me.id)
    if application is None or application.status is not ApplicationStatus.ACCEPTED:
        return False
    places = [
        place
        for place in await missions.places_of(ctx.session, application.id)
        if place.component_id == component_id and place.status in missions.HELD_PLACES
    ]
    if not places:
        return False
    await _release(ctx, application, places)
    if component.kind is ComponentKind.B2B and not await _still_meets(ctx, application):
        await _cancel_meetings(ctx, mission.id)
    await refresh_card(ctx, CardKey("application", application.id))
    await refresh_card(ctx, CardKey("mission", mission.id))
    return True


async def _still_meets(ctx: ReadContext, application: Application) -> bool:
    return any(
        place.component.kind is ComponentKind.B2B and place.status is PlaceStatus.CONFIRMED
        for place in await missions.places_of(ctx.session, application.id)
    )


async def _release(ctx: ReadContext, application: Application, places: Sequence[ApplicationPlace]) -> None:
    freed = [place.component_id for place in places if place.status is PlaceStatus.CONFIRMED]
    for place in places:
        place.status, place.asked_at = PlaceStatus.RELEASED, ctx.now
    await ctx.session.flush()
    for component_id in freed:
        await promote(ctx, application.mission_id, component_id)


async def promote(ctx: ReadContext, mission_id: int, component_id: int) -> int:
    """Give free places to the first of the waiting list and tell them; returns how many. The mission's row is held."""
    component = await component_for(ctx, component_id)
    taken = (await missions.places_by_component(ctx.session, mission_id)).get(component_id, missions.Places())
    free = taken.waiting if component.seats == 0 else max(0, component.seats - taken.confirmed)
    moved = await missions.first_waiting(ctx.session, component_id, free)
    for place in moved:
        place.status, place.asked_at = PlaceStatus.CONFIRMED, ctx.now
        application = await application_for(ctx, place.application_id)
        await notify(
            ctx,
            application.person_id,
            "mission.promoted",
            dedup=f"promoted:{place.application_id}:{component_id}:{stamp(ctx)}",
            data={"application": place.application_id, "component": component_id},
        )
        await refresh_card(ctx, CardKey("application", place.application_id))
    await ctx.session.flush()
    return len(moved)


async def _cancel_meetings(ctx: ReadContext, mission_id: int) -> None:
    """Call off the meetings of a delegate who no longer comes; the other sides are told."""
    ended = await meetings.cancel_meetings_of(
        ctx.session, ctx.me.id, mission_id, Step(by=ctx.me.id, at=ctx.now, reason="no longer takes part")
    )
    for one in ended:
        await notify(
            ctx,
            one.other_id,
            "meeting.cancelled",
            dedup=f"meeting:{one.meeting_id}:cancelled:{one.other_id}",
            data={"meeting": one.meeting_id},
        )
        await refresh_card(ctx, CardKey("meeting", one.meeting_id))


async def meetings_at_stake(ctx: ReadContext, mission_id: int) -> int:
    """How many meetings a withdrawal would call off."""
    return await meetings.count_live(ctx.session, ctx.me.id, mission_id)
