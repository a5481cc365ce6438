"""Sharing, deciding on, answering and removing posts: read, decide, write, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify, notify_all, post_card, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.knowhow.rules import Why, may_remove
from handlers.knowhow.screens import PostView
from storage.engine import lock
from storage.enums import Locale, PostStatus, SubjectKind
from storage.models import AuditEntry, Post, PostAnswer
from storage.queries import posts
from storage.queries.follows import people_to_tell
from storage.queries.people import people_with
from storage.queries.search_index import reindex, set_useful

POST_CARD = "post"
"""The kind of the card in the channels."""
REVIEW_CARD = "review"
"""The kind of the card on which the moderators decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """What an author says. ``attachment`` is a form's FILE value, or empty."""

    title: str
    body: str
    kind_id: int
    language: Locale
    sector_id: int | None = None
    topics: Sequence[str] = ()
    link: str = ""
    deadline: datetime | None = None
    attachment: Mapping[str, Any] | None = None


def gone(ctx: ReadContext) -> Refusal:
    """The answer to a button of a post that is not there."""
    return Refusal(ctx.t("This post is no longer here. Write a word and I'll search for others."))


async def find(ctx: ReadContext, post_id: int) -> Post:
    """The post with all it is shown with, whatever its status.

    Raises:
        Refusal: there is none.
    """
    post = await posts.find_post(ctx.session, post_id)
    if post is None:
        raise gone(ctx)
    return post


async def _locked(ctx: ReadContext, post_id: int) -> Post:
    """The post, held until the end of the transaction, as it is now."""
    if await lock(ctx.session, Post, Post.id, post_id) is None:
        raise gone(ctx)
    return await find(ctx, post_id)


async def share(ctx: ReadContext, new: NewPost) -> Post:
    """Take in a post: the moderators' own are published at once, the others wait for one of them."""
    post = Post(
        author_id=ctx.me.id,
        kind_id=new.kind_id,
        sector_id=new.sector_id,
        title=new.title,
        body=new.body,
        topics=list(new.topics),
        language=new.language,
        link=new.link,
        deadline=new.deadline,
        attachment=dict(new.attachment or {}),
        status=PostStatus.PENDING,
        created_at=ctx.now,
    )
    ctx.session.add(post)
    await ctx.session.flush()
    if ctx.may(Permission.MODERATE):
        await _publish(ctx, post)
    else:
        moderators = await people_with(ctx.session, sorted(ROLES_FOR[Permission.MODERATE]))
        await notify_all(
            ctx,
            moderators,
            "knowhow.review",
            dedup=lambda person: f"post-review:{post.id}:{person}",
            data={"post": post.id},
        )
    return await find(ctx, post.id)


async def _publish(ctx: ReadContext, post: Post) -> None:
    post.status, post.published_at = PostStatus.PUBLISHED, ctx.now
    _decided(ctx, post, "post.publish")
    await reindex(ctx.session, SubjectKind.POST, [post.id])
    for channel in ctx.community.channels:
        dedup = f"post-card:{post.id}:{channel.platform}:{channel.chat}"[:80]
        await post_card(ctx, CardKey(POST_CARD, post.id), channel, dedup=dedup)
    await notify_all(
        ctx,
        await people_to_tell(ctx.session, post),
        "knowhow.published",
        dedup=lambda person: f"post-new:{post.id}:{person}",
        data={"post": post.id},
    )


def _decided(ctx: ReadContext, post: Post, action: str, reason: str = "") -> None:
    post.decided_by, post.decided_at, post.reason = ctx.me.id, ctx.now, reason
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action=action,
            subject_kind=SubjectKind.POST,
            subject_id=post.id,
            reason=reason,
        )
    )


async def approve(ctx: ReadContext, post_id: int, *, pressed: MessageRef | None = None) -> tuple[Post, bool]:
    """Publish a post that waits and tell its author. The first decision counts.

    Returns the post, and whether this was the decision.
    """
    post = await _locked(ctx, post_id)
    if post.status is not PostStatus.PENDING:
        return post, False
    await _publish(ctx, post)
    await notify(ctx, post.author_id, "knowhow.approved", dedup=f"post-approved:{post.id}", data={"post": post.id})
    await _refresh(ctx, post, pressed)
    return post, True


