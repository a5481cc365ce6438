"""Commands and buttons of organisations: the staff's, their contacts', and those of whoever leaves one."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.organisations import invites, leaving, leaving_screens, screens, service
from handlers.organisations.screens import OrganisationField
from storage.queries import organisations

LISTED = 8
"""Organisations, or members, on a page."""


@command(
    "organisations",
    "organizzazioni",
    N_("The organisations, their places and their contacts"),
    Permission.STAFF,
    home=N_("Organisations"),
    home_order=62,
)
async def list_command(ctx: Context, _: str) -> Replies:
    """All of them."""
    return await list_page(ctx, 0)


@action("org.list", Permission.STAFF)
async def list_page(ctx: Context, page: int) -> Replies:
    """A page of them."""
    page = max(0, min(page, 10_000))
    rows, total = await organisations.listed(ctx.session, "", offset=page * LISTED, most=LISTED)
    pages = max(1, -(-total // LISTED))
    if page >= pages:
        return await list_page(ctx, pages - 1)
    return Show(screens.organisation_list(rows, total, page, pages, "", t=ctx.t))


@action("org.find", Permission.STAFF)
async def find(ctx: Context) -> Replies:
    """Look for one."""
    return await ctx.ask("org.find")


@action("org.new", Permission.STAFF)
async def new(ctx: Context) -> Replies:
    """One more."""
    return await ctx.ask("org.new")


@action("org.show", Permission.STAFF)
async def show(ctx: Context, organisation_id: int) -> Replies:
    """One of them."""
    row = await service.found(ctx, organisation_id)
    return Show(screens.organisation(await service.house_of(ctx, row), t=ctx.t))


@action("org.edit", Permission.STAFF)
async def edit(ctx: Context, organisation_id: int) -> Replies:
    """What of it to change."""
    row = await service.found(ctx, organisation_id)
    return Show(screens.edit_choice(row.id, row.name, t=ctx.t))


@action("org.field", Permission.STAFF)
async def edit_field(ctx: Context, organisation_id: int, field: OrganisationField) -> Replies:
    """Change that."""
    return await ctx.ask("org.field", organisation=organisation_id, field=field.value)


@action("org.merge", Permission.STAFF)
async def merge(ctx: Context, organisation_id: int) -> Replies:
    """It is the same as another."""
    return await ctx.ask("org.merge", organisation=organisation_id)


@action("org.merged", Permission.STAFF)
async def merged(ctx: Context, duplicate_id: int, into_id: int) -> Replies:
    """They mean it."""
    into = await service.merge(ctx, duplicate_id, into_id)
    return Show(screens.organisation(await service.house_of(ctx, into), t=ctx.t))


@action("org.retire", Permission.STAFF)
async def retire(ctx: Context, organisation_id: int) -> Replies:
    """It takes nobody any more."""
    return await _set_active(ctx, organisation_id, active=False)


@action("org.restore", Permission.STAFF)
async def restore(ctx: Context, organisation_id: int) -> Replies:
    """It takes people again."""
    return await _set_active(ctx, organisation_id, active=True)


async def _set_active(ctx: Context, organisation_id: int, *, active: bool) -> Replies:
    row = await service.found(ctx, organisation_id)
    if row.active is not active:
        row.active = active
        service.audit(ctx, "organisation.restore" if active else "organisation.retire", row.id)
        await ctx.session.flush()
    return Show(screens.organisation(await service.house_of(ctx, row), t=ctx.t))


# For staff and contact alike: each asks again whether the reader may


@command(
    "myorganisation",
    "miaorganizzazione",
    N_("Your organisation; its contact invites colleagues"),
    Permission.MEMBER,
    acting=False,
)
async def mine_command(ctx: Context, _: str) -> Replies:
    """My organisation."""
    return await mine(ctx)


@action("org.mine", Permission.MEMBER, acting=False)
async def mine(ctx: Context) -> Replies:
    """My organisation."""
    if ctx.me.organisation_id is None:
        return Show(screens.nowhere(t=ctx.t))
    row = await service.found(ctx, ctx.me.organisation_id)
    is_contact = await organisations.speaks_for(ctx.session, ctx.me) == row.id
    return Show(screens.mine(await service.house_of(ctx, row), is_contact=is_contact, t=ctx.t))


@action("org.members", Permission.MEMBER, acting=False)
async def members(ctx: Context, organisation_id: int, page: int) -> Replies:
    """Its members."""
    row = await service.must_run(ctx, organisation_id)
    people = await organisations.members_of(ctx.session, row.id)
    contact = await organisations.contact_of(ctx.session, row.id)
    pages = max(1, -(-len(people) // LISTED))
    page = max(0, min(page, pages - 1))
    listed = [
        (one.id, one.name or "–", one.job_title, contact is not None and one.id == contact.id)
        for one in people[page * LISTED : (page + 1) * LISTED]
    ]
    for_staff = ctx.may(Permission.STAFF)
    return Show(screens.members(row.id, row.name, listed, page, pages, for_staff=for_staff, t=ctx.t))


@action("org.invites", Permission.MEMBER, acting=False)
async def list_invites(ctx: Context, organisation_id: int) -> Replies:
    """Its invitations."""
    row = await service.must_run(ctx, organisation_id)
    return Show(await invites.listing(ctx, row, for_staff=ctx.may(Permission.STAFF)))


@action("org.invite", Permission.MEMBER, acting=False)
async def invite(ctx: Context, organisation_id: int) -> Replies:
    """One more invitation."""
    return await ctx.ask("org.invite", organisation=organisation_id)


@action("org.revoke", Permission.MEMBER, acting=False)
async def revoke(ctx: Context, invite_id: int) -> Replies:
    """An invitation works no longer."""
    row = await invites.revoke(ctx, invite_id)
    return Show(await invites.listing(ctx, row, for_staff=ctx.may(Permission.STAFF)))


@command("invite", "invita", N_("Invite the people of an organisation"), Permission.STAFF, opens_form=True)
async def invite_command(ctx: Context, _: str) -> Replies:
    """Make an invitation."""
    return await ctx.ask("org.invite")


# Leaving, and taking over


@action("org.leave", Permission.MEMBER, acting=False)
async def leave(ctx: Context) -> Replies:
    """I leave my organisation."""
    return await ctx.ask("org.leave")


@action("org.gone", Permission.STAFF)
async def gone(ctx: Context, person_id: int) -> Replies:
    """Somebody has left theirs."""
    return await ctx.ask("org.leave", person=person_id)


@action("org.take", Permission.MEMBER, acting=False)
async def take(ctx: Context, handover_id: int) -> Replies:
    """I take over."""
    name, things, left_over = await leaving.answer(ctx, handover_id, take=True)
    return Show(leaving_screens.taken(name, things, left_over, t=ctx.t))


@action("org.pass", Permission.MEMBER, acting=False)
async def decline(ctx: Context, handover_id: int) -> Replies:
    """I can't."""
    await leaving.answer(ctx, handover_id, take=False)
    return Toast(ctx.t("Thank you for saying so. The staff know."))
