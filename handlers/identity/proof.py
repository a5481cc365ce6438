"""Somebody has shown that they belong to an organisation, by its address or its invitation: what follows from it."""

from dataclasses import dataclass
from enum import Enum

from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Tell
from handlers.identity import moving, screens, service
from storage.enums import PersonStatus
from storage.models import Organisation, Person


class Answer(Enum):
    """What became of a code that was typed."""

    WRONG = "wrong"
    NONE = "none"  # none was sent, or it has run out
    TAKEN = "taken"  # right, but another profile has that address
    JOINED = "joined"  # right, and they are a member now
    IN = "in"  # right, and the member they were belongs there now
    KNOWN = "known"  # right, an organisation's address; the profile is still to be filled in
    FULL = "full"  # right, and the organisation's places are taken
    UNKNOWN = "unknown"  # right, and no organisation has that domain


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of it, and where they belong by it."""

    answer: Answer
    organisation: str = ""
    guesses_left: int = 0


async def belongs_to(ctx: Context, person: Person, organisation: Organisation) -> Confirmed:
    """They have shown that they belong to an organisation: by its address, or by its invitation."""
    if person.status is PersonStatus.MEMBER:
        moved = await moving.move(ctx, person, organisation)
        return Confirmed(Answer.IN if moved else Answer.FULL, organisation.name)
    if person.status is PersonStatus.WAITING:
        if await service.take_seat(ctx, person, organisation.id):
            await moving.show_request_anew(ctx, person)
            return Confirmed(Answer.JOINED, organisation.name)
        person.organisation_id = organisation.id
        await moving.show_request_anew(ctx, person)
        return Confirmed(Answer.FULL, organisation.name)
    person.organisation_id, person.organisation_claim = organisation.id, ""
    person.invited = await service.has_seat(ctx, organisation)
    await ctx.session.flush()
    return Confirmed(Answer.KNOWN if person.invited else Answer.FULL, organisation.name)


async def after_proof(ctx: Context, confirmed: Confirmed) -> Replies:
    """What comes next for somebody who has shown where they belong, by a code or an invitation."""
    t, person = ctx.t, ctx.me
    match confirmed.answer:
        case Answer.TAKEN:
            return Tell(screens.address_taken(t=t))
        case Answer.KNOWN:
            return (Tell(screens.belongs(confirmed.organisation, t=t)), await ctx.ask("identity.profile"))
        case Answer.JOINED:
            return Tell(screens.joined(person.name.split()[0] if person.name else "", ctx.community, t=t))
        case Answer.IN:
            return Tell(screens.moved(confirmed.organisation, t=t))
        case Answer.FULL:
            full = Tell(screens.full(confirmed.organisation, t=t))
            return (full, await ctx.ask("identity.profile")) if person.status is PersonStatus.JOINING else full
        case _:
            unknown = Tell(screens.address_unknown(person.work_address.rpartition("@")[2], t=t))
            if person.status is PersonStatus.JOINING:
                return (unknown, await ctx.ask("identity.profile"))
            if person.status is PersonStatus.WAITING:
                return (unknown, Tell(screens.waiting(t=t)))
            return (unknown, await ctx.ask("identity.organisation"))
