"""The file for the Enterprise Europe Network, made when it is sent."""

import asyncio
from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import File, Screen
from handlers.knowhow.partnering.screens import cells, file_screen, headings
from handlers.sheets.writing import SheetForm, table
from storage.enums import Priority
from storage.queries.partnering import partnering_posts


@notice(
    "knowhow.een_file",
    priority=Priority.REPLY,
    again=True,
    useful_for=timedelta(hours=1),
    topic=None,
    quiet=Quiet.WAITS,
)
async def een_file(ctx: ReadContext, form: str) -> Screen | None:
    """The file; nothing for somebody who is no longer staff."""
    if not ctx.may(Permission.STAFF):
        return None
    posts = await partnering_posts(ctx.session, ctx.now)
    rows = [cells(post, ctx.zone, ctx.t) for post in posts]
    # Hundreds of texts take a while, in which everybody else is to be answered.
    content = await asyncio.to_thread(table, headings(ctx.t), rows, SheetForm(form))
    return file_screen(len(rows), File(f"een.{form}", SheetForm(form).mime, content), t=ctx.t)
