"""Sharing, answering and removing posts: read, decide, write, tell. Moderators' decisions are in ``moderating``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.conversation.auditing import record
from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify, notify_all, post_card, redraw_mentions, refresh_card, shown_in
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.knowhow.answers.settling import settle_gone
from handlers.knowhow.bylines import wrote
from handlers.knowhow.rules import Why, holds_until, looked_at_first, looked_at_later, may_read, may_remove
from storage.engine import lock
from storage.enums import IN_CHANNELS, Locale, PostStatus, PostVisibility, SubjectKind
from storage.models import Post, PostAnswer, PostAudience, PostKind, Sector
from storage.queries import posts
from storage.queries.answering import count_usefulness
from storage.queries.follows import people_to_tell
from storage.queries.people import people_with
from storage.queries.post_visibility import is_addressed_to
from storage.queries.search_index import reindex

POST_CARD = "post"
"""The kind of the card in the channels."""
REVIEW_CARD = "review"
"""The kind of the card on which the moderators decide."""
NEWS_CARD = "post-news"
"""The kind of the message that tells somebody of a new post, redrawn when the post changes."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read a post; the id of the group or mission where it is for one."""

    visibility: PostVisibility = PostVisibility.COMMUNITY
    group_id: int | None = None
    mission_id: int | None = None


EVERYBODY = Audience()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """What an author says. ``attachment`` is a form's FILE value, or empty; ``blind``: without their name."""

    title: str
    body: str
    kind_id: int
    language: Locale
    sector_id: int | None = None
    topics: Sequence[str] = ()
    link: str = ""
    deadline: datetime | None = None
    attachment: Mapping[str, Any] | None = None
    audience: Audience = EVERYBODY
    blind: bool = False


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


async def locked(ctx: ReadContext, post_id: int) -> Post:
    """The post, which nobody else changes until this transaction is over.

    Raises:
        Refusal: there is none.
    """
    if await lock(ctx.session, Post, Post.id, post_id) is None:
        raise gone(ctx)
    return await find(ctx, post_id)


async def readable(ctx: ReadContext, post_id: int) -> Post:
    """The post, if the reader may see the whole of it.

    Raises:
        Refusal: there is none, or it is not for them; both sound the same.
    """
    post = await find(ctx, post_id)
    if not await is_readable(ctx, post):
        raise gone(ctx)
    return post


async def is_readable(ctx: ReadContext, post: Post) -> bool:
    """Whether the reader may see the whole of a post."""
    return may_read(
        post.status,
        addressed=ctx.person is not None and await is_addressed_to(ctx.session, post.id, ctx.person.id),
        is_author=wrote(ctx, post),
        moderates=ctx.may(Permission.MODERATE),
    )


async def set_audience(ctx: ReadContext, post: Post, audience: Audience) -> None:
    """Say who may read a post."""
    post.visibility = audience.visibility
    row = await ctx.session.get(PostAudience, post.id)
    if audience.group_id is None and audience.mission_id is None:
        if row is not None:
            await ctx.session.delete(row)
    elif row is None:
        ctx.session.add(PostAudience(post_id=post.id, group_id=audience.group_id, mission_id=audience.mission_id))
    else:
        row.group_id, row.mission_id = audience.group_id, audience.mission_id
    await ctx.session.flush()
    ctx.session.expire(post, ["audience"])


async def share(ctx: ReadContext, new: NewPost) -> Post:
    """Take in a post: published at once, or once a moderator has looked at it, as the community has it."""
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
        visibility=new.audience.visibility,
        blind=new.blind,
        created_at=ctx.now,
    )
    ctx.session.add(post)
    await ctx.session.flush()
    await set_audience(ctx, post, new.audience)
    policy, moderates = ctx.community.knowhow, ctx.may(Permission.MODERATE)
    published = await posts.count_published_by(ctx.session, ctx.me.id)
    if looked_at_first(policy.moderation, moderates=moderates, published=published, first_posts=policy.first_posts):
        await tell_moderators(ctx, post, "knowhow.review", turn=0)
    else:
        post.to_check = looked_at_later(policy.moderation, moderates=moderates, was_approved=False)
        await publish(ctx, post)
        if moderates and not post.blind:  # the log would say whose it is
            decided(ctx, post, "post.publish")
        if post.to_check:
            await tell_moderators(ctx, post, "knowhow.check", turn=0)
    await ctx.session.flush()
    return await find(ctx, post.id)


async def tell_moderators(ctx: ReadContext, post: Post, notice: str, *, turn: int) -> None:
    """Have the moderators look at a post; ``turn`` tells one time from the next."""
    moderators = await people_with(ctx.session, sorted(ROLES_FOR[Permission.MODERATE]))
    behind = f":{turn}" if turn else ""
    await notify_all(
        ctx,
        [one for one in moderators if one != post.author_id],
        notice,
        dedup=lambda person: f"{notice.partition('.')[2]}:{post.id}:{person}{behind}",
        data={"post": post.id},
    )


