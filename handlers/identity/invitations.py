"""An invitation in somebody's hands: looked at, and used."""

from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Errors, Replies, Show, Tell
from handlers.conversation.screen import screen
from handlers.identity import screens, service
from handlers.identity.codes import code_word
from handlers.identity.proof import Answer, after_proof, belongs_to
from handlers.identity.service import Entry
from storage.enums import PersonStatus
from storage.models import Organisation


def why_not(ctx: Context, entry: Entry, organisation: Organisation | None) -> str:
    """What is the matter with an invitation; empty when nothing is."""
    match entry:
        case Entry.WRONG:
            return ctx.t("This invitation doesn't work (any more). You can go on without it: the staff will answer.")
        case Entry.BLOCKED:
            return ctx.t("That was one wrong code too many. Please try again in an hour, or go on without it.")
        case Entry.FULL if organisation is not None:
            return ctx.t(
                "All the places of {organisation} are taken at the moment. You can go on: the staff will decide.",
                organisation=organisation.name,
            )
        case _:
            return ""


async def given(ctx: Context, text: str) -> Replies:
    """Somebody who is known gives an invitation: a member is asked first, the others are let in."""
    code = code_word(text)
    entry, _, organisation = await service.look_at_invitation(ctx, code)
    if organisation is None:
        words = why_not(ctx, entry, None) or ctx.t("Please write the code of your invitation.")
        return Errors({"code": words}) if ctx.event.form or ctx.event.action.startswith("form.") else _refused(words)
    person = ctx.me
    if person.status is PersonStatus.MEMBER:
        if person.organisation_id == organisation.id:
            raise Refusal(ctx.t("That's where you are already."))
        return Tell(screens.invitation_confirm(code, organisation.name, t=ctx.t))
    return await take(ctx, code)


def _refused(words: str) -> Tell:
    # Not a Refusal: the wrong code was counted in this transaction.
    return Tell(screen().para(words).build())


async def take(ctx: Context, code: str) -> Replies:
    """Use an invitation. Pressing twice uses it once: whoever belongs there already is told so."""
    entry, invite, organisation = await service.look_at_invitation(ctx, code)
    person = ctx.me
    if organisation is None or invite is None:
        return _refused(why_not(ctx, entry, None))
    if person.organisation_id == organisation.id and (person.invited or person.status is PersonStatus.MEMBER):
        if person.status is PersonStatus.JOINING:
            return await ctx.ask("identity.profile")
        return Show(screens.moved(organisation.name, t=ctx.t))
    confirmed = await belongs_to(ctx, person, organisation)
    if confirmed.answer in {Answer.IN, Answer.JOINED, Answer.KNOWN}:
        invite.uses_left -= 1
        person.invited = True
    return await after_proof(ctx, confirmed)
