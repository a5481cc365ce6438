"""Commands and buttons of the meetings."""

from handlers.conversation.actions import action, command, home_line
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.meetings import proposing, service
from handlers.meetings.cases import Said
from handlers.meetings.reading import card_screen, is_side, meeting_for, mission_for, view_of, views_of
from handlers.meetings.rules import OFFERED_TIMES, is_over
from handlers.meetings.screens import MeetingView, another_or_not_at_all, calendar_screen, my_meetings, other_times
from handlers.meetings.staff_screens import (
    MEETINGS_A_PAGE,
    Filter,
    TookPlace,
    acting_for,
    overview,
    statuses,
    which_mission,
    with_reason,
)
from storage.queries import meetings


def _not_yours(ctx: ReadContext) -> Refusal:
    return Refusal(ctx.t("This is not your meeting. Write /meetings to see yours."))


async def _card(ctx: Context, meeting_id: int) -> Screen:
    """The meeting as the reader sees it now.

    Raises:
        Refusal: it does not concern them.
    """
    shown = card_screen(ctx, await view_of(ctx, meeting_id))
    if shown is None:
        raise _not_yours(ctx)
    return shown


async def _redrawn(ctx: Context, meeting_id: int, said: Said) -> Replies:
    card = Show(await _card(ctx, meeting_id), card=CardKey("meeting", meeting_id))
    return card, Toast(said.text, alert=not said.done)


async def _side(ctx: Context, meeting_id: int, person: int) -> MeetingView:
    """The meeting from the side that answers: the reader's, or the one for whom staff answer.

    Raises:
        Refusal: it is neither.
    """
    view = await view_of(ctx, meeting_id)
    sides = {view.own.person.id, view.other.person.id}
    if person and person != ctx.me.id:
        if person not in sides or not ctx.may(Permission.MISSION):
            raise _not_yours(ctx)
        return acting_for(view, person)
    if not is_side(ctx, view):
        raise _not_yours(ctx)
    return view


# One's own


async def _own_screen(ctx: Context) -> Screen:
    today = ctx.now.astimezone(ctx.community.zone).date()
    views = await views_of(ctx, await meetings.meetings_of(ctx.session, ctx.me.id, today))
    manages = await meetings.missions_with_b2b(ctx.session, today) if ctx.may(Permission.MISSION) else []
    return my_meetings(views, manages=manages, t=ctx.t)


@command(
    "meetings",
    "incontri",
    N_("Your B2B meetings: answer, move, calendar"),
    Permission.PARTICIPANT,
    home=N_("My meetings"),
    home_order=34,
)
async def own_command(ctx: Context, words: str) -> Replies:  # noqa: ARG001 - a command's signature
    """The reader's meetings to come."""
    return Show(await _own_screen(ctx))


@action("meeting.mine", Permission.PARTICIPANT, answers=False)
async def mine(ctx: Context) -> Replies:
    """The same, from a button. Always a new message: the one pressed may be a live card."""
    return Tell(await _own_screen(ctx), privately=True)


@action("meeting.open", Permission.PARTICIPANT, answers=False)
async def open_meeting(ctx: Context, meeting: int) -> Replies:
    """One meeting, as a message that keeps itself up to date."""
    return Tell(await _card(ctx, meeting), card=CardKey("meeting", meeting), privately=True)


@action("meeting.back", Permission.PARTICIPANT, answers=False)
async def back(ctx: Context, meeting: int) -> Replies:
    """From a question back to the meeting."""
    return Show(await _card(ctx, meeting), card=CardKey("meeting", meeting))


@action("meeting.calendar", Permission.PARTICIPANT, answers=False)
async def calendar(ctx: Context, meeting: int) -> Replies:
    """The meeting as a calendar file."""
    view = await _side(ctx, meeting, 0)
    if view.at is None:
        raise Refusal(ctx.t("This meeting has no time yet. I'll write to you as soon as there is one."))
    return Tell(calendar_screen(view, view.at, ctx.t), privately=True)


# Answering: for oneself, or with a person's id for somebody who cannot


@action("meeting.yes", Permission.PARTICIPANT)
async def yes(ctx: Context, meeting: int, slot: int, person: int = 0) -> Replies:
    """Confirm the time that was shown."""
    return await _redrawn(ctx, meeting, await service.confirm(ctx, meeting, slot, person))


@action("meeting.another", Permission.PARTICIPANT, answers=False)
async def another(ctx: Context, meeting: int, person: int = 0) -> Replies:
    """Show other times at which both are free."""
    view = await _side(ctx, meeting, person)
    cannot, found = await service.times(ctx, meeting, person)
    if cannot is not None:
        return await _redrawn(ctx, meeting, cannot)
    return Show(other_times(view, found[:OFFERED_TIMES], ctx.t))


@action("meeting.offer", Permission.PARTICIPANT)
async def offer(ctx: Context, meeting: int, slot: int, person: int = 0) -> Replies:
    """Ask for one of them."""
    return await _redrawn(ctx, meeting, await service.offer(ctx, meeting, slot, person))


@action("meeting.accept", Permission.PARTICIPANT)
async def accept(ctx: Context, meeting: int, slot: int, person: int = 0) -> Replies:
    """Accept the time that the other side asked for."""
    return await _redrawn(ctx, meeting, await service.accept(ctx, meeting, slot, person))


@action("meeting.keep", Permission.PARTICIPANT)
async def keep(ctx: Context, meeting: int, slot: int, person: int = 0) -> Replies:
    """Keep the old time."""
    return await _redrawn(ctx, meeting, await service.keep(ctx, meeting, slot, person))


