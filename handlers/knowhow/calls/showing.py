"""What each reader is shown of open calls, of what they follow and of who looks for a partner."""

from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.knowhow.calls import screens
from handlers.knowhow.calls.rules import days_left, last_day
from handlers.knowhow.calls.screens import CALLS_A_PAGE, PARTNERS_A_PAGE, CallLine, FollowLine, PartnerLine
from handlers.knowhow.calls.service import open_call
from storage.models import Post
from storage.queries import calls


def line_of(ctx: ReadContext, post: Post) -> CallLine:
    """A call with a deadline, read with its sector, in a list."""
    deadline = post.deadline or ctx.now  # those of the lists have one
    zone = ctx.community.zone
    return CallLine(
        post.id,
        post.title,
        last_day(deadline, zone),
        days_left(deadline, ctx.now, zone),
        ctx.t.of(post.sector, "name") if post.sector else "",
    )


async def calls_page(ctx: ReadContext, page: int) -> Screen:
    """A page of what is open; one that is not there gives the nearest."""
    total = await calls.count_open(ctx.session, ctx.me.id, ctx.now)
    page = min(max(page, 0), max(0, (total - 1) // CALLS_A_PAGE))
    found = await calls.open_calls(ctx.session, ctx.me.id, ctx.now, offset=page * CALLS_A_PAGE, most=CALLS_A_PAGE)
    return screens.calls([line_of(ctx, post) for post in found], page, total, ctx.t)


async def follows_page(ctx: ReadContext) -> Screen:
    """What the reader follows."""
    lines = [
        FollowLine(
            one.id,
            one.title,
            ctx.t.of(one.kind, "name") if one.kind else "",
            ctx.t.of(one.sector, "name") if one.sector else "",
        )
        for one in await calls.followed(ctx.session, ctx.me.id, ctx.now)
    ]
    return screens.follows(lines, ctx.t)


async def partners_page(ctx: ReadContext, post_id: int, page: int) -> Screen:
    """Who looks for a partner for a call; a page that is not there gives the nearest.

    Raises:
        Refusal: the call is not open, or not for the reader.
    """
    post = await open_call(ctx, post_id)
    total = await calls.count_partners(ctx.session, post_id, ctx.me.id)
    page = min(max(page, 0), max(0, (total - 1) // PARTNERS_A_PAGE))
    found = await calls.partners(ctx.session, post_id, ctx.me.id, offset=page * PARTNERS_A_PAGE, most=PARTNERS_A_PAGE)
    lines = [
        PartnerLine(
            one.id,
            one.person.name,
            one.person.organisation.name if one.person.organisation else "",
            one.sentence,
            one.person_id == ctx.me.id,
        )
        for one in found
    ]
    seeks = await calls.own_search(ctx.session, post_id, ctx.me.id) is not None
    return screens.partners(post.title, post_id, lines, page, total, seeks=seeks, t=ctx.t)
