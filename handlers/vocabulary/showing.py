"""The lists' screens, out of the store."""

from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.vocabulary import screens
from storage.models import PostKind
from storage.queries import vocabulary
from storage.queries.vocabulary import Entry, Vocabulary


def _line(row: Entry, *, uses: int = 0, first: bool = False, last: bool = False) -> screens.Line:
    deadline, profile = (row.has_deadline, row.profile) if isinstance(row, PostKind) else (False, None)
    return screens.Line(
        row.id,
        row.name_it,
        row.name_en,
        row.active,
        uses=uses,
        deadline=deadline,
        profile=profile,
        first=first,
        last=last,
    )


async def list_screen(ctx: ReadContext, which: Vocabulary) -> Screen:
    """A list."""
    rows = await vocabulary.entries(ctx.session, which)
    return screens.one_list(which, [_line(row) for row in rows], t=ctx.t)


async def line_screen(ctx: ReadContext, which: Vocabulary, row: Entry) -> Screen:
    """One line of it."""
    rows = [one.id for one in await vocabulary.entries(ctx.session, which) if one.active]
    uses = await vocabulary.uses(ctx.session, which, row)
    shown = _line(row, uses=uses, first=rows[:1] == [row.id], last=rows[-1:] == [row.id])
    return screens.line(which, shown, t=ctx.t)
