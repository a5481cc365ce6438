"""What goes first, and what becomes one."""

import asyncio
import random

from handlers.conversation.context import Channel
from storage.enums import OutboxState, Platform, Priority
from tests.bot.delivery.program import Program
from tests.bot.delivery.test_telegram_faults import post
from tests.standins.telegram import RateLimits


async def test_order_in_each_chat_under_load(sqlite_url: str) -> None:
    """Queued messages and replies to many chats at once, with trouble at the server."""
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        chance = random.Random(7)
        chats = [program.started(f"Persona {number}") for number in range(12)]
        program.t.latency = 0.005
        for _ in range(12):
            program.t.fail_next("sendMessage", status=500, chat=int(chance.choice(chats)))
        for chat in chance.sample(chats, 4):
            program.t.fail_next("sendMessage", status=429, retry_after=1, chat=int(chat))
        ids: list[int] = []
        for number in range(8):
            ids += await program.queue(*(program.message(chat, f"queued {number}") for chat in chats))
            for chat in chats:
                ids += await program.reply(chat, f"reply {number}a", f"reply {number}b")
            await asyncio.sleep(0.02)
        await program.all_sent(ids, seconds=30)
        for chat in chats:
            texts = program.texts(chat)
            queued = [text for text in texts if text.startswith("queued")]
            replies = [text for text in texts if text.startswith("reply")]
            assert queued == [f"queued {number}" for number in range(8)]
            assert replies == [f"reply {number}{part}" for number in range(8) for part in "ab"]
        assert program.t.faults.early_retries == []
        assert program.t.violations == []


