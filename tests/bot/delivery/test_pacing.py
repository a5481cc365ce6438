"""How fast a token sends, by a clock that the test moves."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from bot.delivery import pacing
from bot.delivery.pacing import Pacer
from bot.platforms.base import Pace, Scope

TELEGRAM = Pace(per_second=30, chat_seconds=1.0, group_per_minute=20, in_flight=8)


@dataclass
class Monotonic:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def now() -> Monotonic:
    return Monotonic()


@pytest.fixture
def pacer(now: Monotonic) -> Pacer:
    return Pacer(TELEGRAM, now=now)


def send(pacer: Pacer, now: Monotonic, chat: str, *, group: bool = False, reply: bool = False) -> float:
    """Send as soon as it may be; when that was."""
    while (wait := pacer.wait(chat, group=group, reply=reply)) > 0:
        now.seconds += wait
    call = pacer.take(chat, group=group)
    pacer.done(call)
    return now.seconds


def test_the_first_message_goes_at_once(pacer: Pacer) -> None:
    assert pacer.wait("a", group=False) == 0
    assert pacer.wait_for_token() == 0


def test_never_more_than_thirty_in_any_second(pacer: Pacer, now: Monotonic) -> None:
    sent = [send(pacer, now, f"chat {number}") for number in range(200)]
    for first, thirty_first in zip(sent, sent[30:], strict=False):
        assert thirty_first - first >= 1.0 - 1e-9
    assert sent[-1] - sent[0] == pytest.approx(199 / 30, abs=pacing.CATCH_UP + 0.05)


def test_one_a_second_in_a_chat_and_others_flow(pacer: Pacer, now: Monotonic) -> None:
    first = send(pacer, now, "a")
    assert send(pacer, now, "b") - first < 0.1
    assert send(pacer, now, "a") - first == pytest.approx(1.0, rel=0.01)


def test_twenty_a_minute_in_a_group(pacer: Pacer, now: Monotonic) -> None:
    sent = [send(pacer, now, "-100", group=True) for _ in range(65)]
    for first, twenty_first in zip(sent, sent[20:], strict=False):
        assert twenty_first - first >= 60.0 - 1e-9


def test_who_taps_three_times_in_a_second_sees_three_answers(pacer: Pacer, now: Monotonic) -> None:
    sent = [send(pacer, now, "a", reply=True) for _ in range(5)]
    assert sent[2] - sent[0] < 0.2
    assert sent[4] - sent[0] == pytest.approx(2.0, abs=0.1)


def test_the_burst_is_for_replies_alone(pacer: Pacer, now: Monotonic) -> None:
    send(pacer, now, "a", reply=True)
    assert pacer.wait("a", group=False) > 0.9
    send(pacer, now, "-1", group=True)
    assert pacer.wait("-1", group=True, reply=True) > 0.9


def test_a_wait_for_a_chat_stops_that_chat_to_the_second(pacer: Pacer, now: Monotonic) -> None:
    pacer.block("a", 7.0, group=False, scope=Scope.CHAT)
    assert pacer.wait("a", group=False, reply=True) == pytest.approx(7.0)
    assert pacer.wait("b", group=False) == 0
    assert pacer.wait_for_token() == 0
    now.seconds += 6.99
    assert pacer.wait("a", group=False) > 0
    now.seconds += 0.02
    assert pacer.wait("a", group=False) == 0


def test_a_wait_for_the_token_stops_all(pacer: Pacer, now: Monotonic) -> None:
    pacer.block("a", 3.0, group=False, scope=Scope.TOKEN)
    assert pacer.wait_for_token() == pytest.approx(3.0)
    assert pacer.wait("b", group=False, reply=True) == pytest.approx(3.0)
    now.seconds += 3.0
    assert pacer.wait("b", group=False) == 0


def test_a_shorter_wait_does_not_cut_a_longer_one(pacer: Pacer, now: Monotonic) -> None:
    pacer.block("a", 10.0, group=False, scope=Scope.CHAT)
    pacer.block("a", 1.0, group=False, scope=Scope.CHAT)
    pacer.block("a", 9.0, group=False, scope=Scope.TOKEN)
    pacer.block("a", 1.0, group=False, scope=Scope.TOKEN)
    assert pacer.wait("a", group=False) == pytest.approx(10.0)
    assert pacer.wait_for_token() == pytest.approx(9.0)


def test_without_limits_nothing_waits(now: Monotonic) -> None:
    pacer = Pacer(Pace(per_second=0, chat_seconds=0, group_per_minute=0, in_flight=1), now=now)
    for _ in range(100):
        assert pacer.wait("-1", group=True) == 0
        pacer.take("-1", group=True)
    assert pacer.wait_for_token() == 0


def test_idle_chats_are_forgotten_and_blocked_ones_are_not(pacer: Pacer, now: Monotonic) -> None:
    pacer.block("blocked", 100_000.0, group=False, scope=Scope.CHAT)
    for number in range(pacing.FORGET_AT + 1):
        pacer.take(f"chat {number}", group=False)
    now.seconds += 1000 + pacing.FORGET_AFTER
    pacer.take("one more", group=False)
    assert len(pacer._chats) < 10
    assert pacer.wait("blocked", group=False) > 90_000


def test_while_this_process_is_slow_the_best_latency_is_remembered(pacer: Pacer, now: Monotonic) -> None:
    """What is late then was perhaps counted late, and not on its way back."""

    def answered_after(latency: float) -> float | None:
        call = pacer.take("a", group=False)
        now.seconds += latency
        pacer.done(call)
        return None if call.counted_at is None else call.counted_at - call.began

    for _ in range(pacing.KNOWN_FROM):
        answered_after(0.01)
    assert [answered_after(0.1) for _ in range(400)] == [pytest.approx(0.09)] * 400
    now.seconds += pacing.BEST_OF_SECONDS
    answered_after(0.1)
    now.seconds += pacing.BEST_OF_SECONDS
    answered_after(0.1)
    assert answered_after(0.1) == pytest.approx(0.0)  # and forgotten some day: the way may have become longer


async def test_an_edit_that_waits_for_its_limit_holds_up_no_message() -> None:
    pacer = Pacer(replace(TELEGRAM, chat_seconds=0, edits_per_minute=1))
    await pacer.turn("a", group=False, edit=True)
    waiting = asyncio.create_task(pacer.turn("b", group=False, edit=True))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        await pacer.turn("c", group=False)
    assert not waiting.done()
    waiting.cancel()


async def test_who_stands_in_line_goes_in_order_and_a_reply_goes_first() -> None:
    pacer = Pacer(replace(TELEGRAM, per_second=20))
    went: list[str] = []

    async def go(chat: str, *, reply: bool = False) -> None:
        pacer.done(await pacer.turn(chat, group=False, reply=reply))
        went.append(chat)

    queued = [f"chat {number}" for number in range(30)]
    tasks = [asyncio.create_task(go(chat)) for chat in queued]
    await asyncio.sleep(0.2)
    tasks.append(asyncio.create_task(go("reply", reply=True)))
    await asyncio.gather(*tasks)
    assert [chat for chat in went if chat != "reply"] == queued
    assert went.index("reply") < 15
