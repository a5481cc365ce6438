"""What came in is handled once, whatever became of the process that took it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.delivery import receiver as receiving
from bot.platforms.base import Raw
from handlers.conversation.event import Event, Outcome
from storage.engine import Database
from storage.enums import Platform
from storage.models import InboxEvent
from storage.queries import inbox, leases
from tests.bot.delivery.program import Program

DEAD = "0123456789abcdef"


async def left_behind(program: Program, *texts: str, tries: int = 1) -> list[int]:
    """Store messages of people as a process that has died since did."""
    ids: list[int] = []
    async with program.app.database.writing() as session:
        for number, text in enumerate(texts):
            user = program.t.user(f"Persona {number}", id=7000 + number)
            user.account.started = True
            payload = {
                "update_id": 900 + number,
                "message": {
                    "message_id": 1,
                    "date": 1522740000,
                    "chat": {"id": user.id, "type": "private", "first_name": user.first_name},
                    "from": {"id": user.id, "is_bot": False, "first_name": user.first_name, "language_code": "it"},
                    "text": text,
                },
            }
            new = await inbox.store(
                session,
                Platform.TELEGRAM,
                program.account(Platform.TELEGRAM),
                [(f"left-{number}", str(user.id), payload)],
                now=program.clock.now(),
                taken_by=DEAD,
            )
            ids += new.values()
        await session.execute(update(InboxEvent).where(InboxEvent.id.in_(ids)).values(tries=tries))
    return ids


async def stored(program: Program) -> list[InboxEvent]:
    async with program.app.database.reading() as session:
        return list((await session.execute(select(InboxEvent).order_by(InboxEvent.id))).scalars())


async def test_what_a_dead_process_left_is_handled(telegram: Program) -> None:
    await left_behind(telegram, "/start", "/start", "/start")
    await telegram.until(lambda: telegram.t.counts["sendmessage"] == 3)
    assert await telegram.open_events() == []
    assert {event.tries for event in await stored(telegram)} == {2}


async def test_what_another_living_process_has_is_left_to_it(telegram: Program) -> None:
    await telegram.app._caught_up.wait()
    async with telegram.app.database.writing() as session:
        await leases.take(session, leases.PROCESS + DEAD, DEAD, lasting=timedelta(minutes=5))
    await left_behind(telegram, "/start")
    await telegram.app.receiver.recover([telegram.app.claim, DEAD])
    assert len(await telegram.open_events()) == 1


async def test_whoever_was_interrupted_too_often_is_answered_once_the_program_is_steady(
    telegram: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that goes on and off costs nobody an answer, and what may be poison waits until all else is done."""
    await left_behind(telegram, "/start", tries=receiving.QUICK_TRIES)
    await telegram.app.receiver.recover([])
    assert len(await telegram.open_events()) == 1
    assert telegram.t.counts["sendmessage"] == 0
    monkeypatch.setattr(receiving, "STEADY_SECONDS", 0.0)
    await telegram.until(lambda: telegram.t.counts["sendmessage"] == 1)
    assert await telegram.open_events() == []


