"""Examples for the gallery."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_, Texts
from handlers.roundups import screens
from handlers.roundups.screens import Attention, Waiting, Week
from storage.enums import OutboxState
from storage.models import CommunityEvent, Mission, Post
from storage.queries.roundups import Silent

NOW = datetime(2018, 4, 16, 7, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")


@example("week")
def week(t: Texts) -> Screen:
    """The week in the channel."""
    shown = Week(
        zone=ROME,
        posts=[
            Post(id=31, title="Come abbiamo dimezzato i tempi di rilascio di un lotto ATMP"),
            Post(id=34, title="Looking for a partner with GMP filling capacity"),
        ],
        posts_total=11,
        events=[
            CommunityEvent(
                id=12, title="Aperitivo MDR e IVDR", zone="Europe/Rome", starts_at=datetime(2018, 4, 19, 16, tzinfo=UTC)
            )
        ],
        missions=[
            Mission(
                id=1,
                title="MIXiii BIOMED 2018",
                first_day=date(2018, 5, 14),
                last_day=date(2018, 5, 17),
                deadline=datetime(2018, 4, 20, 16, tzinfo=UTC),
            )
        ],
    )
    return screens.week(shown, t=t)


def _attention(*, wanted: bool = True) -> Attention:
    return Attention(
        now=NOW,
        waiting=[
            Waiting(N_("Posts to review"), 3, datetime(2018, 4, 11, 9, tzinfo=UTC)),
            Waiting(N_("Requests to join"), 1, NOW),
        ],
        silent=[Silent(1, "MIXiii BIOMED 2018", 4, datetime(2018, 4, 9, 9, tzinfo=UTC))],
        deliveries={OutboxState.FAILED: 2, OutboxState.UNCERTAIN: 1},
        questions=[
            Post(id=40, title="Chi ha un banco per la telemetria?", published_at=datetime(2018, 4, 10, tzinfo=UTC))
        ],
        questions_total=3,
        wanted=wanted,
    )


@example("roundup.staff")
def attention(t: Texts) -> Screen:
    """What needs somebody of the staff."""
    return screens.attention(_attention(), t=t)


@example("roundup.staff_off")
def attention_off(t: Texts) -> Screen:
    """The same for somebody who has turned it off."""
    return screens.attention(_attention(wanted=False), t=t)


@example("roundup.staff_nothing")
def nothing(t: Texts) -> Screen:
    """Nothing needs them."""
    return screens.attention(Attention(now=NOW), t=t)
