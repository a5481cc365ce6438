"""The notice at any time, and consents that can be taken back with a tap."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import CONSENT_VERSION
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.privacy import (  # noqa: F401 - they register their actions
    my_data_actions,
    purge_actions,
    slip_actions,
    slip_staff_actions,
)
from handlers.privacy.screens import Accepted, Said, consents_screen, history_screen, notice_screen, text_screen
from storage.enums import ConsentPurpose, Locale
from storage.queries import consents


@command("privacy", "privacy", N_("How your data is used, and what you allow"), Permission.ANYONE)
async def privacy(ctx: Context, _: str) -> Replies:
    """The notice; those we know also see what they allow."""
    if not ctx.may(Permission.PERSON):
        return Show(_notice(ctx))
    return (Tell(_notice(ctx)), Tell(await _consents(ctx)))


def _notice(ctx: Context) -> Screen:
    me = ctx.person if ctx.event.private else None
    accepted = Accepted(me.notice_version, me.notice_accepted_at, ctx.zone) if me is not None else None
    return notice_screen(ctx.community, accepted, t=ctx.t)


async def _said(ctx: Context) -> list[Said]:
    rows = await consents.history(ctx.session, ctx.me.id)
    return [Said(one.purpose, one.given, one.at, one.platform, one.text_version, one.locale) for one in rows]


async def _consents(ctx: Context) -> Screen:
    last = {one.purpose: one for one in reversed(await _said(ctx))}
    return consents_screen(await consents.given(ctx.session, ctx.me.id), last, zone=ctx.zone, t=ctx.t)


@action("privacy.notice", Permission.ANYONE)
async def read_notice(ctx: Context) -> Replies:
    """The notice."""
    return Tell(_notice(ctx))


@action("privacy.show", Permission.PERSON)
async def show(ctx: Context) -> Replies:
    """What I allow."""
    return Tell(await _consents(ctx))


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
    return (Show(await _consents(ctx)), Toast(text))


@action("privacy.history", Permission.PERSON)
async def history(ctx: Context) -> Replies:
    """Everything I ever said."""
    return Tell(history_screen(await _said(ctx), zone=ctx.zone, t=ctx.t))


@action("privacy.text", Permission.PERSON)
async def read_text(ctx: Context, version: str, purpose: ConsentPurpose, locale: Locale) -> Replies:
    """What I agreed to, word by word."""
    return Tell(text_screen(version[:20], purpose, locale, t=ctx.t))
