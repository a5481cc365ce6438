"""Requests to join, in the staff's inbox."""

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
