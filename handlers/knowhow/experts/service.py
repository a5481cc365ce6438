"""Passing a question on to those who may know: read, decide, write, tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.auditing import record
from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.notify import notify, notify_all
from handlers.conversation.rhythm import rhythms_at
from handlers.knowhow import service as knowhow
from handlers.knowhow.bylines import wrote
from handlers.knowhow.experts.rules import (
    LOOKED_AGAIN,
    LOOKED_FOR,
    MOST_A_WEEK,
    MOST_AT_ONCE,
    WEEK,
    in_turn,
    places_end,
)
from handlers.knowhow.experts.standing import may_have_asked, takes_answers
from storage.engine import lock
from storage.enums import ExpertState, SubjectKind
from storage.models import ExpertAsk, ExpertRound, Person, Post
from storage.queries import directory, experts
from storage.queries.expertise import who_may_know
from storage.queries.people import people_with_roles
from storage.queries.posts import find_post
from storage.search_words import words

HOLDING = frozenset({ExpertState.WAITING, ExpertState.TAKEN})
"""Those whose place is kept for them until it ends."""
HAD = frozenset({ExpertState.WAITING, ExpertState.TAKEN, ExpertState.SILENT})
"""Those who can still say that it is nothing for them."""
NAMESAKES = 20
"""People who are looked at for a name."""


# Whoever asks


async def own_question(ctx: ReadContext, post_id: int, *, held: bool = False) -> Post:
    """A question about which the reader may have others asked.

    Raises:
        Refusal: it is somebody else's, gone, or no question.
    """
    if held:
        await lock(ctx.session, Post, Post.id, post_id)
    post = await knowhow.readable(ctx, post_id)
    if not may_have_asked(ctx, post):
        raise Refusal(ctx.t("Only who asked, and the moderators, can have others asked."))
    return post


async def begin(ctx: ReadContext, post_id: int) -> Post:
    """Have those asked who may know, from now on, or again. Doing it twice changes nothing more.

    Raises:
        Refusal: the question is not the reader's, or needs no more answers.
    """
    post = await own_question(ctx, post_id, held=True)
    if not takes_answers(post, settled=await experts.is_settled(ctx.session, post_id)):
        raise Refusal(ctx.t("Only a question that is still open can be passed on."))
    row = await experts.find_round(ctx.session, post_id)
    if row is not None and row.stopped_at is None:
        return post
    if row is None:
        row = ExpertRound(post_id=post_id, begun_by=ctx.me.id, begun_at=ctx.now, next_at=ctx.now)
        ctx.session.add(row)
    else:
        row.begun_by, row.begun_at, row.next_at, row.stopped_at = ctx.me.id, ctx.now, ctx.now, None
    _record(ctx, post, "question.pass_on")
    await ctx.session.flush()
    await go_on(ctx, post_id)
    return post


async def stop(ctx: ReadContext, post_id: int) -> Post:
    """It is enough: nobody else is asked, and whoever was not told yet is not told.

    Raises:
        Refusal: the question is not the reader's.
    """
    post = await own_question(ctx, post_id, held=True)
    row = await experts.find_round(ctx.session, post_id)
    if row is not None and row.stopped_at is None:
        row.stopped_at = ctx.now
        _record(ctx, post, "question.enough")
    return post


def _record(ctx: ReadContext, post: Post, action: str) -> None:
    """What a moderator decides about somebody else's question."""
    if not wrote(ctx, post):
        record(ctx, action, SubjectKind.POST, post.id)


# Asking


async def go_on(ctx: ReadContext, post_id: int) -> int:
    """Ask as many as there is room for, or stop where the question needs nobody any more. Returns how many were asked.

    The post is held meanwhile, and so are those who are asked: two questions at once cannot ask somebody too often.
    """
    await lock(ctx.session, Post, Post.id, post_id)
    post, row = await find_post(ctx.session, post_id), await experts.find_round(ctx.session, post_id)
    if post is None or row is None or row.stopped_at is not None:
        return 0
    settled = await experts.is_settled(ctx.session, post_id)
    if not takes_answers(post, settled=settled) or ctx.now >= row.begun_at + LOOKED_FOR:
        row.stopped_at = ctx.now
        return 0
    asks = await experts.asks_of(ctx.session, post_id)
    done = await experts.have_answered(ctx.session, post_id)
    holding = [one for one in asks if _keeps_place(ctx, one) and one.person_id not in done]
    for one in asks:
        if one.state is ExpertState.WAITING and not _keeps_place(ctx, one):
            one.state = ExpertState.SILENT
    new = await _ask_next(ctx, post, asks, MOST_AT_ONCE - len(holding))
    ends = [one.until for one in (*holding, *new) if one.until is not None]
    row.next_at = min([*ends, ctx.now + LOOKED_AGAIN])
    await ctx.session.flush()
    return len(new)


def _keeps_place(ctx: ReadContext, ask: ExpertAsk) -> bool:
    return ask.state in HOLDING and ask.until is not None and ask.until > ctx.now


