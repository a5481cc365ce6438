"""Applying and deciding: who gets which place, written and told in one transaction.

Whatever counts places first holds the mission's row, so that simultaneous decisions follow each other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.missions.reading import application_for
from handlers.missions.rules import Applying, applying, place_for, why_closed
from handlers.missions.screens import why_not
from storage.engine import lock
from storage.enums import (
    DECIDABLE_APPLICATIONS,
    ApplicationStatus,
    PlaceStatus,
    SubjectKind,
)
from storage.models import Application, AuditEntry, Mission
from storage.queries import missions, people


async def leads(ctx: ReadContext) -> list[int]:
    """Those who run missions."""
    return await people.people_with(ctx.session, sorted(ROLES_FOR[Permission.MISSION]))


async def hold(ctx: ReadContext, mission_id: int) -> Mission:
    """The mission's row, held until the end of the transaction.

    Raises:
        Refusal: there is none.
    """
    mission = await lock(ctx.session, Mission, Mission.id, mission_id)
    if mission is None:
        raise Refusal(ctx.t("This mission is no longer here. Write /missions to see what is planned."))
    return mission


def audit(ctx: ReadContext, action: str, kind: SubjectKind, subject_id: int, reason: str = "") -> None:
    """Write down who decided what."""
    ctx.session.add(
        AuditEntry(
            at=ctx.now, by_person_id=ctx.me.id, action=action, subject_kind=kind, subject_id=subject_id, reason=reason
        )
    )


def stamp(ctx: ReadContext) -> int:
    """Now in milliseconds: tells two decisions about one application apart in the keys of what is sent."""
    return int(ctx.now.timestamp() * 1000)


# Applying


def check_can_apply(ctx: ReadContext, mission: Mission, before: ApplicationStatus | None) -> Applying:
    """What sending the form would do.

    Raises:
        Refusal: nothing: it is too late, or their application was decided.
    """
    closed = why_closed(mission.status, mission.deadline, ctx.now)
    if closed is not None:
        raise Refusal(why_not(closed, ctx.t))
    match applying(before):
        case Applying.ACCEPTED_ALREADY:
            raise Refusal(ctx.t("You're accepted already. Under “My application” you can give up parts or withdraw."))
        case Applying.DECIDED:
            raise Refusal(
                ctx.t("Your application was answered: not this time. If something changed, write to the staff.")
            )
        case other:
            return other


async def apply(
    ctx: Context, mission_id: int, *, component_ids: Collection[int], objectives: Sequence[str], note: str
) -> tuple[Application, Applying]:
    """Apply, or change an application nobody has accepted yet; the leads are told of new ones.

    Raises:
        Refusal: it is too late, it was decided, or a part is not of this mission.
    """
    mission = await hold(ctx, mission_id)
    known = {one.id for one in await missions.components_of(ctx.session, mission.id)}
    chosen = [one for one in component_ids if one in known]
    if not chosen or len(chosen) != len(set(component_ids)):
        raise Refusal(ctx.t("The parts of this mission have changed meanwhile. Please choose again."))
    application = await missions.application_of(ctx.session, mission.id, ctx.me.id)
    done = check_can_apply(ctx, mission, application.status if application else None)
    if application is None:
        application = Application(mission_id=mission.id, person_id=ctx.me.id, status=ApplicationStatus.WAITING)
        ctx.session.add(application)
    if done is Applying.NEW:
        application.status = ApplicationStatus.WAITING
        application.applied_at = ctx.now
        application.decided_at = application.decided_by = None
        application.reason = ""
    application.objectives, application.note = list(objectives), note
    await ctx.session.flush()
    await missions.replace_places(ctx.session, application.id, chosen, ctx.now)
    if done is Applying.NEW:
        moment = stamp(ctx)
        await notify_all(
            ctx,
            await leads(ctx),
            "mission.application",
            dedup=lambda person: f"application:{application.id}:{moment}:{person}",
            data={"application": application.id},
        )
    await refresh_card(ctx, CardKey("application", application.id))
    return application, done


# Deciding


@dataclass(frozen=True, slots=True)
class Decision:
    """What a lead's tap did. ``now`` is where the application stands; ``made`` whether this tap brought it there."""

    application: Application
    now: ApplicationStatus
    made: bool


