"""The pace of one account."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import flood
from bot.delivery.flood import FloodGuard, Verdict

IDS = map(str, count())


class Time:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_twenty_in_ten_seconds_then_one_sentence_then_nothing() -> None:
    time = Time()
    guard = FloodGuard(burst=20, per_minute=60, now=time)
    verdicts = [guard.judge("anna", next(IDS)) for _ in range(100)]
    assert verdicts == [Verdict.PASS] * 20 + [Verdict.WARN] + [Verdict.DROP] * 79
    assert guard.judge("marco", next(IDS)) is Verdict.PASS
    time.now = 10.0
    assert guard.judge("anna", next(IDS)) is Verdict.PASS, "after a pause they go on"


def test_sixty_in_a_minute() -> None:
    time = Time()
    guard = FloodGuard(burst=20, per_minute=60, now=time)
    verdicts = []
    for second in range(60):
        time.now = float(second)
        verdicts += [guard.judge("anna", next(IDS)), guard.judge("anna", next(IDS))]
    assert verdicts.count(Verdict.PASS) == 60
    assert verdicts.count(Verdict.WARN) == 1


def test_no_limits() -> None:
    guard = FloodGuard(burst=0, per_minute=0)
    assert {guard.judge("anna", next(IDS)) for _ in range(1000)} == {Verdict.PASS}


def test_what_was_not_taken_does_not_count() -> None:
    guard = FloodGuard(burst=3, per_minute=0, now=Time())
    for _ in range(50):
        event = next(IDS)
        assert guard.judge("anna", event) is Verdict.PASS
        guard.give_back("anna", event)
    guard.give_back("nobody", "1")


def test_what_waited_for_the_program_is_no_flood() -> None:
    """Forty messages of two hours, delivered at once when the program is back."""
    time = Time()
    time.now = 7_200.0
    guard = FloodGuard(burst=20, per_minute=60, now=time)
    backlog = [guard.judge("anna", next(IDS), at=number * 180.0) for number in range(40)]
    assert set(backlog) == {Verdict.PASS}
    at_once = [guard.judge("marco", next(IDS), at=600.0) for _ in range(40)]
    assert at_once.count(Verdict.PASS) == 20, "what was a flood when it was sent is one"
    assert guard.judge("marco", next(IDS)) is Verdict.PASS


def test_what_is_delivered_again_counts_once() -> None:
    guard = FloodGuard(burst=3, per_minute=0, now=Time())
    first = next(IDS)
    assert {guard.judge("anna", first) for _ in range(50)} == {Verdict.PASS}
    assert [guard.judge("anna", next(IDS)) for _ in range(3)] == [Verdict.PASS, Verdict.PASS, Verdict.WARN]


def test_the_quiet_are_forgotten() -> None:
    time = Time()
    guard = FloodGuard(burst=20, per_minute=60, now=time)
    for number in range(flood.REMEMBERED):
        guard.judge(number, next(IDS))
    time.now = 61.0
    guard.judge("one more", next(IDS))
    assert len(guard._accounts) == 1


@given(st.lists(st.floats(0, 5), max_size=300))
def test_no_ten_seconds_hold_more_than_the_burst(pauses: list[float]) -> None:
    time = Time()
    guard = FloodGuard(burst=5, per_minute=12, now=time)
    passed = []
    for pause in pauses:
        time.now += pause
        if guard.judge("anna", next(IDS)) is Verdict.PASS:
            passed.append(time.now)
    for at in passed:
        assert sum(1 for other in passed if at - 10 < other <= at) <= 5
        assert sum(1 for other in passed if at - 60 < other <= at) <= 12
