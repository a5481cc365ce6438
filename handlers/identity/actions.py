"""Joining, the profile, linking, and the staff's answer."""

from handlers.conversation.actions import (
    REGISTRY,
    MalformedActionError,
    UnknownActionError,
    action,
    command,
    gate,
    stranger,
)
from handlers.conversation.codes import LINK_LIFE, LINK_PREFIX, looks_like_code, tidy
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, EventKind, Replies, Show, Tell, Toast
from handlers.conversation.home_screen import action_of_payload, home_screen
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.conversation.texts import N_, texts_for
from handlers.identity import screens, service
from handlers.identity.cards import request_screen
from storage.enums import Locale, PersonStatus, Platform
from storage.queries import identity

MAX_CODE = 24
"""Characters of a typed code that are looked at; it must fit into a button."""


@command("start", "inizia", N_("Begin, or the menu"), Permission.ANYONE, listed=False)
async def start(ctx: Context, payload: str) -> Replies:
    """Begin: a newcomer is welcomed, a known person gets the menu or what the link named."""
    if payload.startswith(LINK_PREFIX):
        return await _offer_link(ctx, payload.removeprefix(LINK_PREFIX))
    if ctx.person is None:
        return Show(screens.welcome(ctx.community, _code(payload)))
    if ctx.person.status is PersonStatus.JOINING:
        return await ctx.ask("identity.profile")
    if ctx.person.status is PersonStatus.WAITING:
        return Show(screens.waiting(t=ctx.t))
    if ctx.person.status is PersonStatus.SUSPENDED:
        contact = ctx.community.contact
        raise Refusal(
            ctx.t("Your access is suspended for now. If you have a question, write to {contact}.", contact=contact)
        )
    if not ctx.may(Permission.PERSON):
        raise Refusal(
            ctx.t(
                "You no longer take part in this community. If that is a mistake, write to {contact}.",
                contact=ctx.community.contact,
            )
        )
    linked = await _linked_action(ctx, payload)
    return linked if linked is not None else Show(await home_screen(ctx))


async def _linked_action(ctx: Context, payload: str) -> Replies:
    """What a deep link names, if this person may: a link gives no right by itself."""
    text = action_of_payload(payload)
    if not text:
        return None
    try:
        spec, arguments = REGISTRY.action(text)
    except (UnknownActionError, MalformedActionError):
        return None
    return await spec.handler(ctx, **arguments) if ctx.may(spec.permission) else None


def _code(text: str) -> str:
    code = tidy(text)[:MAX_CODE]
    return code if code.isalnum() and code.isascii() else ""


@stranger
async def meet(ctx: Context) -> Replies:
    """Whatever a stranger writes first: a code they were given, or anything else, leads to the welcome."""
    text = ctx.event.text.strip() if ctx.event.kind is EventKind.TEXT else ""
    return Show(screens.welcome(ctx.community, _code(text) if looks_like_code(text) else ""))


@gate
async def notice_changed(ctx: Context) -> Replies:
    """Whoever agreed to an earlier notice reads the new one before going on."""
    if ctx.me.notice_version == NOTICE_VERSION or not ctx.event.private:
        return None
    return Tell(screens.privacy_changed(ctx.community, t=ctx.t))


@action("join.renew", Permission.ANYONE)
async def renew(ctx: Context, version: str) -> Replies:
    """They agree to the changed notice."""
    if ctx.person is None or version != NOTICE_VERSION:
        raise Refusal(ctx.t("This notice is not the current one. Write /start to see it."))
    ctx.person.notice_version = NOTICE_VERSION
    ctx.person.notice_accepted_at = ctx.now
    return Show(await home_screen(ctx))


@action("join.lang", Permission.ANYONE)
async def choose(ctx: Context, locale: Locale, code: str = "") -> Replies:
    """The language is chosen: now the notice."""
    if ctx.person is not None:
        return Show(await home_screen(ctx))
    ctx.locale = locale
    organisation = await service.inviting_organisation(ctx, code)
    return Show(screens.privacy(ctx.community, locale, _code(code), organisation, t=ctx.t))


@action("join.decline", Permission.ANYONE)
async def decline(_: Context, locale: Locale) -> Replies:
    """They would rather not."""
    return Show(screens.declined(t=texts_for(locale)))


