"""Order among messages that were put back."""

from datetime import UTC, datetime, timedelta

from bot.delivery.holds import FORGET_AFTER, Holds
from tests.bot.delivery.test_pacing import Monotonic

DUE = datetime(2018, 4, 3, 9, tzinfo=UTC)


def test_newer_messages_of_the_chat_and_rank_stay_behind() -> None:
    holds = Holds(now=Monotonic())
    holds.hold(5, "a", 0, due_at=DUE, after=1.0)
    assert holds.keeps_behind(6, "a", 0)
    assert not holds.keeps_behind(5, "a", 0)
    assert not holds.keeps_behind(4, "a", 0), "what is older goes first anyway"
    assert not holds.keeps_behind(6, "a", 1), "another rank"
    assert not holds.keeps_behind(6, "b", 0), "another chat"


def test_until_it_is_settled() -> None:
    holds = Holds(now=Monotonic())
    holds.hold(5, "a", 0, due_at=DUE, after=1.0)
    holds.hold(6, "a", 0, due_at=DUE + timedelta(seconds=2), after=3.0)
    assert holds.last_due("a", 0) == DUE + timedelta(seconds=2)
    holds.release(5, "a", 0)
    assert not holds.keeps_behind(6, "a", 0)
    assert holds.keeps_behind(7, "a", 0)
    holds.release(6, "a", 0)
    holds.release(6, "a", 0)
    assert not holds.keeps_behind(7, "a", 0)
    assert holds.last_due("a", 0) is None


def test_what_never_comes_is_not_waited_for() -> None:
    now = Monotonic()
    holds = Holds(now=now)
    holds.hold(5, "a", 0, due_at=DUE, after=300.0)
    now.seconds += 300.0 + FORGET_AFTER - 1
    assert holds.keeps_behind(6, "a", 0)
    now.seconds += 2
    assert not holds.keeps_behind(6, "a", 0)
