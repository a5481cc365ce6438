"""What each reader is shown of who is asked about a question, and why."""

from collections.abc import Iterable

from sqlalchemy import select

from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow.bylines import byline_of_post
from handlers.knowhow.experts import screens, service
from handlers.knowhow.experts.screens import ExpertLine, Progress, Question, Why
from storage.enums import ExpertState, PostStatus
from storage.models import ExpertAsk, Post, Sector
from storage.queries import experts
from storage.queries.expertise import Reason, ReasonKind
from storage.queries.post_visibility import readable_by

SHOWN = 20
"""People on one screen; those whose turn it is come first."""
FIRST = (Progress.ANSWERED, Progress.TAKEN, Progress.WAITING, Progress.NEXT, Progress.OUT)


async def who_page(ctx: ReadContext, post: Post) -> Screen:
    """Who is asked about a question, for who may see it."""
    row = await experts.find_round(ctx.session, post.id)
    asks = await experts.asks_of(ctx.session, post.id)
    done = await experts.have_answered(ctx.session, post.id)
    progress = {one.id: _progress(one, answered=one.person_id in done) for one in asks}
    ordered = sorted(asks, key=lambda one: (FIRST.index(progress[one.id]), one.id))
    titles = await _titles(ctx, ordered[:SHOWN])
    lines = [
        ExpertLine(
            service.name_of(one.person),
            await _why(ctx, one, titles),
            progress[one.id],
            one.asked_at.astimezone(ctx.zone).date() if one.asked_at else None,
        )
        for one in ordered[:SHOWN]
    ]
    going_on = row is not None and row.stopped_at is None
    return screens.who(post.id, post.title, lines, max(0, len(asks) - SHOWN), going_on=going_on, t=ctx.t)


def _progress(ask: ExpertAsk, *, answered: bool) -> Progress:
    if answered:
        return Progress.ANSWERED
    match ask.state:
        case ExpertState.NEXT:
            return Progress.NEXT
        case ExpertState.WAITING:
            return Progress.WAITING
        case ExpertState.TAKEN:
            return Progress.TAKEN
        case ExpertState.REFERRED | ExpertState.DECLINED | ExpertState.SILENT:
            return Progress.OUT


async def asked_screen(ctx: ReadContext, one: service.Asked) -> Screen:
    """What the reader is asked."""
    why = await _why(ctx, one.ask, await _titles(ctx, [one.ask]))
    post = one.post
    question = Question(post.id, post.title, post.body, byline_of_post(post, ctx.t))
    return screens.asked(one.ask.id, question, why, ctx.t)


async def _titles(ctx: ReadContext, asks: Iterable[ExpertAsk]) -> dict[int, str]:
    """The titles of the posts for which they were chosen, as far as the reader may read them now."""
    reasons = [Reason.read(written) for one in asks for written in one.reasons]
    wanted = {one.number for one in reasons if one.kind in {ReasonKind.POST, ReasonKind.ANSWER}}
    if not wanted or ctx.person is None:
        return {}
    may = Post.status == PostStatus.PUBLISHED if ctx.may(Permission.MODERATE) else readable_by(ctx.person.id)
    rows = await ctx.session.execute(select(Post.id, Post.title).where(Post.id.in_(wanted), may))
    return dict(rows.all())


async def _why(ctx: ReadContext, ask: ExpertAsk, titles: dict[int, str]) -> Why:
    reasons = [Reason.read(written) for written in ask.reasons]
    of_sector = next((one.number for one in reasons if one.kind is ReasonKind.SECTOR), None)
    sector = await ctx.session.get(Sector, of_sector) if of_sector is not None else None

    def titled(kind: ReasonKind) -> list[str]:
        return [titles[one.number] for one in reasons if one.kind is kind and one.number in titles]

    return Why(
        profile=next((one.what for one in reasons if one.kind is ReasonKind.PROFILE), ""),
        wrote=titled(ReasonKind.POST),
        answered=titled(ReasonKind.ANSWER),
        sector=ctx.t.of(sector, "name") if sector is not None else "",
        named_by=ask.named_by.name if ask.named_by is not None else "",
    )
