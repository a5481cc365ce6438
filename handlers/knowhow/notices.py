"""What is sent unasked about posts, drawn when it is sent: what has been overtaken meanwhile is left unsaid."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.followed import because_followed, topic_names
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow import reading, screens
from handlers.knowhow.screens import PostView
from handlers.knowhow.service import REVIEW_CARD
from storage.enums import NoticeTopic, PostStatus, Priority
from storage.queries import follows, posts


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
    return screens.told_approved(view, ctx.t) if view else None


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
    return screens.told_rejected(view, ctx.t) if view else None


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
    return screens.told_removed(view, ctx.t) if view else None


async def _followed(ctx: ReadContext, post: int) -> str | None:
    """What of the post decides how much its reader wants of it."""
    row = await posts.find_post(ctx.session, post)
    return await follows.deciding_topic(ctx.session, ctx.me.id, row) if row is not None else None


@notice(
    "knowhow.published",
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=timedelta(days=7),
    topic=_followed,
    quiet=Quiet.WAITS,
    listed=True,
)
async def published(ctx: ReadContext, post: int) -> Screen | None:
    """To who follows what it is about and wants it at once: a new post; unless they have found it already."""
    view = await _view(ctx, post, PostStatus.PUBLISHED)
    if view is None or await posts.has_read(ctx.session, post, ctx.me.id):
        return None
    topic = await _followed(ctx, post) or ""
    name = (await topic_names(ctx, [topic])).get(topic)
    return screens.told_published(view, ctx.t, because=because_followed(name, ctx.t) if name else "")


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
    return screens.told_answered(view, reading.answer_view(ctx, row), ctx.t) if row and view else None