@action("meeting.cant", Permission.PARTICIPANT, answers=False)
async def cant(ctx: Context, meeting: int, person: int = 0) -> Replies:
    """Before it is called off: another time, or not at all?"""
    view = await _side(ctx, meeting, person)
    if is_over(view.meeting.status):
        return await _redrawn(ctx, meeting, Said(ctx.t("This meeting is over or was called off."), done=False))
    return Show(another_or_not_at_all(view, ctx.t))


@action("meeting.decline", Permission.PARTICIPANT, answers=False)
async def decline(ctx: Context, meeting: int, person: int = 0) -> Replies:
    """Not at all: ask why."""
    view = await _side(ctx, meeting, person)
    if is_over(view.meeting.status):
        return await _redrawn(ctx, meeting, Said(ctx.t("This meeting is over or was called off."), done=False))
    return await ctx.ask("meeting.decline", meeting=meeting, person=view.by_staff)


# Those who run meetings


@command(
    "meet",
    "incontro",
    N_("Bring two people together on a mission"),
    Permission.MISSION,
    home=N_("Propose a meeting"),
    home_order=82,
    opens_form=True,
)
async def meet_command(ctx: Context, words: str) -> Replies:  # noqa: ARG001 - a command's signature
    """The form of a new meeting; the mission is asked first where there are several."""
    today = ctx.now.astimezone(ctx.community.zone).date()
    found = await meetings.missions_with_b2b(ctx.session, today)
    if not found:
        raise Refusal(ctx.t("No mission with B2B meetings is planned. Write /missions to prepare one."))
    if len(found) > 1:
        return Show(which_mission(found, ctx.t))
    return await _ask_new(ctx, found[0].id)


async def _ask_new(ctx: Context, mission_id: int) -> Replies:
    mission = await mission_for(ctx, mission_id)
    if len(await meetings.may_meet(ctx.session, mission.id)) < 2:
        raise Refusal(ctx.t("Nobody to bring together yet: at least two people need a place in the B2B meetings."))
    return await ctx.ask("meeting.propose", mission=mission.id)


@action("meeting.new", Permission.MISSION)
async def new(ctx: Context, mission: int) -> Replies:
    """The same, from a button."""
    return await _ask_new(ctx, mission)


async def overview_screen(ctx: Context, mission_id: int, chosen: Filter = Filter.ALL, page: int = 0) -> Screen:
    """A page of a mission's meetings."""
    mission = await mission_for(ctx, mission_id)
    counts = await meetings.status_counts(ctx.session, mission.id)
    total = sum(number for status, number in counts.items() if status in statuses(chosen))
    page = min(max(page, 0), max(0, (total - 1) // MEETINGS_A_PAGE))
    rows = await meetings.meetings_page(
        ctx.session, mission.id, statuses(chosen), offset=page * MEETINGS_A_PAGE, most=MEETINGS_A_PAGE
    )
    return overview(
        mission,
        await views_of(ctx, rows),
        counts,
        chosen=chosen,
        page=page,
        slots=len(await meetings.slots_of(ctx.session, mission.id)),
        tables=len(await meetings.tables_of(ctx.session, mission.id)),
        t=ctx.t,
    )


@action("meeting.all", Permission.MISSION)
async def all_meetings(ctx: Context, mission: int, chosen: Filter = Filter.ALL, page: int = 0) -> Replies:
    """A mission's meetings, a page of them."""
    return Show(await overview_screen(ctx, mission, chosen, page))


@action("meeting.overview", Permission.MISSION)
async def overview_again(ctx: Context, mission: int) -> Replies:
    """The same as a new message: the one pressed is a live card."""
    return Tell(await overview_screen(ctx, mission, Filter.ALL, 0), privately=True)


@action("meeting.grid", Permission.MISSION)
async def grid(ctx: Context, mission: int) -> Replies:
    """Add times and tables."""
    return await ctx.ask("meeting.grid", mission=(await mission_for(ctx, mission)).id)


@action("meeting.schedule", Permission.MISSION)
async def schedule(ctx: Context, meeting: int) -> Replies:
    """Look again for a time."""
    why = await proposing.schedule(ctx, meeting)
    if why is None:
        return await _redrawn(ctx, meeting, Said(ctx.t("Found. Both are asked.")))
    return Show(with_reason(await view_of(ctx, meeting), why, ctx.t), card=CardKey("meeting", meeting))


@action("meeting.call_off", Permission.MISSION)
async def call_off(ctx: Context, meeting: int) -> Replies:
    """Call a meeting off: ask why."""
    row = await meeting_for(ctx, meeting)
    if is_over(row.status):
        return await _redrawn(ctx, meeting, Said(ctx.t("This meeting is over or was called off."), done=False))
    return await ctx.ask("meeting.call_off", meeting=row.id)


@action("meeting.held", Permission.MISSION)
async def held(ctx: Context, meeting: int, took_place: TookPlace) -> Replies:
    """Write down whether they met."""
    return await _redrawn(ctx, meeting, await service.settle(ctx, meeting, held=took_place is TookPlace.YES))


# The home screen


@home_line
async def unanswered(ctx: ReadContext) -> str | None:
    """How many meetings wait for the reader's answer."""
    if ctx.person is None or not ctx.may(Permission.PARTICIPANT):
        return None
    waiting = await meetings.count_unanswered(ctx.session, ctx.person.id, ctx.now)
    return (
        ctx.t.n("{n} meeting waits for your answer", "{n} meetings wait for your answer", waiting) if waiting else None
    )
