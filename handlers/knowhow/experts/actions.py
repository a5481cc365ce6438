"""Buttons of questions that are passed on."""

from handlers.conversation.actions import action
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.knowhow.experts import screens, service, showing


@action("expert.begin", Permission.MEMBER)
async def begin(ctx: Context, post_id: int) -> Replies:
    """Ask those who know."""
    return Show(await showing.who_page(ctx, await service.begin(ctx, post_id)))


@action("expert.show", Permission.MEMBER, answers=False)
async def show(ctx: Context, post_id: int) -> Replies:
    """Who is asked, and why?"""
    return Show(await showing.who_page(ctx, await service.own_question(ctx, post_id)))


@action("expert.stop", Permission.MEMBER)
async def stop(ctx: Context, post_id: int) -> Replies:
    """It is enough."""
    return Show(await showing.who_page(ctx, await service.stop(ctx, post_id)))


@action("expert.can", Permission.MEMBER)
async def can_answer(ctx: Context, ask_id: int) -> Replies:
    """I can answer."""
    one = await service.take(ctx, ask_id)
    return await ctx.ask("knowhow.answer", post=one.post.id)


@action("expert.know", Permission.MEMBER)
async def know_somebody(ctx: Context, ask_id: int) -> Replies:
    """I know somebody who may."""
    await service.mine(ctx, ask_id)
    return await ctx.ask("expert.name", ask=ask_id)


@action("expert.not", Permission.MEMBER)
async def not_me(ctx: Context, ask_id: int) -> Replies:
    """It is nothing for me."""
    one = await service.decline(ctx, ask_id)
    return Show(screens.declined(one.post.id, ctx.t))
