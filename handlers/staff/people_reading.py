"""Reading people for the staff's screens."""

from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.staff.people_screens import (
    PEOPLE_SHOWN,
    PersonView,
    Reader,
    person_screen,
    roles_screen,
    search_results,
)
from handlers.staff.standing import find
from storage.enums import PersonStatus, Role
from storage.models import Person
from storage.queries import people, roles


def _view(person: Person, held: frozenset[Role], organisation: str) -> PersonView:
    return PersonView(person.id, person.name, organisation, person.job_title, person.status, held)


async def found(ctx: ReadContext, words: str) -> Screen:
    """Those whom the words fit."""
    words = " ".join(words.split())
    rows = await roles.find(ctx.session, words, most=PEOPLE_SHOWN + 1)
    views = [_view(one, frozenset(), one.organisation.name if one.organisation else "") for one in rows]
    return search_results(words, views, t=ctx.t)


async def shown(ctx: ReadContext, person_id: int) -> Screen:
    """Somebody, with what the reader may decide about them.

    Raises:
        Refusal: there is nobody of that number.
    """
    person = await find(ctx, person_id)
    held = await people.roles_of(ctx.session, person_id)
    organisation = person.organisation.name if person.organisation else person.organisation_claim
    owners = sum(
        Role.OWNER in theirs and one.status is PersonStatus.MEMBER
        for one, theirs in (await roles.holders(ctx.session) if ctx.may(Permission.OWNER) else [])
    )
    reader = Reader(ctx.me.id, ctx.roles)
    return person_screen(_view(person, held, organisation), reader, owners=owners, t=ctx.t)


async def all_roles(ctx: ReadContext) -> Screen:
    """Who has which role."""
    views = [_view(one, held, "") for one, held in await roles.holders(ctx.session)]
    return roles_screen(views, t=ctx.t)
