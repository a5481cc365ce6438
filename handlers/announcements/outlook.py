"""What will go out at a time: everything that is planned or due then, counted before it happens."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from handlers.announcements.drafting import aim
from handlers.announcements.names import title_of
from handlers.conversation.context import ReadContext
from storage.queries import outlook as stored
from storage.queries.outlook import Due

STRETCH = timedelta(hours=1)
"""The screen shows an hour: "Tuesday 8:00" means from 8:00 to 9:00."""
FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What goes out in an hour.

    Attributes:
        start: when the hour begins.
        announcements: planned, with how many each reaches as of now.
        digests: how many people's digest is due; those for whom nothing is new get none.
        event_reminders, deadlines: by title.
        meeting_reminders: both sides of each meeting.
        waiting: messages that wait in the queue already; only of the present hour.
    """

    start: datetime
    announcements: list[Due] = field(default_factory=list)
    digests: int = 0
    event_reminders: list[Due] = field(default_factory=list)
    deadlines: list[Due] = field(default_factory=list)
    meeting_reminders: int = 0
    waiting: int = 0

    @property
    def messages(self) -> int:
        """All of it together, at most."""
        lists = [*self.announcements, *self.event_reminders, *self.deadlines]
        return sum(one.people for one in lists) + self.digests + self.meeting_reminders + self.waiting


def moment_in(ctx: ReadContext, stamp: int) -> datetime:
    """The moment of a button, in seconds since 1970; the present for none, and for one that is far off."""
    try:
        moment = datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return ctx.now
    return moment if abs(moment - ctx.now) < FURTHEST and stamp else ctx.now


async def outlook(ctx: ReadContext, start: datetime) -> Outlook:
    """What goes out in the hour that begins then."""
    session, end = ctx.session, start + STRETCH
    return Outlook(
        start,
        [
            Due(title_of(row, ctx.t), at, (await aim(ctx, row)).reach.people)
            for row, at in await stored.planned_between(session, start, end)
        ],
        await stored.digests_between(session, start, end),
        await stored.event_reminders_between(session, start, end),
        await stored.deadlines_between(session, start, end),
        await stored.meeting_reminders_between(session, start, end),
        await stored.waiting_until(session, end) if start <= ctx.now < end else 0,
    )
