"""Commands and buttons of working groups."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.groups import screens, service


@command("groups", "gruppi", N_("The working groups, and yours"), Permission.MEMBER)
async def groups(ctx: Context, _: str) -> Replies:
    """The groups in use."""
    return await _all(ctx)


@action("group.all", Permission.MEMBER)
async def all_groups(ctx: Context) -> Replies:
    """The groups in use, from a button."""
    return await _all(ctx)


async def _all(ctx: Context) -> Replies:
    return Show(screens.listed(await service.all_groups(ctx), ctx.t, runs=ctx.may(Permission.STAFF)))


@action("group.open", Permission.MEMBER)
async def open_group(ctx: Context, group_id: int) -> Replies:
    """One group."""
    group = await service.find(ctx, group_id)
    return Show(screens.one(await service.view_of(ctx, group), ctx.t))


@action("group.join", Permission.MEMBER)
async def join(ctx: Context, group_id: int) -> Replies:
    """Belong to it."""
    group = await service.join(ctx, group_id)
    shown = Show(screens.one(await service.view_of(ctx, group), ctx.t))
    return shown, Toast(ctx.t("Welcome to {name}!", name=group.name))


@action("group.leave", Permission.MEMBER)
async def leave(ctx: Context, group_id: int) -> Replies:
    """Belong to it no longer."""
    group = await service.leave(ctx, group_id)
    said = Toast(ctx.t("You have left {name}.", name=group.name))
    return Show(screens.listed(await service.all_groups(ctx), ctx.t, runs=ctx.may(Permission.STAFF))), said


@action("group.new", Permission.STAFF)
async def new(ctx: Context) -> Replies:
    """A new group."""
    return await ctx.ask("group.new")


@action("group.edit", Permission.STAFF)
async def edit(ctx: Context, group_id: int) -> Replies:
    """Another name, description or way in."""
    return await ctx.ask("group.edit", group=group_id)


@action("group.add", Permission.STAFF)
async def add(ctx: Context, group_id: int) -> Replies:
    """Add members."""
    return await ctx.ask("group.add", group=group_id)


@action("group.out", Permission.STAFF)
async def take_out(ctx: Context, group_id: int) -> Replies:
    """Take members out."""
    return await ctx.ask("group.out", group=group_id)


@action("group.retire", Permission.STAFF)
async def retire(ctx: Context, group_id: int) -> Replies:
    """Nothing new is shared with it."""
    group = await service.set_retired(ctx, group_id, retired=True)
    return Show(screens.one(await service.view_of(ctx, group), ctx.t))


@action("group.restore", Permission.STAFF)
async def restore(ctx: Context, group_id: int) -> Replies:
    """Take it up again."""
    group = await service.set_retired(ctx, group_id, retired=False)
    return Show(screens.one(await service.view_of(ctx, group), ctx.t))