@action("join.accept", Permission.ANYONE)
async def accept(ctx: Context, locale: Locale, code: str = "", version: str = "") -> Replies:
    """They agree: from now on they are known, and the profile is asked."""
    if version != NOTICE_VERSION:
        ctx.locale = locale
        organisation = await service.inviting_organisation(ctx, code)
        return Show(screens.privacy(ctx.community, locale, _code(code), organisation, t=ctx.t))
    known = ctx.person is not None
    person = await service.agree(ctx, locale, _code(code))
    if known and person.status is not PersonStatus.JOINING:
        return Show(await home_screen(ctx))
    return (Show(screens.agreed(t=ctx.t)), await ctx.ask("identity.profile"))


@command("profile", "profilo", N_("Your profile"), Permission.PERSON, home=N_("My profile"), home_order=80)
async def profile(ctx: Context, _: str) -> Replies:
    """My profile."""
    found = await service.profile_of(ctx, ctx.me.id)
    if found is None or ctx.me.status is PersonStatus.JOINING:
        return await ctx.ask("identity.profile")
    return Show(screens.profile_screen(found, t=ctx.t))


@action("profile.edit", Permission.PERSON)
async def edit(ctx: Context) -> Replies:
    """Change the profile."""
    return await ctx.ask("identity.profile")


@command("link", "collega", N_("Be the same person on Telegram and Slack"), Permission.ANYONE)
async def link(ctx: Context, code: str) -> Replies:
    """Without a code: give one. With a code: link this account."""
    if code.strip():
        return await _offer_link(ctx, code)
    if ctx.person is None:
        return Show(screens.link_help(LINK_LIFE, t=ctx.t))
    return await link_button(ctx)


@action("link.new", Permission.PERSON)
async def link_button(ctx: Context) -> Replies:
    """A fresh code."""
    if not ctx.may(Permission.PERSON):
        raise Refusal(ctx.t("You no longer take part in this community."))
    code = await service.new_link_code(ctx)
    here = ctx.event.address.platform
    deep_link = ctx.community.deep_links.get(Platform.TELEGRAM) if here is not Platform.TELEGRAM else None
    return Tell(
        screens.link_code(
            code,
            here,
            ctx.community.slash_command,
            deep_link(LINK_PREFIX + code) if deep_link else "",
            t=ctx.t,
        ),
        privately=True,
    )


async def _offer_link(ctx: Context, code: str) -> Replies:
    word = _code(code)
    try:
        found, owner = await service.read_link_code(ctx, word)
    except service.WrongCodeError:
        service.note_wrong_code(ctx)
        return Toast(
            ctx.t("This code is not valid, or its 15 minutes are over. Ask for a new one and try again."), alert=True
        )
    return Show(screens.link_confirm(word, owner.name, found.platform, t=texts_for(owner.locale)))


def _wrong_code(ctx: Context) -> Toast:
    service.note_wrong_code(ctx)
    text = ctx.t("This code is not valid, or its 15 minutes are over. Ask for a new one and try again.")
    return Toast(text, alert=True)


@action("link.accept", Permission.ANYONE)
async def link_accept(ctx: Context, code: str) -> Replies:
    """Yes, the same person."""
    try:
        await service.link(ctx, _code(code))
    except service.WrongCodeError:
        service.note_wrong_code(ctx)
        return Toast(
            ctx.t("This code is not valid, or its 15 minutes are over. Ask for a new one and try again."), alert=True
        )
    return Show(screens.linked(ctx.event.address.platform, t=ctx.t))


@action("link.decline", Permission.ANYONE)
async def link_decline(ctx: Context) -> Replies:
    """No, somebody else."""
    return Show(screens.not_linked(t=ctx.t))


@command(
    "requests", "richieste", N_("People who ask to join"), Permission.STAFF, home=N_("Requests to join"), home_order=60
)
async def requests(ctx: Context, _: str) -> Replies:
    """Those who wait."""
    rows = await identity.waiting_people(ctx.session)
    listed = [
        (one.id, one.name, one.organisation.name if one.organisation else one.organisation_claim) for one in rows[:10]
    ]
    return Show(screens.requests(listed, t=ctx.t))


@action("join.look", Permission.STAFF)
async def look(ctx: Context, person_id: int) -> Replies:
    """One request, with its buttons."""
    shown = await request_screen(ctx, person_id)
    if shown is None:
        raise Refusal(ctx.t("This request is no longer there."))
    return Tell(shown, CardKey(service.REQUEST_CARD, person_id))


@action("join.approve", Permission.STAFF)
async def approve(ctx: Context, person_id: int) -> Replies:
    """Let them in."""
    return Toast(await service.decide(ctx, person_id, accept=True))


@action("join.refuse", Permission.STAFF)
async def refuse(ctx: Context, person_id: int) -> Replies:
    """Say no, with a reason."""
    return await ctx.ask("identity.refuse", person=person_id)
