"""A slip as a reader sees it."""

from handlers.conversation.context import ReadContext
from handlers.privacy.slip_screens import Slip
from handlers.privacy.slips import is_open, profile_value
from storage.enums import ASKED_SLIP_FIELDS, SlipField
from storage.models import CommunityEvent, Disclosure, DisclosureAnswer, Mission
from storage.queries import disclosures, identity


async def view_of(ctx: ReadContext, slip: Disclosure, own: DisclosureAnswer | None = None) -> Slip:
    """The slip; with the reader's own answer and values where they were asked."""
    if slip.mission_id is not None:
        mission = await ctx.session.get(Mission, slip.mission_id)
        about = mission.title if mission is not None else ""
    else:
        event = await ctx.session.get(CommunityEvent, slip.event_id)
        about = event.title if event is not None else ""
    fields = [SlipField(one) for one in slip.fields]
    shown: list[tuple[SlipField, str]] = []
    if own is not None and ctx.person is not None:
        person = await identity.with_organisation(ctx.session, ctx.person.id)
        sectors = await disclosures.sectors_by_person(ctx.session, [ctx.person.id])
        if person is not None:
            shown = [
                (one, profile_value(person, one, sectors.get(person.id, []), ctx.t))
                for one in fields
                if one not in ASKED_SLIP_FIELDS
            ]
    return Slip(
        id=slip.id,
        title=slip.title,
        recipient=slip.recipient,
        purpose=slip.purpose,
        about=about,
        fields=fields,
        optional=[SlipField(one) for one in slip.optional],
        until=slip.until,
        open=is_open(slip, ctx.now),
        zone=ctx.zone,
        answer=own.answer if own is not None else None,
        shown=shown,
        entered=[(SlipField(name), value) for name, value in own.values.items()] if own is not None else (),
        handed_out=own.exported_at if own is not None else None,
    )
