"""Votes, outcomes, one's own answers, saved posts and reminders: read, decide, write, tell."""

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, refresh_card
from handlers.knowhow import service
from handlers.knowhow.answers.settling import settle_gone
from handlers.knowhow.bylines import answered, wrote
from handlers.knowhow.service import POST_CARD
from storage.engine import lock
from storage.enums import PostStatus, SubjectKind
from storage.models import Post, PostAnswer
from storage.queries import answering, posts
from storage.queries.post_authors import named_author_id
from storage.queries.search_index import reindex

LATEST = timedelta(days=730)
"""How far ahead somebody can be reminded."""


async def published(ctx: ReadContext, post_id: int, *, held: bool = False) -> Post:
    """A published post that the reader may read; ``held`` lets nobody else change what belongs to it meanwhile.

    Raises:
        Refusal: there is none, or it is not for them.
    """
    if held:
        await lock(ctx.session, Post, Post.id, post_id)
    post = await service.readable(ctx, post_id)
    if post.status is not PostStatus.PUBLISHED:
        raise service.gone(ctx)
    return post


@dataclass(frozen=True, slots=True)
class Below:
    """An answer, read with its author, and the post that it is below."""

    answer: PostAnswer
    post: Post

    def is_own(self, ctx: ReadContext) -> bool:
        """Whether the reader wrote the answer."""
        return answered(ctx, self.answer, self.post)


def answer_gone(ctx: ReadContext) -> Refusal:
    """The reply to a button of an answer that is not there."""
    return Refusal(ctx.t("This answer is no longer here."))


async def below(ctx: ReadContext, answer_id: int, *, held: bool = False) -> Below:
    """An answer and its post, for a reader who may read the post.

    Raises:
        Refusal: one of them is gone, or not for them.
    """
    answer = await posts.find_answer(ctx.session, answer_id)
    if answer is None:
        raise answer_gone(ctx)
    post = await published(ctx, answer.post_id, held=held)
    if held:  # as it is now that nobody else can change it
        answer = await posts.find_answer(ctx.session, answer_id)
        if answer is None:
            raise answer_gone(ctx)
    return Below(answer, post)


# Useful


async def vote_post(ctx: ReadContext, post_id: int, wanted: bool | None) -> bool:  # noqa: FBT001 - a button's last word
    """Find a post useful, or no longer; ``None`` turns it over. Returns which it is now.

    Raises:
        Refusal: it is the reader's own, or gone.
    """
    post = await published(ctx, post_id, held=True)
    if wrote(ctx, post):
        raise Refusal(ctx.t("It's yours: the others say whether it is useful."))
    if wanted is None:
        wanted = not (await answering.standing(ctx.session, post_id, ctx.me.id)).voted
    await answering.vote_post(ctx.session, post_id, ctx.me.id, ctx.now, wanted=wanted)
    await refresh_card(ctx, CardKey(POST_CARD, post_id))
    return wanted


async def vote_answer(ctx: ReadContext, answer_id: int, *, wanted: bool) -> Below:
    """Find an answer useful, or no longer.

    Raises:
        Refusal: it is the reader's own, or gone.
    """
    one = await below(ctx, answer_id, held=True)
    if one.is_own(ctx):
        raise Refusal(ctx.t("It's yours: the others say whether it is useful."))
    await answering.vote_answer(ctx.session, answer_id, ctx.me.id, ctx.now, wanted=wanted)
    return one


# Saved, reminded


async def save(ctx: ReadContext, post_id: int, wanted: bool | None) -> bool:  # noqa: FBT001 - same
    """Put a post aside, or no longer; ``None`` turns it over. Returns which it is now.

    Raises:
        Refusal: there is none to put aside.
    """
    if wanted is None:
        wanted = not (await answering.standing(ctx.session, post_id, ctx.me.id)).saved
    if wanted:
        await published(ctx, post_id)
    await answering.save(ctx.session, post_id, ctx.me.id, ctx.now, wanted=wanted)
    return wanted


def today(ctx: ReadContext) -> date:
    """By the reader's own clock."""
    return ctx.now.astimezone(ctx.zone).date()


def day_problem(ctx: ReadContext, day: date) -> str:
    """Why nobody can be reminded on that day; empty when they can."""
    if day <= today(ctx):
        return ctx.t("That day is not ahead of us: tomorrow is the first.")
    if day > today(ctx) + LATEST:
        return ctx.t("That is very far away: two years at most.")
    return ""