async def _ask_next(ctx: ReadContext, post: Post, asks: Sequence[ExpertAsk], room: int) -> list[ExpertAsk]:
    if room <= 0:
        return []
    known = {one.person_id: one for one in asks}
    named = [one.person_id for one in asks if one.state is ExpertState.NEXT]
    found = {one.person_id: one for one in await who_may_know(ctx.session, post, ctx.now)}
    scores = {person: one.score for person, one in found.items() if person not in known}
    can_be = await _askable(ctx, post, [*named, *scores])
    chosen = in_turn(named, scores, can_be, room)
    # Held, and looked at again: another question may have asked them meanwhile.
    await experts.hold_people(ctx.session, chosen)
    still = await _askable(ctx, post, chosen)
    people = await people_with_roles(ctx.session, [one for one in chosen if one in still])
    rhythms = await rhythms_at(ctx.session, [person for person, _ in people.values()], ctx.community, ctx.now)
    new: list[ExpertAsk] = []
    for one in chosen:
        if one not in people or one not in still:
            continue
        row = known.get(one)
        if row is None:
            reasons = [str(reason) for reason in found[one].reasons]
            row = ExpertAsk(post_id=post.id, person_id=one, reasons=reasons, at=ctx.now)
            ctx.session.add(row)
        row.state, row.asked_at = ExpertState.WAITING, ctx.now
        row.until = places_end(ctx.now, rhythms[one].quiet_until(ctx.now))
        new.append(row)
    await ctx.session.flush()
    for row in new:
        await notify(
            ctx,
            row.person_id,
            "expert.asked",
            dedup=f"expert-asked:{row.id}",
            data={"ask": row.id, "post": post.id, "person": row.named_by_id or post.author_id},
        )
    return new


async def _askable(ctx: ReadContext, post: Post, people: Sequence[int]) -> dict[int, int]:
    return await experts.askable(ctx.session, post, people, since=ctx.now - WEEK, most_since=MOST_A_WEEK)


# Whoever is asked


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody was asked."""

    ask: ExpertAsk
    post: Post


async def mine(ctx: ReadContext, ask_id: int, *, held: bool = False) -> Asked:
    """What the reader was asked, about a question that is still open; ``held`` lets nobody change it meanwhile.

    Raises:
        Refusal: it was somebody else who was asked, or the question needs no more answers.
    """
    row = await experts.find_ask(ctx.session, ask_id)
    if row is None or row.person_id != ctx.me.id or row.asked_at is None:
        raise Refusal(ctx.t("This question was not put to you."))
    if held:
        await lock(ctx.session, Post, Post.id, row.post_id)
        row = await experts.find_ask(ctx.session, ask_id) or row
    post = await knowhow.readable(ctx, row.post_id)
    if not takes_answers(post, settled=await experts.is_settled(ctx.session, post.id)):
        raise Refusal(ctx.t("This question needs no more answers. Thank you all the same!"))
    return Asked(row, post)


async def take(ctx: ReadContext, ask_id: int) -> Asked:
    """The reader wants to answer; whoever asks is told, once.

    Raises:
        Refusal: they were not asked, or the question needs no more answers.
    """
    one = await mine(ctx, ask_id, held=True)
    if one.ask.state is not ExpertState.TAKEN:
        one.ask.state, one.ask.until = ExpertState.TAKEN, places_end(ctx.now, None)
        await ctx.session.flush()
        begun = await experts.find_round(ctx.session, one.post.id)
        if begun is None or begun.stopped_at is not None:
            return one
        await notify_all(
            ctx,
            sorted({one.post.author_id, begun.begun_by or one.post.author_id} - {ctx.me.id}),
            "expert.taken",
            dedup=lambda person: f"expert-taken:{ask_id}:{person}",
            data={"ask": ask_id, "post": one.post.id, "person": ctx.me.id},
        )
    return one


async def decline(ctx: ReadContext, ask_id: int) -> Asked:
    """It is nothing for the reader: somebody else is asked.

    Raises:
        Refusal: they were not asked, or the question needs no more answers.
    """
    one = await mine(ctx, ask_id, held=True)
    if one.ask.state in HAD:
        one.ask.state = ExpertState.DECLINED
        await ctx.session.flush()
        await go_on(ctx, one.post.id)
    return one


async def namesakes(ctx: ReadContext, post: Post, typed: str) -> list[directory.Shown]:
    """Whom the reader can mean by a name, with or without the organisation, among those whom the directory shows."""
    wanted = set(words(typed))
    found = await directory.search(ctx.session, ctx.me.id, typed, limit=NAMESAKES)
    return [
        one
        for one in found.people
        if one.person_id not in {ctx.me.id, post.author_id}
        and wanted & set(words(one.name))
        and wanted <= {*words(one.name), *words(one.organisation)}
    ]


async def refer(ctx: ReadContext, ask_id: int, person_id: int) -> Asked:
    """The reader knows somebody who may know: they are asked next, unless they can't be, or were before.

    Raises:
        Refusal: the reader was not asked, or the question needs no more answers.
    """
    one = await mine(ctx, ask_id, held=True)
    asks = await experts.asks_of(ctx.session, one.post.id)
    if all(other.person_id != person_id for other in asks):
        ctx.session.add(
            ExpertAsk(
                post_id=one.post.id,
                person_id=person_id,
                state=ExpertState.NEXT,
                reasons=[],
                named_by_id=ctx.me.id,
                at=ctx.now,
            )
        )
    if one.ask.state in HAD:
        one.ask.state = ExpertState.REFERRED
    await ctx.session.flush()
    await go_on(ctx, one.post.id)
    return one


def name_of(person: Person) -> str:
    """Name and organisation of somebody read with it."""
    return f"{person.name}, {person.organisation.name}" if person.organisation else person.name
