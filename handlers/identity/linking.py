"""One person on several platforms: linked by a code, never merged silently, and parted again."""

from handlers.conversation.actions import action, command
from handlers.conversation.codec import screen_to_json
from handlers.conversation.codes import (
    ATTEMPT_WINDOW,
    ATTEMPTS,
    LINK_LENGTH,
    LINK_LIFE,
    LINK_PREFIX,
    new_code,
)
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.notify import REPLY_USEFUL_FOR, SCREEN, notify
from handlers.conversation.permissions import SHUT_OUT, Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_, PLATFORM_NAMES, texts_for
from handlers.identity import linking_screens as screens
from handlers.identity.codes import code_word
from handlers.identity.service import account_digest, new_account, note_attempt
from storage.engine import lock
from storage.enums import PRIORITY_RANK, CodeUse, Platform, Priority
from storage.models import Account, LinkCode, Person
from storage.queries import identity
from storage.queries.outbox import NewMessage, queue


class WrongCodeError(Exception):
    """The code does not exist, was used, or has run out: one answer for all three, so nothing can be learnt."""


@command("link", "collega", N_("Be the same person on Telegram and Slack"), Permission.ANYONE)
async def link_command(ctx: Context, code: str) -> Replies:
    """Without a code: give one. With a code: link this account."""
    if code.strip():
        return await offer_link(ctx, code)
    if ctx.person is None:
        return Show(screens.link_help(LINK_LIFE, t=ctx.t))
    return await link_button(ctx)


@action("link.new", Permission.PERSON)
async def link_button(ctx: Context) -> Replies:
    """A fresh code."""
    if not ctx.may(Permission.PERSON):
        raise Refusal(ctx.t("You no longer take part in this community."))
    code = await new_link_code(ctx)
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


async def offer_link(ctx: Context, code: str) -> Replies:
    """A code was given: whose it is, and whether this account is the same person's."""
    word = code_word(code)
    try:
        found, owner = await read_link_code(ctx, word)
    except WrongCodeError:
        return await _wrong_code(ctx)
    return Show(screens.link_confirm(word, owner.name, found.platform, t=texts_for(owner.locale)))


async def _wrong_code(ctx: Context) -> Toast:
    await note_attempt(ctx, CodeUse.LINK, account_digest(ctx))
    text = ctx.t("This code is not valid, or its 15 minutes are over. Ask for a new one and try again.")
    return Toast(text, alert=True)


@action("link.accept", Permission.ANYONE)
async def link_accept(ctx: Context, code: str) -> Replies:
    """Yes, the same person."""
    try:
        await link(ctx, code_word(code))
    except WrongCodeError:
        return await _wrong_code(ctx)
    return Show(screens.linked(ctx.event.address.platform, t=ctx.t))


@action("link.decline", Permission.ANYONE)
async def link_decline(ctx: Context) -> Replies:
    """No, somebody else."""
    return Show(screens.not_linked(t=ctx.t))


async def new_link_code(ctx: Context) -> str:
    """A fresh one-time code for linking another platform; earlier ones stop working."""
    await identity.drop_link_codes(ctx.session, ctx.me.id)
    code = new_code(LINK_LENGTH)
    ctx.session.add(
        LinkCode(
            code_hash=ctx.community.codes.digest(code),
            person_id=ctx.me.id,
            platform=ctx.event.address.platform,
            created_at=ctx.now,
            expires_at=ctx.now + LINK_LIFE,
        )
    )
    return code


