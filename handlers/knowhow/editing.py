"""Changing what was shared: with its history, everywhere it is shown; closing it, and saying that it still holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.permissions import Permission
from handlers.knowhow.bylines import wrote
from handlers.knowhow.rules import looked_at_later
from handlers.knowhow.service import (
    Audience,
    NewPost,
    card_in_channels,
    gone,
    locked,
    refresh,
    renew,
    set_audience,
    tell_moderators,
)
from storage.enums import EDITABLE_POSTS, PostStatus, SubjectKind
from storage.models import Post, PostRevision
from storage.queries import posts
from storage.queries.search_index import reindex

COMPARED = ("title", "body", "kind_id", "sector_id", "topics", "language", "link", "deadline", "attachment")
"""The columns of a post that its author says again when they change it."""


def audience_of(post: Post) -> Audience:
    """Who may read a post, which was read with its audience."""
    kept = post.audience
    return Audience(post.visibility, kept.group_id if kept else None, kept.mission_id if kept else None)


def check_editable(ctx: ReadContext, post: Post) -> None:
    """That the reader may change this post.

    Raises:
        Refusal: it is not theirs, or there is nothing left to change.
    """
    if not wrote(ctx, post) or post.status not in EDITABLE_POSTS:
        raise gone(ctx)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _changes(post: Post, said: NewPost) -> dict[str, Any]:
    """The new values of the columns that change; a post's file stays when none is sent with the change."""
    new: Mapping[str, Any] = {
        "title": said.title,
        "body": said.body,
        "kind_id": said.kind_id,
        "sector_id": said.sector_id,
        "topics": list(said.topics),
        "language": said.language,
        "link": said.link,
        "deadline": said.deadline,
        "attachment": dict(said.attachment) if said.attachment else post.attachment,
    }
    return {name: new[name] for name in COMPARED if getattr(post, name) != new[name]}


async def edit(ctx: ReadContext, post_id: int, said: NewPost) -> tuple[Post, bool]:
    """Change a post; what it said before is kept for its author and the moderators.

    One that waits for a change goes back to the moderators; one that they had approved is shown to them again, while
    everybody already reads the new text.

    Returns the post, and whether anything was changed.

    Raises:
        Refusal: it is not theirs, or there is nothing left to change.
    """
    post = await locked(ctx, post_id)
    check_editable(ctx, post)
    changes, before = _changes(post, said), audience_of(post)
    if not changes and before == said.audience and post.status is not PostStatus.CHANGES:
        return post, False
    was = {name: _plain(getattr(post, name)) for name in changes}
    if before != said.audience:
        was["visibility"] = before.visibility.value
    ctx.session.add(PostRevision(post_id=post.id, editor_id=ctx.me.id, at=ctx.now, was=was))
    for name, value in changes.items():
        setattr(post, name, value)
    if before != said.audience:
        await set_audience(ctx, post, said.audience)
    await _after_edit(ctx, post, new_deadline="deadline" in changes)
    await ctx.session.flush()
    ctx.session.expire(post, ["kind", "sector"])
    return await locked(ctx, post.id), True


async def _after_edit(ctx: ReadContext, post: Post, *, new_deadline: bool) -> None:
    turn = await posts.count_revisions(ctx.session, post.id)
    if post.status is PostStatus.CHANGES:
        post.status = PostStatus.PENDING
        await tell_moderators(ctx, post, "knowhow.review", turn=turn)
    elif post.status is PostStatus.PUBLISHED:
        post.edited_at = ctx.now
        if new_deadline:
            await renew(ctx, post)
        post.to_check = post.to_check or looked_at_later(
            ctx.community.knowhow.moderation,
            moderates=ctx.may(Permission.MODERATE),
            was_approved=post.decided_by is not None,
        )
        if post.to_check:
            await tell_moderators(ctx, post, "knowhow.check", turn=turn)
        await reindex(ctx.session, SubjectKind.POST, [post.id])
        await card_in_channels(ctx, post)
    await refresh(ctx, post)


async def close(ctx: ReadContext, post_id: int) -> Post:
    """Its author says that a post no longer holds: nobody is shown it any more. Doing it twice changes nothing more.

    Raises:
        Refusal: it is not theirs, or not published.
    """
    post = await locked(ctx, post_id)
    if not wrote(ctx, post) or post.status not in {PostStatus.PUBLISHED, PostStatus.CLOSED}:
        raise gone(ctx)
    if post.status is PostStatus.PUBLISHED:
        await shut(ctx, post)
    return post


async def shut(ctx: ReadContext, post: Post) -> None:
    """Close a published post."""
    post.status = PostStatus.CLOSED
    await reindex(ctx.session, SubjectKind.POST, [post.id])
    await refresh(ctx, post)


async def still_holds(ctx: ReadContext, post_id: int) -> Post:
    """Its author says that a post holds, for another period; a closed one is shown again.

    Raises:
        Refusal: it is not theirs, or was neither published nor closed; or its deadline has passed.
    """
    post = await locked(ctx, post_id)
    if not wrote(ctx, post) or post.status not in {PostStatus.PUBLISHED, PostStatus.CLOSED}:
        raise gone(ctx)
    if post.deadline is not None and post.deadline < ctx.now:
        raise Refusal(ctx.t("Its deadline has passed. Change the deadline first, then it can be shown again."))
    was_closed = post.status is PostStatus.CLOSED
    post.status = PostStatus.PUBLISHED
    await renew(ctx, post)
    await reindex(ctx.session, SubjectKind.POST, [post.id])
    if was_closed:
        await refresh(ctx, post)
    return post
