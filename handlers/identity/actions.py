"""Joining, the profile, and the staff's answer."""

from handlers.conversation.actions import (
    REGISTRY,
    MalformedActionError,
    UnknownActionError,
    action,
    command,
    gate,
    stranger,
)
from handlers.conversation.codes import LINK_PREFIX, looks_like_code
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Ask, CardKey, EventKind, Replies, Show, Tell, Toast
from handlers.conversation.home_screen import action_of_payload, home_screen
from handlers.conversation.organisation_requests import MOVE_CARD
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.conversation.texts import N_, texts_for
from handlers.identity import invitations, moving, screens, service
from handlers.identity.cards import move_screen, request_screen
from handlers.identity.codes import code_word
from handlers.identity.linking import offer_link
from handlers.identity.screens import ProfileField
from storage.enums import Locale, PersonStatus
from storage.models import Organisation
from storage.queries import identity, organisations

REQUESTS_SHOWN = 10
"""Requests on one screen."""


@command("start", "inizia", N_("Begin, or the menu"), Permission.ANYONE, listed=False)
async def start(ctx: Context, payload: str) -> Replies:
    """Begin: a newcomer is welcomed, a known person gets the menu or what the link named."""
    if payload.startswith(LINK_PREFIX):
        return await offer_link(ctx, payload.removeprefix(LINK_PREFIX))
    if ctx.person is None:
        return Show(screens.welcome(ctx.community, code_word(payload)))
    refuse_the_shut_out(ctx)
    if looks_like_code(payload):
        return await invitations.given(ctx, payload)
    if ctx.person.status is PersonStatus.JOINING:
        return await go_on_joining(ctx)
    if ctx.person.status is PersonStatus.WAITING:
        return Show(screens.waiting(t=ctx.t))
    linked = await _linked_action(ctx, payload)
    return linked if linked is not None else Show(await home_screen(ctx))


def refuse_the_shut_out(ctx: Context) -> None:
    """Before whatever anybody may do: somebody who no longer takes part reads so, and nothing happens.

    Raises:
        Refusal: they are known, and shut out.
    """
    if ctx.person is None or ctx.may(Permission.PERSON):
        return
    if ctx.person.status is PersonStatus.SUSPENDED:
        contact = ctx.community.contact
        raise Refusal(
            ctx.t("Your access is suspended for now. If you have a question, write to {contact}.", contact=contact)
        )
    raise Refusal(
        ctx.t(
            "You no longer take part in this community. If that is a mistake, write to {contact}.",
            contact=ctx.community.contact,
        )
    )


def needs_a_way(ctx: Context) -> bool:
    """Whether a newcomer can still show where they belong, before the staff are asked."""
    person = ctx.me
    return ctx.community.mails and not person.invited and not person.work_address and person.organisation_id is None


async def go_on_joining(ctx: Context) -> Show | Ask:
    """The next thing that a newcomer has to do: show where they belong, or fill in the profile."""
    return Show(screens.ways(by_mail=True, t=ctx.t)) if needs_a_way(ctx) else await ctx.ask("identity.profile")


@command("join", "entra", N_("Join with the invitation of your organisation"), Permission.ANYONE, listed=False)
async def join(ctx: Context, code: str) -> Replies:
    """An invitation that is typed: on Slack and the web, where no link carries it."""
    if ctx.person is None:
        return Show(screens.welcome(ctx.community, code_word(code)))
    refuse_the_shut_out(ctx)
    if not code.strip():
        return await ctx.ask("identity.invitation")
    return await invitations.given(ctx, code)


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


@stranger
async def meet(ctx: Context) -> Replies:
    """Whatever a stranger writes first: a code they were given, or anything else, leads to the welcome."""
    text = ctx.event.text.strip() if ctx.event.kind is EventKind.TEXT else ""
    return Show(screens.welcome(ctx.community, code_word(text) if looks_like_code(text) else ""))


