"""What may be sent, which language a reader gets, and when sending pauses or ends. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from storage.enums import AnnouncementStatus, Locale, OutboxState

FAILURE_WINDOW = 25
"""How many of the last attempts are looked at."""
FAILURES_TO_PAUSE = 20
"""So many permanent failures among them pause an announcement: most likely the token or the audience is wrong, and
platforms frown on a bot that keeps writing to those who blocked it."""
PACE_WINDOW = timedelta(seconds=60)
"""The stretch that the estimate of the time left looks back on."""
SHORTEST_PACE = timedelta(seconds=2)
"""Below this a pace says nothing."""
MOST_CHASES = 3
"""How often those who have not confirmed are reminded in all; after that somebody had better call them."""
CHASE_PAUSE = timedelta(hours=20)
"""Between two reminders: a day, give or take the hour at which somebody presses."""
CHASE_CHOICES = (0, 24, 48, 72)
"""Hours after which the bot reminds by itself; 0 for never."""
TIRED_WEEK = 3.0
TIRED_MONTH = 8.0
"""More announcements a person than this in 7 and in 30 days, on average, and staff are warned."""
TELEGRAM_DELETES_WITHIN = timedelta(hours=48)
"""Bot API, deleteMessage."""
DRAWN_LATE = timedelta(minutes=1)
"""How long after a correction a row may still have been drawn with the text of before: clocks differ a little."""
EVENT_OFFSETS = (-7 * 1440, -3 * 1440, -2 * 1440, -1440, -180, -60, 60, 1440)
"""Minutes from an event's start at which an announcement can go out; negative before it."""


class Reason(Enum):
    """Why a message failed, as staff tell the cases apart."""

    BLOCKED = auto()
    NOT_FOUND = auto()
    OTHER = auto()


_BLOCKED = ("blocked", "user is deactivated", "user_disabled", "cannot_dm_bot", "is_inactive", "kicked")
_NOT_FOUND = ("not found", "not_found", "user_not_visible", "peer_id_invalid", "can't initiate conversation")


def reason_of(failure: str) -> Reason:
    """The case of a failure, from the platform's own words.

    Telegram's are those of the Bot API server ("Forbidden: bot was blocked by the user", "chat not found"), Slack's
    the error words of its method reference; the web chat says that its persona blocked the bot.
    """
    words = failure.lower()
    if any(one in words for one in _BLOCKED):
        return Reason.BLOCKED
    return Reason.NOT_FOUND if any(one in words for one in _NOT_FOUND) else Reason.OTHER


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failed for which reason."""

    blocked: int = 0
    not_found: int = 0
    other: int = 0


def failures(by_words: Mapping[str, int]) -> Failures:
    """The platforms' words, counted by case."""
    found = dict.fromkeys(Reason, 0)
    for words, number in by_words.items():
        found[reason_of(words)] += number
    return Failures(found[Reason.BLOCKED], found[Reason.NOT_FOUND], found[Reason.OTHER])


def needs_approval(people: int, *, above: int, approved_for: int = 0) -> bool:
    """Whether so many recipients need a second person; who was approved for more needs nobody again."""
    return above > 0 and people > above and people > approved_for


def may_approve(person_id: int, *, author_id: int, asked_by_id: int | None) -> bool:
    """Whether somebody is a second person: neither who wrote it nor who asked."""
    return person_id not in {author_id, asked_by_id}


def may_chase(chases: int, chased_at: datetime | None, now: datetime) -> bool:
    """Whether those who have not confirmed may be reminded now."""
    return chases < MOST_CHASES and (chased_at is None or now - chased_at >= CHASE_PAUSE)


@dataclass(frozen=True, slots=True)
class Fatigue:
    """How many announcements the people of an audience had of late: on average, and the most that one had."""

    week: float = 0.0
    week_most: int = 0
    month: float = 0.0
    month_most: int = 0

    @property
    def tired(self) -> bool:
        """Whether it is a lot."""
        return self.week > TIRED_WEEK or self.month > TIRED_MONTH


def fatigue_of(people: int, week: tuple[int, int], month: tuple[int, int]) -> Fatigue:
    """From the sums and the most of one person, in 7 and in 30 days."""
    if not people:
        return Fatigue()
    return Fatigue(week[0] / people, week[1], month[0] / people, month[1])


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and text in one language."""

    title: str = ""
    text: str = ""

    @property
    def whole(self) -> bool:
        """Whether both are there."""
        return bool(self.title.strip() and self.text.strip())

    @property
    def begun(self) -> bool:
        """Whether anything is there."""
        return bool(self.title.strip() or self.text.strip())


Wordings = Mapping[Locale, Wording]


class Flaw(Enum):
    """What is wrong with what was written."""

    NO_TITLE = auto()
    NO_TEXT = auto()
    NOTHING = auto()
    FALLBACK_EMPTY = auto()


def flaws(wordings: Wordings, fallback: Locale) -> dict[str, Flaw]:
    """What must be mended before this can be sent, by the form's field."""
    found: dict[str, Flaw] = {}
    for locale, wording in wordings.items():
        if wording.begun and not wording.title.strip():
            found[f"title_{locale}"] = Flaw.NO_TITLE
        if wording.begun and not wording.text.strip():
            found[f"text_{locale}"] = Flaw.NO_TEXT
    if not any(wording.begun for wording in wordings.values()):
        found[f"title_{fallback}"] = Flaw.NOTHING
        found[f"text_{fallback}"] = Flaw.NOTHING
    elif not found and not wordings[fallback].whole:
        found["fallback"] = Flaw.FALLBACK_EMPTY
    return found


