"""What is sent unasked about posts, drawn when it is sent: what has been overtaken meanwhile is left unsaid."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow import notice_screens, reading, screens
from handlers.knowhow.news import followed_topic, news_of
from handlers.knowhow.screens import PostView
from handlers.knowhow.service import NEWS_CARD, REVIEW_CARD, is_readable
from storage.enums import NoticeTopic, PostStatus, Priority
from storage.queries import posts


async def _view(ctx: ReadContext, post_id: int, status: PostStatus) -> PostView | None:
    """The post, unless it is in another state by now."""
    post = await posts.find_post(ctx.session, post_id)
    return await reading.view_of(ctx, post) if post is not None and post.status is status else None


@notice("knowhow.review", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def review(ctx: ReadContext, post: int) -> Tell | None:
    """To the moderators: a post waits; unless a colleague has decided."""
    view = await _view(ctx, post, PostStatus.PENDING)
    if view is None or not ctx.may(Permission.MODERATE):
        return None
    return Tell(screens.review(view, ctx.t), CardKey(REVIEW_CARD, post))


@notice("knowhow.check", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def check(ctx: ReadContext, post: int) -> Tell | None:
    """To the moderators: a post was published or changed without their look; unless a colleague has looked."""
    view = await _view(ctx, post, PostStatus.PUBLISHED)
    if view is None or not view.to_check or not ctx.may(Permission.MODERATE):
        return None
    return Tell(screens.review(view, ctx.t), CardKey(REVIEW_CARD, post))


@notice("knowhow.change", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def change(ctx: ReadContext, post: int) -> Screen | None:
    """To the author: the staff ask for a change; unless they have made it."""
    view = await _view(ctx, post, PostStatus.CHANGES)
    return notice_screens.told_change(view, ctx.t) if view else None


@notice("knowhow.holds", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def holds(ctx: ReadContext, post: int) -> Screen | None:
    """To the author: whether a post still holds; unless they have said so."""
    view = await _view(ctx, post, PostStatus.PUBLISHED)
    return notice_screens.ask_whether_it_holds(view, ctx.t) if view and view.holds_until else None


@notice(
    "knowhow.closed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def closed(ctx: ReadContext, post: int) -> Screen | None:
    """To the author: a post was closed, since they did not say that it holds."""
    view = await _view(ctx, post, PostStatus.CLOSED)
    return notice_screens.told_closed(view, ctx.t) if view else None


@notice(
    "knowhow.approved",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=None,
    quiet=Quiet.WAITS,
)
async def approved(ctx: ReadContext, post: int) -> Screen | None:
    """To the author: it is published."""
    view = await _view(ctx, post, PostStatus.PUBLISHED)
    return notice_screens.told_approved(view, ctx.t) if view else None


@notice(
    "knowhow.rejected",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def rejected(ctx: ReadContext, post: int) -> Screen | None:
    """To the author: it is not published, and why."""
    view = await _view(ctx, post, PostStatus.REJECTED)
    return notice_screens.told_rejected(view, ctx.t) if view else None


@notice(
    "knowhow.removed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def removed(ctx: ReadContext, post: int) -> Screen | None:
    """To the author: the staff removed it, and why."""
    view = await _view(ctx, post, PostStatus.REMOVED)
    return notice_screens.told_removed(view, ctx.t) if view else None


@notice(
    "knowhow.published",
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=timedelta(days=7),
    topic=followed_topic,
    quiet=Quiet.WAITS,
    listed=True,
)
async def published(ctx: ReadContext, post: int) -> Tell | None:
    """To who follows what it is about and wants it at once; unless they have found it already, or may no longer."""
    row = await posts.find_post(ctx.session, post)
    if row is None or row.status is not PostStatus.PUBLISHED or not await is_readable(ctx, row):
        return None
    if await posts.has_read(ctx.session, post, ctx.me.id):
        return None
    return Tell(await news_of(ctx, row), CardKey(NEWS_CARD, post))


@notice(
    "knowhow.answered",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=NoticeTopic.ANSWERS,
    quiet=Quiet.WAITS,
)
async def answered(ctx: ReadContext, answer: int) -> Screen | None:
    """To the author: somebody answered; unless the post is gone."""
    row = await posts.find_answer(ctx.session, answer)
    view = await _view(ctx, row.post_id, PostStatus.PUBLISHED) if row else None
    return notice_screens.told_answered(view, reading.answer_view(ctx, row), ctx.t) if row and view else None
