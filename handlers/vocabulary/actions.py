"""The staff keep the lists: sectors, topics, kinds of post."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.vocabulary import screens, service
from handlers.vocabulary.showing import line_screen, list_screen
from storage.queries.vocabulary import Vocabulary


@command("lists", "liste", N_("Sectors, topics and kinds of post"), Permission.STAFF, home=N_("Lists"), home_order=64)
async def lists_command(ctx: Context, _: str) -> Replies:
    """All lists."""
    return await all_lists(ctx)


@action("list.all", Permission.STAFF)
async def all_lists(ctx: Context) -> Replies:
    """All lists."""
    return Show(screens.lists(t=ctx.t))


@action("list.show", Permission.STAFF)
async def show(ctx: Context, which: Vocabulary) -> Replies:
    """One list."""
    return Show(await list_screen(ctx, which))


@action("list.line", Permission.STAFF)
async def line(ctx: Context, which: Vocabulary, entry_id: int) -> Replies:
    """One line of it."""
    return Show(await line_screen(ctx, which, await service.found(ctx, which, entry_id)))


@action("list.add", Permission.STAFF)
async def add(ctx: Context, which: Vocabulary) -> Replies:
    """A new line."""
    return await ctx.ask("list.add", which=which.value)


@action("list.rename", Permission.STAFF)
async def rename(ctx: Context, which: Vocabulary, entry_id: int) -> Replies:
    """Other names."""
    return await ctx.ask("list.rename", which=which.value, line=entry_id)


@action("list.up", Permission.STAFF)
async def up(ctx: Context, which: Vocabulary, entry_id: int) -> Replies:
    """One place up."""
    return Show(await line_screen(ctx, which, await service.move(ctx, which, entry_id, -1)))


@action("list.down", Permission.STAFF)
async def down(ctx: Context, which: Vocabulary, entry_id: int) -> Replies:
    """One place down."""
    return Show(await line_screen(ctx, which, await service.move(ctx, which, entry_id, 1)))


@action("list.retire", Permission.STAFF)
async def retire(ctx: Context, which: Vocabulary, entry_id: int) -> Replies:
    """Nobody chooses it any more."""
    return Show(await line_screen(ctx, which, await service.set_active(ctx, which, entry_id, active=False)))


@action("list.restore", Permission.STAFF)
async def restore(ctx: Context, which: Vocabulary, entry_id: int) -> Replies:
    """It is chosen again."""
    return Show(await line_screen(ctx, which, await service.set_active(ctx, which, entry_id, active=True)))
