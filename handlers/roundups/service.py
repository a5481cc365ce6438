"""What the roundups say, and who gets the staff's."""

from datetime import datetime

from handlers.conversation.context import Context, ReadContext
from handlers.conversation.decisions import DECISIONS
from handlers.conversation.permissions import Permission
from handlers.roundups import rules
from handlers.roundups.screens import Attention, Waiting, Week
from storage.enums import TopicLevel
from storage.queries import preferences, roundups, waiting

CARD = "week"
"""The kind of the card in the channels; its number is the day's."""
NOTICE = "roundup.staff"
TOPIC = "_staff_roundup"
"""The key under which somebody of the staff turns theirs off."""


async def week_until(ctx: ReadContext, moment: datetime) -> Week:
    """What the week before that moment brought the community, and what comes after it."""
    session = ctx.session
    posts, total = await roundups.posts_of_week(session, moment - rules.WEEK, moment, most=rules.MOST_POSTS)
    return Week(
        zone=ctx.community.zone,
        posts=posts,
        posts_total=total,
        events=await roundups.events_ahead(session, moment, moment + rules.EVENTS_AHEAD, most=rules.MOST_EVENTS),
        missions=await roundups.missions_open(
            session, moment - rules.WEEK, moment, moment + rules.DEADLINES_AHEAD, most=rules.MOST_MISSIONS
        ),
    )


async def attention_for(ctx: ReadContext) -> Attention:
    """What needs this reader, by what they may decide."""
    session, now = ctx.session, ctx.now
    silent, deliveries = [], {}
    if ctx.may(Permission.MISSION):
        lead = None if ctx.may(Permission.STAFF) else ctx.me.id
        silent = await roundups.silent_delegates(session, now, now - rules.SILENT_AFTER, lead_id=lead)
    if ctx.may(Permission.STAFF):
        deliveries = await roundups.failed_deliveries(session, now - rules.WEEK)
    questions, total = await roundups.unanswered_questions(
        session, ctx.me.id, now - rules.UNANSWERED_UNTIL, now - rules.UNANSWERED_AFTER, most=rules.MOST_QUESTIONS
    )
    return Attention(
        now=now,
        waiting=await _waiting(ctx),
        silent=silent,
        deliveries=deliveries,
        questions=questions,
        questions_total=total,
        wanted=await wants(ctx),
        weekly=ctx.community.roundups.staff_weekday != rules.OFF,
    )


async def _waiting(ctx: ReadContext) -> list[Waiting]:
    """What waits for the reader's decision, by kind, what has waited longest first."""
    kinds = {kind: spec for kind, spec in DECISIONS.items() if ctx.may(spec.permission)}
    found = await waiting.ages(ctx.session, {kind: spec.waiting(ctx) for kind, spec in kinds.items()})
    shown = [Waiting(kinds[kind].label, number, since) for kind, (number, since) in found.items()]
    return sorted(shown, key=lambda one: one.since)


async def wants(ctx: ReadContext) -> bool:
    """Whether the reader gets it every week."""
    levels = await preferences.levels(ctx.session, ctx.me.id)
    return levels.get(TOPIC) is not TopicLevel.MUTED


async def want(ctx: Context, *, wanted: bool) -> None:
    """Turn it on or off."""
    level = TopicLevel.NOW if wanted else TopicLevel.MUTED
    await preferences.set_level(ctx.session, ctx.me.id, TOPIC, level, ctx.now)
    await ctx.session.flush()
