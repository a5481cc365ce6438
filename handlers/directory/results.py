"""Members among what a search found, as far as they show themselves."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.finding import ResultLine, results
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from storage.enums import SubjectKind
from storage.queries import directory


@results(SubjectKind.PERSON, N_("People"))
async def people_lines(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, ResultLine]:
    """Organisation and role, as they show them; pressing opens their page in the directory."""
    lines: dict[int, ResultLine] = {}
    if not ctx.may(Permission.MEMBER):
        return lines
    for person_id in ids:
        shown = await directory.look_up(ctx.session, ctx.me.id, person_id)
        if shown is None:
            continue
        about = " · ".join(one for one in (ctx.t("Member"), shown.role, shown.organisation) if one)
        text = " · ".join(one for one in (shown.offers, shown.seeks) if one)
        lines[person_id] = ResultLine(shown.name, about, text, press("people.open", person_id))
    return lines
