"""Reported posts and answers, in the staff's inbox."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.answers.report_screens import headline
from storage.enums import SubjectKind
from storage.queries import reporting


@decisions(
    "content_report",
    N_("Reported posts and answers"),
    Permission.MODERATE,
    verb="reported.look",
    waiting=lambda ctx: reporting.waiting(but_about=ctx.me.id),
)
async def content_reports(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What was reported."""
    found = await reporting.lines(ctx.session, ids)
    return {number: headline(title, is_answer=kind is SubjectKind.ANSWER, t=ctx.t) for number, kind, title in found}