async def test_poison_is_given_up_and_whose_it_was_is_told(
    telegram: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(receiving, "STEADY_SECONDS", 0.0)
    ids = await left_behind(telegram, "poison", tries=receiving.MOST_TRIES)
    await telegram.until(lambda: telegram.t.counts["sendmessage"] == 1)
    (chat,) = [chat for chat in telegram.t.state.chats.values() if chat.id == 7000]
    assert "Qualcosa è andato storto" in list(chat.visible())[-1].text
    assert await telegram.open_events() == []
    assert [record.__dict__["row"] for record in caplog.records if "given up" in record.message] == ids


async def test_what_dies_of_the_apology_is_closed_without_a_word(
    telegram: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "STEADY_SECONDS", 0.0)
    await left_behind(telegram, "poison", tries=receiving.MOST_TRIES + 1)
    await telegram.app.receiver.recover([])
    assert await telegram.open_events() == []
    assert telegram.t.counts["sendmessage"] == 0


async def test_what_waits_behind_poison_is_not_given_up_with_it(
    telegram: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process dies of the first event; the others were never begun, and are handled in the end."""

    class Death(BaseException):
        """The end of the process."""

    handle = telegram.app.router.handle
    begun: list[str] = []

    async def deadly(event: Event, inbox_id: int | None = None) -> Outcome:
        begun.append(event.text or event.action)
        if event.text == "poison":
            raise Death
        return await handle(event, inbox_id=inbox_id)

    monkeypatch.setattr(telegram.app.router, "handle", deadly)
    telegram.app._stopping.set()  # no sweep of its own
    await asyncio.sleep(0.6)
    await left_behind(telegram, "poison", "/start", "/start")
    for _ in range(2):
        with pytest.raises(Death):
            await telegram.app.receiver.recover([])
    assert begun == ["poison", "poison"], "with the first delivery these are three deaths"
    await telegram.app.receiver.recover([])
    await telegram.until(lambda: telegram.t.counts["sendmessage"] == 2)
    assert begun == ["poison", "poison", "start", "start"]
    assert len(await telegram.open_events()) == 1, "it waits until the process has run for a while"


async def test_an_event_that_nobody_took_up_is_found(telegram: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform stored it and then failed to hand it over."""
    monkeypatch.setattr(receiving, "TAKEN_UP_WITHIN", 0.1)
    user = telegram.t.user()
    user.account.started = True
    payload = {
        "update_id": 55,
        "message": {
            "message_id": 1,
            "date": 1522740000,
            "chat": {"id": user.id, "type": "private", "first_name": "Anna"},
            "from": {"id": user.id, "is_bot": False, "first_name": "Anna", "language_code": "it"},
            "text": "/start",
        },
    }
    raw = Raw("55", payload, str(user.id))
    accepted = await telegram.app.receiver.store(Platform.TELEGRAM, telegram.account(Platform.TELEGRAM), [raw])
    assert len(accepted) == 1
    await telegram.t.wait_for(lambda: user.last, timeout=5)
    again = await telegram.app.receiver.store(Platform.TELEGRAM, telegram.account(Platform.TELEGRAM), [raw])
    assert again == []


async def test_a_redelivery_does_nothing(telegram: Program) -> None:
    user = telegram.t.user()
    user.starts()
    await telegram.t.wait_for(lambda: user.last)
    telegram.t.redeliver_last()
    await asyncio.sleep(0.5)
    assert len(user.messages) == 1


async def test_a_stop_in_the_middle_of_storing_lets_it_end(telegram: Program) -> None:
    raw = Raw("77", {"update_id": 77}, "1")
    storing = asyncio.ensure_future(
        telegram.app.receiver.store(Platform.TELEGRAM, telegram.account(Platform.TELEGRAM), [raw])
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    storing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await storing
    await telegram.app.receiver.drain()
    assert [event.event_id for event in await stored(telegram)] == ["77"]


@pytest.mark.parametrize(
    "words",
    ["a\x00b", "half a pair \ud83d", "\udc00 the other half", "whole 👩‍🔬", "\x00", "\\u0000"],
    ids=["nul", "high", "low", "emoji", "only nul", "escaped"],
)
async def test_any_text_can_be_stored(database: Database, words: str) -> None:
    """One update that cannot be stored would hold up all that come after it."""
    payload: dict[str, Any] = {"text": words, "entities": [{"url": words}], words: 1}
    async with database.writing() as session:
        new = await inbox.store(
            session,
            Platform.TELEGRAM,
            "1",
            [("1", "1", payload)],
            now=(await _now()),
            taken_by=DEAD,
        )
    async with database.reading() as session:
        row = await session.get_one(InboxEvent, new["1"])
    kept = words.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd").replace("\udc00", "\ufffd")
    assert row.payload["text"] == (words if words.startswith("whole") else kept)


async def _now() -> Any:
    from handlers.conversation.clock import SystemClock

    return SystemClock().now()
