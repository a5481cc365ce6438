"""Commands and buttons of the deadline radar."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.answers.showing import post_again
from handlers.knowhow.calls import service, showing
from storage.queries import calls


@command("calls", "bandi", N_("Open calls and the deadlines you follow"), Permission.MEMBER)
async def open_calls(ctx: Context, _: str) -> Replies:
    """What is open."""
    return Show(await showing.calls_page(ctx, 0))


@action("call.list", Permission.MEMBER)
async def calls_page(ctx: Context, page: int) -> Replies:
    """A page of what is open."""
    return Show(await showing.calls_page(ctx, page))


@action("call.follow", Permission.MEMBER)
async def follow(ctx: Context, post_id: int, wanted: int) -> Replies:
    """Follow the deadline of this call, or no longer."""
    await service.follow(ctx, post_id, wanted=bool(wanted))
    said = (
        ctx.t("I'll write to you 30, 14, 7 and 2 days before the deadline.")
        if wanted
        else ctx.t("You'll hear no more about this deadline.")
    )
    return await post_again(ctx, post_id, said, private=ctx.event.private)


@action("call.follows", Permission.MEMBER)
async def follows(ctx: Context) -> Replies:
    """What do I follow?"""
    return Show(await showing.follows_page(ctx))


@action("call.more", Permission.MEMBER)
async def more(ctx: Context) -> Replies:
    """Follow a kind or a sector."""
    return await ctx.ask("knowhow.follow_calls")


@action("call.stop", Permission.MEMBER)
async def stop(ctx: Context, follow_id: int) -> Replies:
    """Follow this no longer."""
    await calls.stop(ctx.session, ctx.me.id, follow_id)
    return Show(await showing.follows_page(ctx)), Toast(ctx.t("Taken back."))


@action("call.partners", Permission.MEMBER, acting=False)
async def partners(ctx: Context, post_id: int, page: int) -> Replies:
    """Who looks for a partner for this call?"""
    return Show(await showing.partners_page(ctx, post_id, page))


@action("call.seek", Permission.MEMBER, acting=False)
async def seek(ctx: Context, post_id: int) -> Replies:
    """I do."""
    await service.open_call(ctx, post_id)
    return await ctx.ask("knowhow.seek_partner", post=post_id)


@action("call.unseek", Permission.MEMBER, acting=False)
async def unseek(ctx: Context, post_id: int) -> Replies:
    """I no longer do."""
    await calls.stop_seeking(ctx.session, post_id, ctx.me.id)
    return Show(await showing.partners_page(ctx, post_id, 0)), Toast(ctx.t("You are off the list."))


@action("call.contact", Permission.MEMBER, acting=False)
async def contact(ctx: Context, partner_id: int) -> Replies:
    """I would like to talk to them."""
    return await service.ask_contact(ctx, partner_id)