async def reject(ctx: ReadContext, post_id: int, reason: str) -> tuple[Post, bool]:
    """Do not publish a post that waits, and tell its author why. The first decision counts.

    Returns the post, and whether this was the decision.
    """
    post = await _locked(ctx, post_id)
    if post.status is not PostStatus.PENDING:
        return post, False
    post.status = PostStatus.REJECTED
    _decided(ctx, post, "post.reject", reason)
    await notify(ctx, post.author_id, "knowhow.rejected", dedup=f"post-rejected:{post.id}", data={"post": post.id})
    await _refresh(ctx, post)
    return post, True


async def _refresh(ctx: ReadContext, post: Post, pressed: MessageRef | None = None) -> None:
    await ctx.session.flush()
    await refresh_card(ctx, CardKey(POST_CARD, post.id))
    await refresh_card(ctx, CardKey(REVIEW_CARD, post.id), but=pressed)


def right_to_remove(ctx: ReadContext, post: Post) -> Why | None:
    """In what right the reader may remove the post."""
    return may_remove(
        post.status,
        is_author=ctx.person is not None and post.author_id == ctx.person.id,
        moderates=ctx.may(Permission.MODERATE),
    )


async def withdraw(ctx: ReadContext, post_id: int) -> Post:
    """The author takes their own post back, published or waiting. Doing it twice changes nothing more.

    Raises:
        Refusal: it is not theirs, or was decided on otherwise.
    """
    post = await _locked(ctx, post_id)
    if post.author_id == ctx.me.id and post.status is PostStatus.REMOVED:
        return post
    if right_to_remove(ctx, post) is not Why.AUTHOR:
        raise Refusal(ctx.t("You can't remove this post. If it should go, write to the staff."))
    await _remove(ctx, post)
    return post


async def take_down(ctx: ReadContext, post_id: int, reason: str) -> Post:
    """A moderator removes somebody's post and tells them why.

    Raises:
        Refusal: it is not published, or was removed already.
    """
    post = await _locked(ctx, post_id)
    check_take_down(ctx, post)
    await _remove(ctx, post)
    _decided(ctx, post, "post.remove", reason)
    await notify(ctx, post.author_id, "knowhow.removed", dedup=f"post-removed:{post.id}", data={"post": post.id})
    return post


def check_take_down(ctx: ReadContext, post: Post) -> None:
    """That the reader may remove this post as a moderator.

    Raises:
        Refusal: they may not, or there is nothing left to remove.
    """
    if post.status is PostStatus.REMOVED:
        raise Refusal(ctx.t("This post was removed already."))
    if right_to_remove(ctx, post) is not Why.MODERATOR:
        raise Refusal(ctx.t("Only a published post of somebody else can be removed this way."))


async def _remove(ctx: ReadContext, post: Post) -> None:
    waited = post.status is PostStatus.PENDING
    post.status = PostStatus.REMOVED
    if waited:
        post.decided_by = None
    await reindex(ctx.session, SubjectKind.POST, [post.id])
    await _refresh(ctx, post)


async def answer(ctx: ReadContext, post_id: int, body: str) -> PostAnswer:
    """Put an answer below a published post and tell its author.

    Raises:
        Refusal: the post is not, or no longer, published.
    """
    post = await _locked(ctx, post_id)
    check_answerable(ctx, post)
    added = PostAnswer(post_id=post.id, author_id=ctx.me.id, body=body, created_at=ctx.now)
    ctx.session.add(added)
    await ctx.session.flush()
    await posts.record_reading(ctx.session, post.id, ctx.me.id, ctx.now)
    await set_useful(ctx.session, SubjectKind.POST, post.id, await posts.count_answers(ctx.session, post.id))
    if post.author_id != ctx.me.id:
        await notify(
            ctx, post.author_id, "knowhow.answered", dedup=f"post-answered:{added.id}", data={"answer": added.id}
        )
    await refresh_card(ctx, CardKey(POST_CARD, post.id))
    return added


def check_answerable(ctx: ReadContext, post: Post) -> None:
    """That a post takes answers.

    Raises:
        Refusal: it does not.
    """
    if post.status is not PostStatus.PUBLISHED:
        raise gone(ctx)


def already_decided(ctx: ReadContext, view: PostView) -> str:
    """What the second of two moderators reads."""
    match view.status:
        case PostStatus.PUBLISHED:
            return ctx.t("{name} has approved it already.", name=view.decided_by)
        case PostStatus.REJECTED:
            return ctx.t("{name} has rejected it already.", name=view.decided_by)
        case PostStatus.PENDING | PostStatus.REMOVED:
            return ctx.t("This post was removed already.")