@gate
async def notice_changed(ctx: Context) -> Replies:
    """Whoever agreed to an earlier notice reads the new one before going on."""
    if ctx.me.notice_version == NOTICE_VERSION or not ctx.event.private:
        return None
    return Tell(screens.privacy_changed(ctx.community, t=ctx.t))


@action("join.renew", Permission.ANYONE)
async def renew(ctx: Context, version: str) -> Replies:
    """They agree to the changed notice."""
    refuse_the_shut_out(ctx)
    if ctx.person is None or version != NOTICE_VERSION:
        raise Refusal(ctx.t("This notice is not the current one. Write /start to see it."))
    ctx.person.notice_version = NOTICE_VERSION
    ctx.person.notice_accepted_at = ctx.now
    return Show(await home_screen(ctx))


@action("join.lang", Permission.ANYONE)
async def choose(ctx: Context, locale: Locale, code: str = "") -> Replies:
    """The language is chosen: now the notice."""
    refuse_the_shut_out(ctx)
    if ctx.person is not None:
        return Show(await home_screen(ctx))
    ctx.locale = locale
    return await _notice(ctx, locale, code)


async def _notice(ctx: Context, locale: Locale, code: str) -> Show:
    entry, _, organisation = await service.look_at_invitation(ctx, code_word(code))
    note = invitations.why_not(ctx, entry, organisation)
    name = organisation.name if organisation else ""
    return Show(screens.privacy(ctx.community, locale, code_word(code), name, note, t=ctx.t))


@action("join.decline", Permission.ANYONE)
async def decline(_: Context, locale: Locale) -> Replies:
    """They would rather not."""
    return Show(screens.declined(t=texts_for(locale)))


@action("join.accept", Permission.ANYONE)
async def accept(ctx: Context, locale: Locale, code: str = "", version: str = "") -> Replies:
    """They agree: from now on they are known, and the profile is asked, or first how they want to join."""
    refuse_the_shut_out(ctx)
    if version != NOTICE_VERSION:
        ctx.locale = locale
        return await _notice(ctx, locale, code)
    known = ctx.person is not None
    person, entry = await service.agree(ctx, locale, code_word(code))
    if known and person.status is not PersonStatus.JOINING:
        return Show(await home_screen(ctx))
    organisation = await ctx.session.get(Organisation, person.organisation_id) if person.organisation_id else None
    note = invitations.why_not(ctx, entry, organisation)
    agreed = Show(screens.agreed(note, t=ctx.t))
    if needs_a_way(ctx):
        return (agreed, Tell(screens.ways(by_mail=True, t=ctx.t)))
    return (agreed, await ctx.ask("identity.profile"))


@action("join.address", Permission.PERSON)
async def by_address(ctx: Context) -> Replies:
    """A code to my work address."""
    return await ctx.ask("identity.address")


@action("join.digits", Permission.PERSON)
async def type_digits(ctx: Context) -> Replies:
    """The code that came."""
    return await ctx.ask("identity.digits")


@action("join.code", Permission.PERSON)
async def by_invitation(ctx: Context) -> Replies:
    """The code of an invitation."""
    return await ctx.ask("identity.invitation")


@action("join.take", Permission.PERSON)
async def take_invitation(ctx: Context, code: str) -> Replies:
    """A member says that the invitation's organisation is theirs now."""
    return await invitations.take(ctx, code_word(code))


@action("join.ask", Permission.PERSON)
async def by_asking(ctx: Context) -> Replies:
    """The staff decide: they need to know who asks."""
    if ctx.me.status is not PersonStatus.JOINING:
        return Show(await home_screen(ctx))
    return await ctx.ask("identity.profile")


@command("profile", "profilo", N_("Your profile"), Permission.PERSON, home=N_("My profile"), home_order=80)
async def profile(ctx: Context, _: str) -> Replies:
    """My profile."""
    return await show_profile(ctx)