async def publish(ctx: ReadContext, post: Post) -> None:
    """Let a post be found, and tell those who want to know at once."""
    post.status, post.published_at = PostStatus.PUBLISHED, ctx.now
    await renew(ctx, post)
    await reindex(ctx.session, SubjectKind.POST, [post.id])
    await card_in_channels(ctx, post)
    await notify_all(
        ctx,
        await people_to_tell(ctx.session, post),
        "knowhow.published",
        dedup=lambda person: f"post-new:{post.id}:{person}",
        data={"post": post.id},
    )


async def renew(ctx: ReadContext, post: Post) -> None:
    """Let a post hold as long as its kind does, from now on; a deadline says by itself until when."""
    kind = await ctx.session.get_one(PostKind, post.kind_id)
    post.asked_at = None
    post.valid_until = None if post.deadline else holds_until(ctx.now, kind.valid_months, ctx.community.zone)


async def card_in_channels(ctx: ReadContext, post: Post) -> None:
    """Post the card of a post that the channels may show; once on each platform, whatever happens later.

    A sector's own channel takes the place of the community's. A post that changes its sector stays where it is.
    """
    if post.visibility not in IN_CHANNELS:
        return
    sector = await ctx.session.get(Sector, post.sector_id) if post.sector_id is not None else None
    of_sector = ctx.community.sector_channels.get(sector.key, []) if sector is not None else []
    instead = {(one.platform, one.account) for one in of_sector}
    usual = [one for one in ctx.community.channels if (one.platform, one.account) not in instead]
    card = CardKey(POST_CARD, post.id)
    shown = await shown_in(ctx.session, card)
    for channel in (*of_sector, *usual):
        if (channel.platform, channel.account) not in shown:
            await post_card(ctx, card, channel, dedup=f"post-card:{post.id}:{channel.platform}:{channel.chat}"[:80])


def decided(ctx: ReadContext, post: Post, action: str, reason: str = "") -> None:
    """Note who decided what about a post, on it and in the audit log."""
    post.decided_by, post.decided_at, post.reason = ctx.me.id, ctx.now, reason
    record(ctx, action, SubjectKind.POST, post.id, reason)


async def refresh(ctx: ReadContext, post: Post, pressed: MessageRef | None = None) -> None:
    """Redraw a post wherever it is shown."""
    await ctx.session.flush()
    await refresh_card(ctx, CardKey(POST_CARD, post.id))
    await refresh_card(ctx, CardKey(NEWS_CARD, post.id))
    await refresh_card(ctx, CardKey(REVIEW_CARD, post.id), but=pressed)
    await redraw_mentions(ctx, CardKey(POST_CARD, post.id))


def right_to_remove(ctx: ReadContext, post: Post) -> Why | None:
    """In what right the reader may remove the post."""
    return may_remove(
        post.status,
        is_author=wrote(ctx, post),
        moderates=ctx.may(Permission.MODERATE),
    )


async def withdraw(ctx: ReadContext, post_id: int) -> Post:
    """The author takes their own post back, published or waiting. Doing it twice changes nothing more.

    Raises:
        Refusal: it is not theirs, or was decided on otherwise.
    """
    post = await locked(ctx, post_id)
    if wrote(ctx, post) and post.status is PostStatus.REMOVED:
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
    post = await locked(ctx, post_id)
    check_take_down(ctx, post)
    await _remove(ctx, post)
    decided(ctx, post, "post.remove", reason)
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
    waited = post.status in {PostStatus.PENDING, PostStatus.CHANGES}
    post.status, post.to_check = PostStatus.REMOVED, False
    if waited:
        post.decided_by = None
    await reindex(ctx.session, SubjectKind.POST, [post.id])
    await settle_gone(ctx, post.id)
    await refresh(ctx, post)


async def answer(ctx: ReadContext, post_id: int, body: str) -> PostAnswer:
    """Put an answer below a published post and tell its author.

    Raises:
        Refusal: the post is not, or no longer, published.
    """
    post = await locked(ctx, post_id)
    await check_answerable(ctx, post)
    added = PostAnswer(post_id=post.id, author_id=ctx.me.id, body=body, created_at=ctx.now)
    ctx.session.add(added)
    await ctx.session.flush()
    await reindex(ctx.session, SubjectKind.ANSWER, [added.id])
    await count_usefulness(ctx.session, post.id)
    await posts.record_reading(ctx.session, post.id, ctx.me.id, ctx.now)
    if post.author_id != ctx.me.id:
        await notify(
            ctx, post.author_id, "knowhow.answered", dedup=f"post-answered:{added.id}", data={"answer": added.id}
        )
    await refresh_card(ctx, CardKey(POST_CARD, post.id))
    return added


async def check_answerable(ctx: ReadContext, post: Post) -> None:
    """That a post takes answers, and the reader's.

    Raises:
        Refusal: it does not.
    """
    if post.status is PostStatus.CLOSED and await is_readable(ctx, post):
        raise Refusal(ctx.t("Its author has closed this post, so it takes no more answers."))
    if post.status is not PostStatus.PUBLISHED or not await is_readable(ctx, post):
        raise gone(ctx)