async def _undecided(ctx: ReadContext, application_id: int) -> tuple[Application, bool]:
    """The application with its mission's row held, and whether it can still be decided."""
    application = await application_for(ctx, application_id)
    await hold(ctx, application.mission_id)
    application = await application_for(ctx, application_id)
    return application, application.status in DECIDABLE_APPLICATIONS


async def accept(ctx: Context, application_id: int) -> Decision:
    """Take somebody along: a place in each part while there are any, else a turn on its waiting list.

    Raises:
        Refusal: all seats of the mission are taken.
    """
    application, open_ = await _undecided(ctx, application_id)
    if not open_:
        return Decision(application, application.status, made=False)
    mission = application.mission
    taken = await missions.heads(ctx.session, mission.id)
    if mission.seats and taken.delegates + taken.guests >= mission.seats:
        raise Refusal(
            ctx.t.n(
                "The {n} seat of this mission is taken. Put the application on the reserve list.",
                "All {n} seats of this mission are taken. Put the application on the reserve list.",
                mission.seats,
            )
        )
    application.status = ApplicationStatus.ACCEPTED
    await _decided(ctx, application, "")
    await give_places(ctx, application)
    await notify(
        ctx,
        application.person_id,
        "mission.accepted",
        dedup=f"accepted:{application.id}:{stamp(ctx)}",
        data={"application": application.id},
    )
    await refresh_card(ctx, CardKey("mission", mission.id))
    return Decision(application, application.status, made=True)


async def give_places(ctx: ReadContext, application: Application) -> None:
    """Turn what was asked for into places and turns on waiting lists. The mission's row is held."""
    counts = await missions.places_by_component(ctx.session, application.mission_id)
    for place in await missions.places_of(ctx.session, application.id):
        if place.status is not PlaceStatus.ASKED:
            continue
        taken = counts.get(place.component_id, missions.Places())
        place.status = place_for(place.component.seats, confirmed=taken.confirmed, waiting=taken.waiting)
        place.asked_at = (
            ctx.now
            if place.status is PlaceStatus.CONFIRMED
            else await missions.end_of_waiting(ctx.session, place.component_id, ctx.now)
        )
    await ctx.session.flush()


async def reserve(ctx: Context, application_id: int) -> Decision:
    """Put somebody on the reserve list."""
    application, open_ = await _undecided(ctx, application_id)
    if not open_ or application.status is ApplicationStatus.RESERVE:
        return Decision(application, application.status, made=False)
    application.status = ApplicationStatus.RESERVE
    await _decided(ctx, application, "")
    await notify(
        ctx,
        application.person_id,
        "mission.reserved",
        dedup=f"reserved:{application.id}:{stamp(ctx)}",
        data={"application": application.id},
    )
    return Decision(application, application.status, made=True)


async def decline(ctx: Context, application_id: int, reason: str) -> Decision:
    """Not this time, with the reason that the applicant reads."""
    application, open_ = await _undecided(ctx, application_id)
    if not open_:
        return Decision(application, application.status, made=False)
    application.status = ApplicationStatus.DECLINED
    for place in await missions.places_of(ctx.session, application.id):
        place.status, place.asked_at = PlaceStatus.RELEASED, ctx.now
    await _decided(ctx, application, reason)
    await notify(
        ctx,
        application.person_id,
        "mission.declined",
        dedup=f"declined:{application.id}:{stamp(ctx)}",
        data={"application": application.id},
    )
    return Decision(application, application.status, made=True)


async def _decided(ctx: Context, application: Application, reason: str) -> None:
    application.decided_at, application.decided_by, application.reason = ctx.now, ctx.me.id, reason
    audit(ctx, f"mission.{application.status.value}", SubjectKind.APPLICATION, application.id, reason)
    await ctx.session.flush()
    await refresh_card(ctx, CardKey("application", application.id), but=_pressed(ctx))


def _pressed(ctx: Context) -> MessageRef | None:
    # What everybody reads is refreshed like the others; a private message is redrawn in answer to the press.
    return ctx.event.message if ctx.event.private else None