async def remind(ctx: ReadContext, post_id: int, day: date) -> Post:
    """Remind the reader of a post on a day.

    Raises:
        Refusal: the post is gone, or the day cannot be used.
    """
    post = await published(ctx, post_id)
    if problem := day_problem(ctx, day):
        raise Refusal(problem)
    await answering.remind(ctx.session, post_id, ctx.me.id, day, ctx.now)
    return post


# Solved


def is_question(post: Post) -> bool:
    """Whether a post asks for something that an answer can solve."""
    return post.kind.key in answering.ASKING_KINDS


async def own_question(ctx: ReadContext, post_id: int) -> Post:
    """A published question of the reader's, held.

    Raises:
        Refusal: it is not theirs, or asks for nothing that an answer can solve.
    """
    post = await published(ctx, post_id, held=True)
    if not wrote(ctx, post) or not is_question(post):
        raise Refusal(ctx.t("Only who asked can say what solved it."))
    return post


async def solve(ctx: ReadContext, answer_id: int) -> Below:
    """Whoever asked marks the answer that solved it, in the place of another; its author is told.

    Raises:
        Refusal: the question is not theirs, or the answer is gone.
    """
    one = await below(ctx, answer_id)
    await own_question(ctx, one.post.id)
    one = await below(ctx, answer_id)
    if await answering.set_outcome(ctx.session, one.post.id, answer_id, ctx.now):
        if not one.is_own(ctx):
            await notify(
                ctx,
                one.answer.author_id,
                "knowhow.solved",
                dedup=f"solved:{answer_id}",
                data={"answer": answer_id, "person": named_author_id(one.post) or 0},
            )
        await refresh_card(ctx, CardKey(POST_CARD, one.post.id))
    return one


async def close(ctx: ReadContext, post_id: int) -> Post:
    """Whoever asked needs no more answers, though none is marked.

    Raises:
        Refusal: the question is not theirs.
    """
    post = await own_question(ctx, post_id)
    if await answering.set_outcome(ctx.session, post_id, None, ctx.now):
        await refresh_card(ctx, CardKey(POST_CARD, post_id))
    return post


async def open_again(ctx: ReadContext, post_id: int) -> Post:
    """Whoever asked takes back that it was solved or closed.

    Raises:
        Refusal: the question is not theirs.
    """
    post = await own_question(ctx, post_id)
    if await answering.open_again(ctx.session, post_id):
        await refresh_card(ctx, CardKey(POST_CARD, post_id))
    return post


# One's own answer


async def own_answer(ctx: ReadContext, answer_id: int, *, held: bool = False) -> Below:
    """An answer that the reader wrote.

    Raises:
        Refusal: it is somebody else's, or gone.
    """
    one = await below(ctx, answer_id, held=held)
    if not one.is_own(ctx):
        raise Refusal(ctx.t("Only who wrote an answer can change it."))
    return one


async def edit(ctx: ReadContext, answer_id: int, body: str) -> Below:
    """Write one's own answer anew.

    Raises:
        Refusal: it is somebody else's, or gone.
    """
    one = await own_answer(ctx, answer_id, held=True)
    if one.answer.body != body:
        one.answer.body, one.answer.edited_at = body, ctx.now
        await reindex(ctx.session, SubjectKind.ANSWER, [answer_id])
    return one


async def delete(ctx: ReadContext, answer_id: int) -> Post:
    """Take one's own answer away; what it solved is open again.

    Raises:
        Refusal: it is somebody else's, or gone.
    """
    one = await own_answer(ctx, answer_id, held=True)
    await settle_gone(ctx, one.post.id, answer_id=answer_id)
    await remove(ctx, one)
    return one.post


async def remove(ctx: ReadContext, one: Below) -> None:
    """Take an answer away, with what it solved and what was found of it."""
    answer_id, post_id = one.answer.id, one.post.id
    await answering.forget_solution(ctx.session, post_id, answer_id)
    await ctx.session.delete(one.answer)
    await ctx.session.flush()
    await reindex(ctx.session, SubjectKind.ANSWER, [answer_id])
    await answering.count_usefulness(ctx.session, post_id)
    await refresh_card(ctx, CardKey(POST_CARD, post_id))