async def read_link_code(ctx: Context, code: str) -> tuple[LinkCode, Person]:
    """The code's owner, or a refusal; wrong codes are counted, too many close the door for an hour.

    Raises:
        Refusal: the code cannot be used here.
        WrongCodeError: no such code.
    """
    address, t = ctx.event.address, ctx.t
    since = ctx.now - ATTEMPT_WINDOW
    if await identity.attempts(ctx.session, CodeUse.LINK, account_digest(ctx), since) >= ATTEMPTS:
        raise Refusal(t("Too many wrong codes. Please wait an hour, then ask for a new one."))
    found = await identity.live_link_code(ctx.session, ctx.community.codes.digest(code), ctx.now)
    owner = await ctx.session.get(Person, found.person_id) if found else None
    if found is None or owner is None or owner.status in SHUT_OUT:
        raise WrongCodeError
    if ctx.person is not None and ctx.person.id == owner.id:
        raise Refusal(t("This account is linked to that profile already."))
    if ctx.person is not None:
        raise Refusal(t("This account belongs to another profile. I never merge two people; the staff can help you."))
    for account in await identity.accounts_of(ctx.session, owner.id):
        if account.platform is address.platform and account.account == address.account:
            raise Refusal(
                t(
                    "{platform} is linked to that profile with another account.",
                    platform=PLATFORM_NAMES[address.platform],
                )
            )
    return found, owner


async def link(ctx: Context, code: str) -> Person:
    """Make this account the same person as the code's owner.

    Raises:
        Refusal: it cannot be.
        WrongCodeError: no such code.
    """
    found, owner = await read_link_code(ctx, code)
    found.used_at = ctx.now
    await notify(
        ctx,
        owner.id,
        "identity.linked",
        dedup=f"linked:{found.id}",
        data={"platform": ctx.event.address.platform.value},
    )
    ctx.account = new_account(ctx, owner.id)
    ctx.session.add(ctx.account)
    await ctx.session.flush()
    ctx.person, ctx.locale = owner, owner.locale
    return owner


# Parting again


@action("link.accounts", Permission.PERSON)
async def accounts(ctx: Context) -> Replies:
    """Where I am known."""
    return Show(await _accounts_screen(ctx))


async def _accounts_screen(ctx: Context) -> Screen:
    here = ctx.account.id if ctx.account else 0
    rows = await identity.accounts_of(ctx.session, ctx.me.id)
    return screens.accounts([(one.id, one.platform, one.id == here) for one in rows], t=ctx.t)


@action("link.part", Permission.PERSON)
async def ask_to_part(ctx: Context, account_id: int) -> Replies:
    """Whether they mean it."""
    account = await _own_account(ctx, account_id)
    return Show(screens.part_confirm(account.id, account.platform, t=ctx.t))


@action("link.parted", Permission.PERSON)
async def part(ctx: Context, account_id: int) -> Replies:
    """One of my accounts is mine no longer; both sides are told."""
    account = await _own_account(ctx, account_id)
    platform, left = account.platform, (account.platform, account.account, account.chat)
    here = ctx.account is not None and ctx.account.id == account.id
    await ctx.session.delete(account)
    await ctx.session.flush()
    await notify(
        ctx,
        ctx.me.id,
        "identity.unlinked",
        dedup=f"unlinked:{account_id}",
        data={"platform": platform.value},
    )
    if here:
        ctx.account = None
        return Show(screens.parted_here(platform, t=ctx.t))
    await queue(
        ctx.session,
        [
            NewMessage(
                platform=left[0],
                account=left[1],
                chat=left[2],
                kind=SCREEN,
                data={"screen": screen_to_json(screens.parted_here(platform, t=ctx.t))},
                priority=Priority.REMINDER,
                rank=PRIORITY_RANK[Priority.REMINDER],
                due_at=ctx.now,
                expires_at=ctx.now + REPLY_USEFUL_FOR,
                policy_again=True,
                created_at=ctx.now,
            )
        ],
    )
    return Show(await _accounts_screen(ctx))


async def _own_account(ctx: Context, account_id: int) -> Account:
    # Two that part at the same time must not leave nothing: whoever holds the person counts alone.
    await lock(ctx.session, Person, Person.id, ctx.me.id)
    rows = await identity.accounts_of(ctx.session, ctx.me.id)
    found = next((one for one in rows if one.id == account_id), None)
    if found is None:
        raise Refusal(ctx.t("That account is not linked to you any more."))
    if len(rows) == 1:
        raise Refusal(
            ctx.t("This is the only place where I know you, so I can't unlink it. With /privacy you can delete it all.")
        )
    return found