async def test_a_reply_overtakes_an_announcement(sqlite_url: str) -> None:
    async with Program.open(sqlite_url, Platform.TELEGRAM, telegram_per_second=10) as program:
        chats = [program.started(f"Persona {number}") for number in range(30)]
        await program.queue(
            *(program.message(chat, "news", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats)
        )
        await program.until(lambda: program.t.counts["sendmessage"] >= 3)
        ids = await program.reply(chats[-1], "your answer")
        await program.all_sent(ids, seconds=1.0)
        assert program.t.counts["sendmessage"] < 20
        assert program.texts(chats[-1]) == ["your answer"]


async def test_a_reminder_overtakes_an_announcement(sqlite_url: str) -> None:
    async with Program.open(sqlite_url, Platform.TELEGRAM, telegram_per_second=10) as program:
        chats = [program.started(f"Persona {number}") for number in range(30)]
        await program.queue(
            *(program.message(chat, "news", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats)
        )
        await program.until(lambda: program.t.counts["sendmessage"] >= 3)
        ids = await program.queue(program.message(chats[-1], "it begins"))
        await program.all_sent(ids, seconds=1.5)
        assert program.texts(chats[-1]) == ["it begins"]


async def test_the_pace_is_held(sqlite_url: str) -> None:
    """Against a server that counts: nothing is refused."""
    async with Program.open(
        sqlite_url, Platform.TELEGRAM, telegram_per_second=30, telegram_chat_seconds=1.0
    ) as program:
        chats = [program.started(f"Persona {number}") for number in range(45)]
        ids = await program.queue(*(program.message(chat, "ciao") for chat in chats))
        ids += await program.queue(*(program.message(chat, "ancora") for chat in chats[:10]))
        await program.all_sent(ids, seconds=15)
        sent = sorted(at for chat in chats for at in program.sent_at(chat))
        for first, later in zip(sent, sent[33:], strict=False):
            assert later - first >= 1.0
        for chat in chats[:10]:
            first, second = program.sent_at(chat)
            assert second - first >= 0.9


async def test_a_server_that_counts_exactly_refuses_nothing(sqlite_url: str) -> None:
    """Announcements, reminders in a group, and answers to people who get announcements at the same time."""
    async with Program.open(
        sqlite_url,
        Platform.TELEGRAM,
        telegram_per_second=30,
        telegram_chat_seconds=1.0,
        telegram_group_per_minute=20,
    ) as program:
        limits = RateLimits(tolerance=0.0)
        program.t.limits = program.t._messages.limits = limits
        chats = [program.started(f"Persona {number}") for number in range(110)]
        group = program.t.group("Comunità")
        group.add_bot(admin=True)
        ids = await program.queue(
            *(program.message(chat, "novità", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats),
            *(program.message(str(group.id), f"post {number}") for number in range(3)),
        )
        for chat in chats[:20]:
            ids += await program.reply(chat, "ecco", "e ancora")
            await asyncio.sleep(0.1)
        await program.all_sent(ids, seconds=25)
        assert limits.refused == 0
        assert all(program.texts(chat).count("novità") == 1 for chat in chats)


async def test_a_long_queue_for_one_chat_does_not_hold_up_the_others(sqlite_url: str) -> None:
    """More waits for a group at its limit than the sender looks ahead."""
    async with Program.open(sqlite_url, Platform.TELEGRAM, telegram_group_per_minute=20) as program:
        group = program.t.group("Comunità")
        group.add_bot(admin=True)
        await program.queue(*(program.message(str(group.id), f"post {number}") for number in range(260)))
        anna = program.started()
        ids = await program.queue(program.message(anna, "ciao"))
        await program.all_sent(ids, seconds=5)
        assert 1 <= len(program.texts(str(group.id))) <= 20, "the group's own pace is kept meanwhile"


async def test_ten_changes_while_the_chat_waits_are_one_edit(telegram: Program) -> None:
    group = telegram.t.group("Comunità")
    group.add_bot(admin=True)
    chat = str(group.id)
    event = await telegram.event("prima")
    telegram.app.community.channels.append(Channel(Platform.TELEGRAM, telegram.account(Platform.TELEGRAM), chat))
    await post(telegram, event, chat)
    telegram.t.fail_next("editMessageText", status=429, retry_after=2)
    for number in range(10):
        await telegram.renamed(event, f"titolo {number}")
        await asyncio.sleep(0.05)
    assert telegram.t.faults.injected == 1
    await telegram.until(lambda: "titolo 9" in telegram.texts(chat)[0])

    async def settled() -> bool:
        return (await telegram.states()).get(OutboxState.QUEUED, 0) == 0

    await telegram.until(settled)
    assert telegram.t.counts["editmessagetext"] == 1
    assert len(telegram.texts(chat)) == 1


async def test_a_change_while_an_edit_is_on_its_way_is_not_lost(telegram: Program) -> None:
    group = telegram.t.group("Comunità")
    group.add_bot(admin=True)
    event = await telegram.event("prima")
    await post(telegram, event, str(group.id))
    telegram.t.delay("editMessageText", 0.4, times=1)
    await telegram.renamed(event, "seconda")
    await asyncio.sleep(0.2)
    await telegram.renamed(event, "terza")
    await telegram.until(lambda: "terza" in telegram.texts(str(group.id))[0])
    assert len(await telegram.copies()) == 1


async def test_chats_that_wait_do_not_hold_up_the_others(sqlite_url: str) -> None:
    """Far more rows than are looked at wait behind some that were put back: after many crashes, for instance."""
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        groups = [program.t.group(f"Gruppo {number}") for number in range(3)]
        for group in groups:
            group.add_bot(admin=True)
            program.t.fail_next("sendMessage", status=429, retry_after=30, chat=group.id)
        stuck = [str(group.id) for group in groups]
        await program.queue(*(program.message(chat, "prima") for chat in stuck))
        await program.until(lambda: program.t.faults.injected == len(stuck))
        await program.queue(*(program.message(chat, f"{number}") for number in range(300) for chat in stuck))
        others = [program.started(f"Persona {number}") for number in range(20)]
        ids = await program.queue(
            *(program.message(chat, "novità", priority=Priority.ANNOUNCEMENT, again=False) for chat in others)
        )
        await program.all_sent(ids, seconds=8)
        assert [program.texts(chat) for chat in stuck] == [[]] * len(stuck)