@action("profile.show", Permission.PERSON)
async def show_profile(ctx: Context) -> Replies:
    """My profile."""
    found = await service.profile_of(ctx, ctx.me.id)
    if found is None or ctx.me.status is PersonStatus.JOINING:
        return await go_on_joining(ctx)
    return Show(screens.profile_screen(found, t=ctx.t))


@action("profile.edit", Permission.PERSON)
async def edit(ctx: Context) -> Replies:
    """Which part of it to change."""
    if ctx.me.status is PersonStatus.JOINING:
        return await go_on_joining(ctx)
    return Show(
        screens.edit_choice(
            has_topics=bool(await identity.topics(ctx.session)),
            in_organisation=ctx.me.status is PersonStatus.MEMBER and ctx.me.organisation_id is not None,
            t=ctx.t,
        )
    )


@action("profile.field", Permission.PERSON)
async def edit_field(ctx: Context, field: ProfileField) -> Replies:
    """Change that part."""
    if ctx.me.status is PersonStatus.JOINING:
        return await go_on_joining(ctx)
    return await ctx.ask("identity.field", field=field.value)


@action("profile.organisation", Permission.PERSON)
async def edit_organisation(ctx: Context) -> Replies:
    """How one comes to belong to another organisation."""
    if not ctx.may(Permission.MEMBER):
        if ctx.me.status is PersonStatus.JOINING:
            return await go_on_joining(ctx)
        return Show(screens.ways(by_mail=ctx.community.mails, t=ctx.t))
    found = await service.profile_of(ctx, ctx.me.id)
    now_at, wanted = (found.organisation, found.wanted) if found else ("", "")
    return Show(screens.organisation_ways(now_at, wanted, by_mail=ctx.community.mails, t=ctx.t))


@action("profile.move", Permission.MEMBER, acting=False)
async def ask_to_move(ctx: Context) -> Replies:
    """The staff decide."""
    return await ctx.ask("identity.organisation")


@command(
    "requests", "richieste", N_("People who ask to join"), Permission.STAFF, home=N_("Requests to join"), home_order=60
)
async def requests(ctx: Context, _: str) -> Replies:
    """Those who wait."""
    rows = await identity.waiting_people(ctx.session)
    listed = [
        (one.id, one.name, one.organisation.name if one.organisation else one.organisation_claim)
        for one in rows[:REQUESTS_SHOWN]
    ]
    moves = await organisations.waiting_requests(ctx.session)
    names = {one.id: one.name for one in await identity.organisations(ctx.session)} if moves else {}
    wishes = [
        (request.id, person.name, names.get(request.organisation_id or 0, request.claim))
        for request, person in moves[: max(0, REQUESTS_SHOWN - len(listed))]
    ]
    more = len(rows) + len(moves) - len(listed) - len(wishes)
    return Show(screens.requests(listed, wishes, more, t=ctx.t))


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


@action("join.place", Permission.STAFF)
async def place(ctx: Context, person_id: int) -> Replies:
    """Let them in, and say where they belong."""
    return await ctx.ask("identity.place", person=person_id)


@action("move.look", Permission.STAFF)
async def look_at_move(ctx: Context, request_id: int) -> Replies:
    """A member's wish to belong elsewhere."""
    shown = await move_screen(ctx, request_id)
    if shown is None:
        raise Refusal(ctx.t("This request is no longer there."))
    return Tell(shown, CardKey(MOVE_CARD, request_id))


@action("move.accept", Permission.STAFF)
async def accept_move(ctx: Context, request_id: int) -> Replies:
    """They belong there now."""
    return Toast(await moving.answer(ctx, request_id, accept=True))


@action("move.decline", Permission.STAFF)
async def decline_move(ctx: Context, request_id: int) -> Replies:
    """They stay where they are."""
    return await ctx.ask("identity.decline_move", request=request_id)


@action("move.place", Permission.STAFF)
async def place_move(ctx: Context, request_id: int) -> Replies:
    """They belong somewhere else than they wrote."""
    return await ctx.ask("identity.place_move", request=request_id)
