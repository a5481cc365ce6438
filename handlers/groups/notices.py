"""What is sent unasked about working groups."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Bold, Button, Screen, press, screen
from handlers.conversation.texts import Texts
from storage.enums import Priority
from storage.models import WorkingGroup
from storage.queries import groups


def told_added(group_id: int, name: str, t: Texts) -> Screen:
    """To a member whom the staff have added."""
    return (
        screen(summary=t("You belong to the group {name} now", name=name))
        .para(Bold(t("You belong to the group {name} now.", name=name)))
        .para(t("What is shared with it, only its members read."))
        .row(Button(t("See the group"), press("group.open", group_id)))
        .build()
    )


@notice(
    "group.added", priority=Priority.REMINDER, again=True, useful_for=timedelta(days=7), topic=None, quiet=Quiet.WAITS
)
async def added(ctx: ReadContext, group: int) -> Screen | None:
    """To who was added; unless they have left it, or it is gone."""
    row = await ctx.session.get(WorkingGroup, group)
    if row is None or not await groups.is_member(ctx.session, group, ctx.me.id):
        return None
    return told_added(row.id, row.name, ctx.t)
