"""What the moderators decide on posts: the first decision counts, and the second moderator reads whose it was."""

from handlers.conversation.auditing import record
from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import MessageRef
from handlers.conversation.notify import notify
from handlers.knowhow.screens import PostView
from handlers.knowhow.service import decided, locked, publish, refresh
from storage.enums import PostStatus, SubjectKind
from storage.models import Post
from storage.queries import posts


async def approve(ctx: ReadContext, post_id: int, *, pressed: MessageRef | None = None) -> tuple[Post, bool]:
    """Publish a post that waits and tell its author.

    Returns the post, and whether this was the decision.
    """
    post = await locked(ctx, post_id)
    if post.status is not PostStatus.PENDING:
        return post, False
    await publish(ctx, post)
    decided(ctx, post, "post.publish")
    await notify(ctx, post.author_id, "knowhow.approved", dedup=f"post-approved:{post.id}", data={"post": post.id})
    await refresh(ctx, post, pressed)
    return post, True


async def reject(ctx: ReadContext, post_id: int, reason: str) -> tuple[Post, bool]:
    """Do not publish a post that waits, and tell its author why.

    Returns the post, and whether this was the decision.
    """
    post = await locked(ctx, post_id)
    if post.status is not PostStatus.PENDING:
        return post, False
    post.status = PostStatus.REJECTED
    decided(ctx, post, "post.reject", reason)
    await notify(ctx, post.author_id, "knowhow.rejected", dedup=f"post-rejected:{post.id}", data={"post": post.id})
    await refresh(ctx, post)
    return post, True


async def ask_for_change(ctx: ReadContext, post_id: int, wish: str) -> tuple[Post, bool]:
    """Have the author of a post that waits change it; nothing of it is lost.

    Returns the post, and whether this was the decision.
    """
    post = await locked(ctx, post_id)
    if post.status is not PostStatus.PENDING:
        return post, False
    post.status = PostStatus.CHANGES
    decided(ctx, post, "post.change", wish)
    turn = await posts.count_revisions(ctx.session, post.id)
    await notify(ctx, post.author_id, "knowhow.change", dedup=f"post-change:{post.id}:{turn}", data={"post": post.id})
    await refresh(ctx, post)
    return post, True


async def find_fine(ctx: ReadContext, post_id: int, *, pressed: MessageRef | None = None) -> tuple[Post, bool]:
    """Leave a post as it is that was published, or changed since, without a moderator's look.

    Returns the post, and whether this was the decision.
    """
    post = await locked(ctx, post_id)
    if post.status is not PostStatus.PUBLISHED or not post.to_check:
        return post, False
    post.to_check = False
    record(ctx, "post.fine", SubjectKind.POST, post.id)
    await refresh(ctx, post, pressed)
    return post, True


def already_decided(ctx: ReadContext, view: PostView) -> str:
    """What the second of two moderators reads."""
    match view.status:
        case PostStatus.PUBLISHED | PostStatus.CLOSED:
            return ctx.t("{name} has approved it already.", name=view.decided_by)
        case PostStatus.REJECTED:
            return ctx.t("{name} has rejected it already.", name=view.decided_by)
        case PostStatus.CHANGES:
            return ctx.t("{name} has asked its author for a change.", name=view.decided_by)
        case PostStatus.PENDING:
            return ctx.t("Its author has sent it again meanwhile: look at it anew with /review.")
        case PostStatus.REMOVED:
            return ctx.t("This post was removed already.")


def check_waits(ctx: ReadContext, post: Post) -> None:
    """That a post waits for a moderator.

    Raises:
        Refusal: a colleague was faster, or its author took it back.
    """
    if post.status is not PostStatus.PENDING:
        raise Refusal(ctx.t("This post no longer waits. See what else does with /review."))
