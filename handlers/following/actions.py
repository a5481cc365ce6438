"""Commands and buttons of following."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from handlers.following import screens, service
from handlers.following.rules import Wanted


@command("following", "seguiti", N_("What you follow: topics, authors, organisations"), Permission.MEMBER, acting=False)
async def following(ctx: Context, _: str) -> Replies:
    """What I follow."""
    return Show(screens.followed(await service.page_of_follows(ctx, 0), ctx.t))


@action("follow.list", Permission.MEMBER, acting=False)
async def turn(ctx: Context, page: int) -> Replies:
    """A page of it."""
    return Show(screens.followed(await service.page_of_follows(ctx, page), ctx.t))


@action("follow.post", Permission.MEMBER, acting=False)
async def of_post(ctx: Context, post_id: int) -> Replies:
    """What of this post can I follow?"""
    post, things = await service.things_of_post(ctx, post_id)
    return Show(screens.of_post(post.id, post.title, things, ctx.t))


@action("follow.choose", Permission.MEMBER, acting=False)
async def choose(ctx: Context, post_id: int, handle: str) -> Replies:
    """How much of it?"""
    chosen = await service.thing(ctx, post_id, handle)
    return Show(screens.choose(chosen, back=_back(post_id), post_id=post_id, t=ctx.t))


@action("follow.set", Permission.MEMBER, acting=False)
async def change(ctx: Context, post_id: int, handle: str, wanted: Wanted) -> Replies:
    """So much."""
    chosen = await service.want(ctx, post_id, handle, wanted)
    if post_id:
        shown = screens.choose(chosen, back=_back(post_id), post_id=post_id, t=ctx.t)
    else:
        shown = screens.followed(await service.page_of_follows(ctx, 0), ctx.t)
    return Show(shown), Toast(ctx.t("Done."))


def _back(post_id: int) -> str:
    return press("follow.post", post_id) if post_id else press("follow.list", 0)