def written(wordings: Wordings) -> list[Locale]:
    """The languages in which it is whole."""
    return [locale for locale in Locale if locale in wordings and wordings[locale].whole]


def language_for(wordings: Wordings, fallback: Locale, reader: Locale) -> Locale:
    """Which language a reader gets: their own where it is whole, else the declared one."""
    whole = written(wordings)
    if reader in whole:
        return reader
    return fallback if fallback in whole or not whole else whole[0]


@dataclass(frozen=True, slots=True)
class Substitution:
    """So many readers of a language get another one."""

    reads: Locale
    gets: Locale
    people: int


def substitutions(wordings: Wordings, fallback: Locale, readers: Mapping[Locale, int]) -> list[Substitution]:
    """Who gets a text in another language than their own."""
    return [
        Substitution(reader, gets, people)
        for reader, people in readers.items()
        if people and (gets := language_for(wordings, fallback, reader)) is not reader
    ]


@dataclass(frozen=True, slots=True)
class Totals:
    """What became of the recipients.

    Attributes:
        sent: arrived, as far as the platform says.
        failed: blocked the bot, or the platform refused for good.
        uncertain: the process ended between the call and its result.
        waiting: queued, held back, or on the way.
        in_flight: of those waiting, the ones on the way.
        skipped: no longer take part, or it was too late to be useful.
        cancelled: not sent because it was stopped.
    """

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    waiting: int = 0
    in_flight: int = 0
    skipped: int = 0
    cancelled: int = 0

    @property
    def settled(self) -> int:
        """Those of whom the result is known."""
        return self.all - self.waiting

    @property
    def all(self) -> int:
        """Every recipient."""
        return self.sent + self.failed + self.uncertain + self.waiting + self.skipped + self.cancelled

    @property
    def not_reached(self) -> int:
        """Those whom it did not surely reach although they were meant to get it."""
        return self.failed + self.uncertain + self.cancelled


def totals(counts: Mapping[OutboxState, int]) -> Totals:
    """The counts by state, as staff read them."""

    def of(*states: OutboxState) -> int:
        return sum(counts.get(state, 0) for state in states)

    return Totals(
        sent=of(OutboxState.SENT),
        failed=of(OutboxState.FAILED),
        uncertain=of(OutboxState.UNCERTAIN),
        waiting=of(OutboxState.QUEUED, OutboxState.HELD, OutboxState.SENDING),
        in_flight=of(OutboxState.SENDING),
        skipped=of(OutboxState.SKIPPED, OutboxState.EXPIRED),
        cancelled=of(OutboxState.CANCELLED),
    )


def status_now(status: AnnouncementStatus, result: Totals, *, queueing: bool = False) -> AnnouncementStatus:
    """The status after looking at the counts: nothing waits any more, so it is done.

    ``queueing`` says that some recipients are not in the queue yet.
    """
    sending = status in {AnnouncementStatus.SENDING, AnnouncementStatus.PAUSED}
    if sending and result.waiting == 0 and not queueing:
        return AnnouncementStatus.DONE
    return status


def is_finished(status: AnnouncementStatus, result: Totals) -> bool:
    """Whether nothing more will happen by itself."""
    over = {AnnouncementStatus.DONE, AnnouncementStatus.STOPPED, AnnouncementStatus.WITHDRAWN}
    return status in over and result.waiting == 0


def pauses_itself(latest: Sequence[OutboxState]) -> bool:
    """Whether too many of the last attempts failed for good."""
    window = latest[:FAILURE_WINDOW]
    return sum(state is OutboxState.FAILED for state in window) >= FAILURES_TO_PAUSE


def time_left(waiting: int, settled: int, first: datetime | None, last: datetime | None) -> timedelta | None:
    """How long the rest takes at the pace of late; ``None`` when that cannot be said yet.

    Args:
        waiting: how many are left.
        settled: how many were settled between ``first`` and ``last``, both included.
        first: when the first of them was.
        last: when the last of them was.
    """
    if first is None or last is None or settled < 2 or last - first < SHORTEST_PACE:
        return None
    return (last - first) / (settled - 1) * waiting
