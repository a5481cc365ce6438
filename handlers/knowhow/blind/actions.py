"""Commands and buttons of blind posts."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.knowhow.blind import screens, service
from handlers.knowhow.blind.service import INTEREST_CARD
from storage.queries import blind


async def _page(ctx: Context) -> Screen:
    to_me = [
        service.shown_to_author(one)
        for one in await blind.to_answer(ctx.session, ctx.me.id, service.MOST_LISTED)
        if await service.is_answerable(ctx, one)
    ]
    mine = await blind.open_of(ctx.session, ctx.me.id, service.MOST_LISTED)
    own = [service.shown_to_interested(one) for one in mine]
    return screens.interests(to_me, own, zone=ctx.zone, t=ctx.t)


@command(
    "interests",
    "interessi",
    N_("Who is interested in your blind posts, and what interests you"),
    Permission.MEMBER,
    acting=False,
)
async def interests(ctx: Context, _: str) -> Replies:
    """What waits."""
    return Tell(await _page(ctx), privately=True)


@action("blind.list", Permission.MEMBER, answers=False, acting=False)
async def list_interests(ctx: Context) -> Replies:
    """The same, from a button."""
    return Tell(await _page(ctx), privately=True)


@action("blind.want", Permission.MEMBER, acting=False)
async def want(ctx: Context, post_id: int) -> Replies:
    """I'm interested."""
    return await ctx.ask("knowhow.interest", post=post_id)


@action("blind.withdraw", Permission.MEMBER, acting=False)
async def withdraw(ctx: Context, interest_id: int) -> Replies:
    """I take it back."""
    row = await service.withdraw(ctx, interest_id)
    return Show(screens.withdrawn(row.post_id, ctx.t))


@action("blind.open", Permission.MEMBER, answers=False, acting=False)
async def open_interest(ctx: Context, interest_id: int) -> Replies:
    """Somebody's interest in my post."""
    row = await service.to_me(ctx, interest_id)
    shown = screens.asked(service.shown_to_author(row), zone=ctx.zone, t=ctx.t)
    return Tell(shown, CardKey(INTEREST_CARD, row.id), privately=True)


@action("blind.yes", Permission.MEMBER, acting=False)
async def yes(ctx: Context, interest_id: int) -> Replies:
    """Introduce us."""
    return await ctx.ask("knowhow.interest_yes", interest=interest_id)


@action("blind.no", Permission.MEMBER, acting=False)
async def no(ctx: Context, interest_id: int) -> Replies:
    """No, thank you."""
    row = await service.decline(ctx, interest_id, pressed=ctx.event.message)
    return Show(screens.asked(service.shown_to_author(row), zone=ctx.zone, t=ctx.t), CardKey(INTEREST_CARD, row.id))


@action("blind.unveil", Permission.MEMBER, acting=False)
async def unveil(ctx: Context, post_id: int) -> Replies:
    """Ask the author whether they mean it."""
    post = await service.own_blind(ctx, post_id)
    if not post.blind:
        return Tell(screens.unveiled(post.title, post.id, ctx.t), privately=True)
    shown = screens.confirm_unveiling(post.title, post.id, service.name_on_it(post, ctx), ctx.t)
    return Tell(shown, privately=True)


@action("blind.name", Permission.MEMBER, acting=False)
async def name(ctx: Context, post_id: int) -> Replies:
    """The author meant it."""
    post = await service.unveil(ctx, post_id)
    return Show(screens.unveiled(post.title, post.id, ctx.t)), Toast(ctx.t("Done."))
