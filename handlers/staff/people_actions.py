"""Looking people up, roles, and where somebody stands."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.staff import standing
from handlers.staff.people_reading import all_roles, found, shown
from handlers.staff.rules import Change, Turn
from storage.enums import Role


@command(
    "members",
    "soci",
    N_("Look somebody up, act for them, suspend or remove them"),
    Permission.STAFF,
    home=N_("Members"),
    home_order=62,
    opens_form=True,
)
async def people(ctx: Context, words: str) -> Replies:
    """With words: those whom they fit. Without: ask for words."""
    return Show(await found(ctx, words)) if words.strip() else await ctx.ask("staff.find")


@action("staff.search", Permission.STAFF)
async def search(ctx: Context) -> Replies:
    """Look somebody else up."""
    return await ctx.ask("staff.find")


@action("staff.person", Permission.STAFF)
async def person(ctx: Context, person_id: int) -> Replies:
    """One person."""
    return Tell(await shown(ctx, person_id), privately=True)


@command("roles", "ruoli", N_("Who has which role; give and take roles"), Permission.OWNER)
async def roles(ctx: Context, _: str) -> Replies:
    """Who has which role."""
    return Show(await all_roles(ctx))


@action("staff.role", Permission.OWNER)
async def role(ctx: Context, person_id: int, which: Role, turn: Turn) -> Replies:
    """Ask why a role is given or taken."""
    await standing.check_role(ctx, await standing.find(ctx, person_id), which, turn)
    return await ctx.ask("staff.role", person=person_id, role=which, turn=turn)


@action("staff.change", Permission.STAFF)
async def change(ctx: Context, person_id: int, what: Change) -> Replies:
    """Ask why somebody is suspended, restored or removed."""
    await standing.check_change(ctx, await standing.find(ctx, person_id), what)
    return await ctx.ask("staff.change", person=person_id, change=what)
