"""The notice at any time, and consents that can be taken back with a tap."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import CONSENT_VERSION
from handlers.conversation.texts import N_
from handlers.privacy import my_data_actions, purge_actions  # noqa: F401 - they register their actions
from handlers.privacy.screens import consents_screen, notice_screen
from storage.enums import ConsentPurpose
from storage.queries import consents


@command("privacy", "privacy", N_("How your data is used, and what you allow"), Permission.ANYONE)
async def privacy(ctx: Context, _: str) -> Replies:
    """The notice; those we know also see what they allow."""
    if ctx.person is None:
        return Show(notice_screen(ctx.community, t=ctx.t))
    return Show(consents_screen(await consents.given(ctx.session, ctx.me.id), t=ctx.t))


@action("privacy.notice", Permission.ANYONE)
async def read_notice(ctx: Context) -> Replies:
    """The notice."""
    return Tell(notice_screen(ctx.community, t=ctx.t))


@action("privacy.show", Permission.PERSON)
async def show(ctx: Context) -> Replies:
    """What I allow."""
    return Tell(consents_screen(await consents.given(ctx.session, ctx.me.id), t=ctx.t))


@action("privacy.set", Permission.PERSON)
async def decide(ctx: Context, purpose: ConsentPurpose, allowed: int) -> Replies:
    """Allow a purpose or take it back; the proof is a row of its own."""
    await consents.record(
        ctx.session,
        ctx.me.id,
        {purpose: bool(allowed)},
        version=CONSENT_VERSION,
        locale=ctx.locale,
        platform=ctx.event.address.platform,
        now=ctx.now,
    )
    await ctx.session.flush()
    text = ctx.t("Noted: you allow it.") if allowed else ctx.t("Noted: this stops from now on.")
    return (Show(consents_screen(await consents.given(ctx.session, ctx.me.id), t=ctx.t)), Toast(text))
