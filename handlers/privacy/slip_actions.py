"""Answering a slip: yes, yes in part, no, and taking it back."""

from handlers.conversation.actions import action
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.privacy import slips
from handlers.privacy.slip_reading import view_of
from handlers.privacy.slip_screens import shared_screen, slip_card
from storage.enums import SlipAnswer
from storage.models import Disclosure, DisclosureAnswer
from storage.queries import disclosures


@action("privacy.slips", Permission.PERSON, answers=False)
async def shared(ctx: Context) -> Replies:
    """What I share."""
    rows = await disclosures.of_person(ctx.session, ctx.me.id)
    return Tell(shared_screen([await view_of(ctx, slip, own) for slip, own in rows], t=ctx.t))


@action("privacy.slip", Permission.PERSON, answers=False)
async def look(ctx: Context, slip_id: int) -> Replies:
    """One slip."""
    slip = await ctx.session.get(Disclosure, slip_id)
    own = await ctx.session.get(DisclosureAnswer, (slip_id, ctx.me.id))
    if slip is None or own is None:
        raise Refusal(ctx.t("This slip is over, or you were not asked to answer it."))
    return Tell(slip_card(await view_of(ctx, slip, own), t=ctx.t), CardKey(slips.SLIP_CARD, slip.id))


async def shown(ctx: Context, slip: Disclosure, text: str) -> Replies:
    """The slip as it now is, and a word."""
    own = await ctx.session.get(DisclosureAnswer, (slip.id, ctx.me.id))
    return (Show(slip_card(await view_of(ctx, slip, own), t=ctx.t), CardKey(slips.SLIP_CARD, slip.id)), Toast(text))


@action("privacy.slipyes", Permission.PERSON)
async def yes(ctx: Context, slip_id: int, partly: int) -> Replies:
    """Yes, where nothing has to be entered."""
    said = SlipAnswer.PARTLY if partly else SlipAnswer.YES
    slip = await slips.slip_for(ctx, slip_id)
    if slips.asked_fields(slip, partly=bool(partly)):
        return await ctx.ask("privacy.slip", slip=slip_id, partly=int(bool(partly)))
    slip = await slips.answer(ctx, slip_id, said, pressed=ctx.event.message)
    return await shown(ctx, slip, ctx.t("Thank you: noted."))


@action("privacy.slipfill", Permission.PERSON)
async def fill(ctx: Context, slip_id: int, partly: int) -> Replies:
    """Yes, with what has to be entered."""
    return await ctx.ask("privacy.slip", slip=slip_id, partly=int(bool(partly)))


@action("privacy.slipno", Permission.PERSON)
async def no(ctx: Context, slip_id: int) -> Replies:
    """No, or no longer."""
    slip = await slips.answer(ctx, slip_id, SlipAnswer.NO, pressed=ctx.event.message)
    return await shown(ctx, slip, ctx.t("Noted: nothing about you is handed over."))
