"""Invitations as staff and contact people make, list and withdraw them."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.invitations import create_invite
from handlers.conversation.screen import Screen
from handlers.organisations import invite_screens, service
from handlers.organisations.rules import invite_state
from storage.engine import lock
from storage.enums import Platform
from storage.models import Invite, Organisation, Person
from storage.queries import organisations

SHOWN = 8
"""Invitations in a list: the newest."""


async def make(ctx: Context, organisation_id: int, uses: int, days: int) -> Screen:
    """Make one and show its code.

    Raises:
        Refusal: they may not, or the organisation takes nobody.
    """
    row = await service.must_run(ctx, organisation_id)
    if not row.active:
        raise Refusal(ctx.t("{name} is retired: take it up again first.", name=row.name))
    code = await create_invite(
        ctx.session, row.id, codes=ctx.community.codes, by=ctx.me.id, uses=uses, days=days, now=ctx.now
    )
    service.audit(ctx, "invite.new", row.id)
    telegram = ctx.community.deep_links.get(Platform.TELEGRAM)
    link = telegram(code) if telegram else ""
    return invite_screens.made(row.name, code, days, uses, link, ctx.community.slash_command, t=ctx.t)


async def listing(ctx: ReadContext, row: Organisation, *, for_staff: bool) -> Screen:
    """The newest invitations."""
    rows = await organisations.invites_of(ctx.session, row.id, SHOWN)
    makers: dict[int, str] = {}
    for one in rows:
        if one.created_by is not None and one.created_by not in makers:
            person = await ctx.session.get(Person, one.created_by)
            makers[one.created_by] = person.name if person else ""
    listed = [
        invite_screens.Invitation(
            id=one.id,
            hint=one.hint,
            state=invite_state(
                uses_left=one.uses_left, expires_at=one.expires_at, revoked_at=one.revoked_at, now=ctx.now
            ),
            used=one.uses - one.uses_left,
            uses=one.uses,
            expires_at=one.expires_at,
            made_by=makers.get(one.created_by or 0, ""),
        )
        for one in rows
    ]
    return invite_screens.invitations(row.id, row.name, listed, ctx.zone, for_staff=for_staff, t=ctx.t)


async def revoke(ctx: Context, invite_id: int) -> Organisation:
    """Withdraw one; whoever joined with it stays. Withdrawing twice changes nothing.

    Raises:
        Refusal: it is gone, or not theirs.
    """
    invite = await lock(ctx.session, Invite, Invite.id, invite_id)
    # The same answer for one that is not there and one that is not theirs.
    row = await service.must_run(ctx, invite.organisation_id if invite else 0)
    if invite is None:
        raise Refusal(ctx.t("This invitation is no longer there."))
    if invite.revoked_at is None:
        invite.revoked_at = ctx.now
        service.audit(ctx, "invite.revoke", row.id)
    return row
