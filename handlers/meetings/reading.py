"""What meetings' screens need, read from the store for one reader."""

from collections.abc import Sequence

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.meetings.screens import Appointed, MeetingView, Side, meeting_card
from handlers.meetings.staff_screens import staff_card
from storage.models import Meeting, MeetingOffer, Mission
from storage.queries import meetings, missions


async def meeting_for(ctx: ReadContext, meeting_id: int) -> Meeting:
    """The meeting as it is now.

    Raises:
        Refusal: there is none.
    """
    found = await meetings.find_meeting(ctx.session, meeting_id)
    if found is None:
        raise Refusal(ctx.t("This meeting is no longer here. Write /meetings to see yours."))
    return found


async def mission_for(ctx: ReadContext, mission_id: int) -> Mission:
    """A mission that has B2B meetings.

    Raises:
        Refusal: there is none.
    """
    found = await missions.find_mission(ctx.session, mission_id)
    if found is None or not await missions.has_b2b(ctx.session, mission_id):
        raise Refusal(ctx.t("This mission has no B2B meetings. Write /meetings to see what there is."))
    return found


def _appointed(meeting: Meeting) -> Appointed | None:
    if meeting.slot is None or meeting.table is None:
        return None
    return Appointed(meeting.slot.id, meeting.slot.starts_at, meeting.slot.ends_at, meeting.table.label)


async def _offered(ctx: ReadContext, offer: MeetingOffer | None) -> Appointed | None:
    if offer is None:
        return None
    slot = await meetings.find_slot(ctx.session, offer.slot_id)
    table = await meetings.find_table(ctx.session, offer.table_id)
    return Appointed(slot.id, slot.starts_at, slot.ends_at, table.label) if slot and table else None


async def views_of(ctx: ReadContext, rows: Sequence[Meeting]) -> list[MeetingView]:
    """These meetings as the reader sees them; one that has lost a side (somebody was erased) is left out."""
    ids = [row.id for row in rows]
    sides = await meetings.parties_by_meeting(ctx.session, ids)
    offers = await meetings.offers_by_meeting(ctx.session, ids)
    everyone = {party.person_id for parties in sides.values() for party in parties}
    reachable = await meetings.reachable_among(ctx.session, everyone)
    missions_there = {one: await missions.find_mission(ctx.session, one) for one in {row.mission_id for row in rows}}
    halls = {one: await meetings.hall_of(ctx.session, one) for one in missions_there}
    me = ctx.person.id if ctx.person else 0
    found: list[MeetingView] = []
    for row in rows:
        mission = missions_there[row.mission_id]
        parties = sorted(sides[row.id], key=lambda party: party.person_id != me)
        if mission is None or len(parties) != 2:
            continue
        own, other = (Side(party.person, party.answer, party.person_id in reachable) for party in parties)
        offer = offers.get(row.id)
        found.append(
            MeetingView(
                meeting=row,
                mission=mission,
                hall=halls[row.mission_id],
                own=own,
                other=other,
                at=_appointed(row),
                offered=await _offered(ctx, offer),
                offered_by=offer.by_person_id if offer else 0,
                now=ctx.now,
                zone=ctx.zone,
            )
        )
    return found


async def view_of(ctx: ReadContext, meeting_id: int) -> MeetingView:
    """One meeting as the reader sees it now.

    Raises:
        Refusal: there is none, or one of its sides has left for good.
    """
    found = await views_of(ctx, [await meeting_for(ctx, meeting_id)])
    if not found:
        raise Refusal(ctx.t("This meeting is no longer here. Write /meetings to see yours."))
    return found[0]


def is_side(ctx: ReadContext, view: MeetingView) -> bool:
    """Whether the reader is one of the two who meet."""
    return ctx.person is not None and ctx.person.id in {view.own.person.id, view.other.person.id}


def card_screen(ctx: ReadContext, view: MeetingView) -> Screen | None:
    """The meeting's card: its own for a side, both answers for those who run meetings, nothing for anybody else."""
    if is_side(ctx, view):
        return meeting_card(view, ctx.t)
    return staff_card(view, ctx.t) if ctx.may(Permission.MISSION) else None
