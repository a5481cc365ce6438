"""What people are told about decisions on them, and the staff about what waits."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.screen import Screen
from handlers.staff import inbox, inbox_screens, people_screens
from storage.enums import PARTICIPANTS, PersonStatus, Priority, Role
from storage.queries import people

LATE = timedelta(days=14)


@notice("staff.role_given", priority=Priority.REMINDER, again=True, useful_for=LATE, topic=None, quiet=Quiet.WAITS)
async def role_given(ctx: ReadContext, role: str, reason: str, by: str) -> Screen | None:
    """They have a new role, unless it was taken again meanwhile."""
    if Role(role) not in await people.roles_of(ctx.session, ctx.me.id):
        return None
    return people_screens.role_given(Role(role), reason, by, t=ctx.t)


@notice("staff.role_taken", priority=Priority.REMINDER, again=True, useful_for=LATE, topic=None, quiet=Quiet.WAITS)
async def role_taken(ctx: ReadContext, role: str, reason: str, by: str) -> Screen | None:
    """They have a role no longer."""
    if Role(role) in await people.roles_of(ctx.session, ctx.me.id):
        return None
    return people_screens.role_taken(Role(role), reason, by, t=ctx.t)


@notice(
    "staff.suspended",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LATE,
    to_participants=False,
    topic=None,
    quiet=Quiet.WAITS,
)
async def suspended(ctx: ReadContext, reason: str) -> Screen | None:
    """They are suspended."""
    if ctx.me.status is not PersonStatus.SUSPENDED:
        return None
    return people_screens.suspended(reason, ctx.community, t=ctx.t)


@notice("staff.restored", priority=Priority.REMINDER, again=True, useful_for=LATE, topic=None, quiet=Quiet.WAITS)
async def restored(ctx: ReadContext, reason: str) -> Screen | None:
    """They are back."""
    if ctx.me.status not in PARTICIPANTS:
        return None
    return people_screens.restored(reason, ctx.community, t=ctx.t)


@notice(
    "staff.removed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LATE,
    to_participants=False,
    topic=None,
    quiet=Quiet.WAITS,
)
async def removed(ctx: ReadContext, reason: str) -> Screen | None:
    """They were removed."""
    if ctx.me.status is not PersonStatus.LEFT:
        return None
    return people_screens.removed(reason, ctx.community, t=ctx.t)


@notice(
    "staff.handed", priority=Priority.REMINDER, again=True, useful_for=timedelta(days=2), topic=None, quiet=Quiet.WAITS
)
async def handed(ctx: ReadContext, kind: str, subject: int, by: str) -> Screen | None:
    """A colleague hands them something; nothing once it was decided."""
    try:
        item = await inbox.item(ctx, kind, subject)
    except Refusal:
        return None
    return inbox_screens.handed(item, by, t=ctx.t)


@notice(
    "staff.note", priority=Priority.REMINDER, again=False, useful_for=timedelta(hours=8), topic=None, quiet=Quiet.WAITS
)
async def note(ctx: ReadContext) -> Screen | None:
    """What has waited for long; nothing where nothing has."""
    if not inbox.decides(ctx):
        return None
    days = ctx.community.staff.remind_after_days
    old, mine = await inbox.old(ctx, ctx.now - timedelta(days=days))
    return inbox_screens.note(old, days, mine, t=ctx.t) if any(number for _, number in old.values()) else None
