"""The week in the community's channels, redrawn when something that it names changes or goes away."""

from collections.abc import Callable
from datetime import datetime

from handlers.conversation.actions import card, mentions
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.screen import Screen
from handlers.roundups import rules, screens, service
from storage.models import Post
from storage.queries.roundups import posted_weeks


@card(service.CARD)
async def week(ctx: ReadContext, issue: int) -> Screen | None:
    """A week, the same for everybody."""
    moment = rules.moment_of(issue, ctx.community.roundups.channel_hour, ctx.community.zone)
    if moment is None:
        return None
    shown = await service.week_until(ctx, moment)
    return None if shown.is_empty else screens.week(shown, t=ctx.t)


async def _weeks(ctx: ReadContext, may_name: Callable[[datetime], bool]) -> list[CardKey]:
    """Those that stand in a channel and may name something, by the moment at which they were due."""
    hour, zone = ctx.community.roundups.channel_hour, ctx.community.zone
    moments = {issue: rules.moment_of(issue, hour, zone) for issue in await posted_weeks(ctx.session, service.CARD)}
    return [CardKey(service.CARD, issue) for issue, moment in moments.items() if moment and may_name(moment)]


@mentions("post")
async def weeks_of_post(ctx: ReadContext, post_id: int) -> list[CardKey]:
    """The week in which a post was published."""
    post = await ctx.session.get(Post, post_id)
    since = post.published_at if post is not None else None
    return await _weeks(ctx, lambda moment: since < moment <= since + rules.WEEK) if since is not None else []


@mentions("event")
async def weeks_of_event(ctx: ReadContext, _: int) -> list[CardKey]:
    """The last weeks: an event that was moved stands where it was before."""
    return await _weeks(ctx, lambda moment: moment + rules.EVENTS_AHEAD >= ctx.now)


@mentions("mission")
async def weeks_of_mission(ctx: ReadContext, _: int) -> list[CardKey]:
    """The last weeks: a mission stands where one could still apply."""
    return await _weeks(ctx, lambda moment: moment + rules.DEADLINES_AHEAD >= ctx.now)
