"""What is sent to those who may know, and to whoever asks, looked at again when it is sent."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.screen import Screen
from handlers.knowhow.experts import screens, service, showing
from storage.enums import ExpertState, NoticeTopic, PersonStatus, Priority
from storage.queries import directory, experts


@notice(
    "expert.asked",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=NoticeTopic.EXPERTS,
    quiet=Quiet.WAITS,
)
async def asked(ctx: ReadContext, ask: int, post: int, person: int) -> Screen | None:  # noqa: ARG001 - the notice's data
    """To who may know; not once it is another's turn, it was enough, or the question needs nobody any more."""
    begun = await experts.find_round(ctx.session, post)
    if begun is None or begun.stopped_at is not None:
        return None
    try:
        one = await service.mine(ctx, ask)
    except Refusal:
        return None
    late = one.ask.until is None or one.ask.until <= ctx.now
    if one.ask.state is not ExpertState.WAITING or late:
        return None
    if await directory.is_blocked(ctx.session, ctx.me.id, one.post.author_id):
        return None
    return await showing.asked_screen(ctx, one)


@notice(
    "expert.taken",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=NoticeTopic.ANSWERS,
    quiet=Quiet.WAITS,
)
async def taken(ctx: ReadContext, ask: int, post: int, person: int) -> Screen | None:
    """To whoever asks: somebody wants to answer; unless they changed their mind, or have answered already."""
    row = await experts.find_ask(ctx.session, ask)
    if row is None or row.state is not ExpertState.TAKEN or row.person.status is not PersonStatus.MEMBER:
        return None
    if person in await experts.have_answered(ctx.session, post):
        return None
    try:
        question = await service.own_question(ctx, post)
    except Refusal:
        return None
    return screens.taken(service.name_of(row.person), question.title, post, ctx.t)
