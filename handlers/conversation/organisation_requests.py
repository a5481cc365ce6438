"""A member's wish to belong to another organisation, put before the staff: joining and leaving both come to it."""

from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify_all, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from storage.engine import lock
from storage.models import OrganisationRequest, Person
from storage.queries import organisations, people

MOVE_CARD = "move"
NOTICE = "identity.move"


async def staff_ids(ctx: ReadContext) -> list[int]:
    """The staff and the owners."""
    return await people.people_with(ctx.session, sorted(ROLES_FOR[Permission.STAFF]))


async def settle(ctx: ReadContext, person_id: int) -> None:
    """What they had asked of the staff needs no answer any more."""
    for request_id in await organisations.settle_requests(ctx.session, person_id, ctx.now):
        await refresh_card(ctx, CardKey(MOVE_CARD, request_id))


async def ask_staff(
    ctx: ReadContext, person: Person, *, organisation_id: int | None, claim: str, left_from: str = ""
) -> None:
    """Put the wish before the staff; an earlier one that waits is replaced.

    Args:
        ctx: its session is in a writing transaction.
        person: who belongs elsewhere.
        organisation_id: where, when it is known here.
        claim: where, in their words; empty when they have not said.
        left_from: the organisation that they have left, in words.
    """
    await lock(ctx.session, Person, Person.id, person.id)
    await settle(ctx, person.id)
    request = OrganisationRequest(
        person_id=person.id,
        organisation_id=organisation_id,
        claim=claim,
        left_from=left_from,
        created_at=ctx.now,
    )
    ctx.session.add(request)
    await ctx.session.flush()
    staff = await staff_ids(ctx)
    await notify_all(
        ctx,
        [one for one in staff if one != person.id] or staff,
        NOTICE,
        dedup=lambda one: f"move:{request.id}:{one}",
        data={"request": request.id},
    )
