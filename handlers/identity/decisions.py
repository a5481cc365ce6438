"""Requests to join and to belong elsewhere, in the staff's inbox."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from storage.queries import waiting


@decisions("join", N_("Requests to join"), Permission.STAFF, verb="join.look", waiting=lambda _: waiting.requests())
async def requests(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """Who asks."""
    names = await waiting.names_of_people(ctx.session, ids)
    return {person: ctx.t("{name} asks to join", name=name) for person, name in names.items()}


@decisions(
    "move",
    N_("Changes of organisation"),
    Permission.STAFF,
    verb="move.look",
    waiting=lambda _: waiting.changes_of_organisation(),
)
async def changes(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """Who wants to go where."""
    found: dict[int, str] = {}
    for number, name, house in await waiting.movers(ctx.session, ids):
        if house:
            found[number] = ctx.t("{name} would like to belong to {organisation}", name=name, organisation=house)
        else:
            found[number] = ctx.t("{name} has left their organisation", name=name)
    return found
