"""Reading and changing what somebody follows."""

from collections.abc import Sequence

from sqlalchemy import select

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.followed import topic_names
from handlers.following.rules import A_PAGE, Wanted
from handlers.following.screens import Followable, Follows, pages_of
from storage.models import Post
from storage.post_topics import topic_of_author
from storage.queries import follows, preferences
from storage.queries.post_visibility import readable_by
from storage.queries.posts import find_post


async def _post(ctx: ReadContext, post_id: int) -> Post:
    """A post that the reader may read.

    Raises:
        Refusal: there is none.
    """
    may = await ctx.session.execute(select(Post.id).where(Post.id == post_id, readable_by(ctx.me.id)))
    post = await find_post(ctx.session, post_id) if may.scalar_one_or_none() is not None else None
    if post is None:
        raise Refusal(ctx.t("This post is no longer here. Write a word and I'll search for others."))
    return post


async def _named(ctx: ReadContext, topics: Sequence[str], spelt: Sequence[str] = ()) -> list[Followable]:
    names = await topic_names(ctx, topics, spelt=spelt)
    levels = await preferences.levels(ctx.session, ctx.me.id)
    return [Followable(one, names[one], levels.get(one)) for one in topics if one in names]


async def things_of_post(ctx: ReadContext, post_id: int) -> tuple[Post, list[Followable]]:
    """What of a post its reader can follow: not themselves.

    Raises:
        Refusal: there is no such post, or it is not for them.
    """
    post = await _post(ctx, post_id)
    topics = [one for one in await follows.topics_of(ctx.session, post) if one != topic_of_author(ctx.me.id)]
    return post, await _named(ctx, topics, post.topics)


async def _choices(ctx: ReadContext, post_id: int) -> list[Followable]:
    """What can be chosen: of the post, or of what is followed already."""
    if post_id:
        return (await things_of_post(ctx, post_id))[1]
    return await _named(ctx, [topic for topic, _ in await follows.followed(ctx.session, ctx.me.id)])


async def thing(ctx: ReadContext, post_id: int, handle: str) -> Followable:
    """What a button names.

    Raises:
        Refusal: it is gone, or the reader follows no such thing any more.
    """
    for one in await _choices(ctx, post_id):
        if one.handle == handle:
            return one
    raise Refusal(ctx.t("This is no longer there to be followed. Have a look at what you follow."))


async def want(ctx: Context, post_id: int, handle: str, wanted: Wanted) -> Followable:
    """So much of it from now on; what waits for the reader is looked at again.

    Raises:
        Refusal: it is gone.
    """
    chosen = await thing(ctx, post_id, handle)
    if wanted.level is None:
        await follows.stop_following(ctx.session, ctx.me.id, chosen.topic)
    else:
        await preferences.set_level(ctx.session, ctx.me.id, chosen.topic, wanted.level, ctx.now)
    await ctx.session.flush()
    await preferences.release_held(ctx.session, ctx.me.id, ctx.now)
    return Followable(chosen.topic, chosen.name, wanted.level)


async def page_of_follows(ctx: ReadContext, page: int) -> Follows:
    """A page of what the reader follows or has muted; a page that is not there gives the nearest."""
    everything = await _choices(ctx, 0)
    pages = pages_of(len(everything))
    page = min(max(page, 0), pages - 1)
    return Follows(everything[page * A_PAGE : (page + 1) * A_PAGE], page, pages, ctx.me.digest_frequency)
