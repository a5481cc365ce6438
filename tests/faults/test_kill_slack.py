"""Kill -9 while people join, answer and are written to, on Slack in Socket Mode: nothing is there twice."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from handlers.conversation.texts import texts_for
from storage.enums import Answer, Locale, OutboxState, PersonStatus, Platform
from tests.faults.bot_process import BotProcess
from tests.faults.nursery import Nursery
from tests.faults.telegram_people import PATIENCE_SECONDS
from tests.faults.telegram_run import SETTLE_SECONDS
from tests.faults.town import CODE, CODE_KEY, Town, opened
from tests.standins.slack import TEAM_ID, Delivery, Person, SlackServer

KILLS = 5
SEED = 20180403
LIFE_SECONDS = (0.0, 3.5)
"""From the first call of a process to its end: some are killed before they have begun, some in the midst of work."""
t = texts_for(Locale.ITALIAN)


def settings(server: SlackServer, database_url: str) -> dict[str, str]:
    return {
        "DATABASE__URL": database_url,
        "SECURITY__CODE_KEY": CODE_KEY,
        "LIMITS__EVENTS_IN_TEN_SECONDS": "0",
        "LIMITS__EVENTS_IN_A_MINUTE": "0",
        "SLACK__BOT_TOKEN": server.bot_token,
        "SLACK__APP_TOKEN": server.app_token,
        "SLACK__API_BASE_URL": server.api_base_url,
        "WEB__PORT": "0",
        "DELIVERY__LEASE_SECONDS": "1",
        "DELIVERY__SLACK_PER_SECOND": "0",
        "DELIVERY__SLACK_CHAT_SECONDS": "0",
        "DELIVERY__SLACK_EDITS_PER_MINUTE": "0",
    }


def called_again(server: SlackServer, before: int) -> bool:
    return server.count("auth.test") > before


async def insists(act: Callable[[], Awaitable[Delivery | None]]) -> None:
    """Do something again until Slack does not say that it did not work."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            delivery = await act()
            if delivery is not None and delivery.acked:
                return
            await asyncio.sleep(0.3)


async def waits(server: SlackServer, seen: Callable[[], bool]) -> None:
    await server.wait_for(seen, timeout=PATIENCE_SECONDS)


def offers(person: Person, label: str) -> bool:
    return any(label == one for message in person.messages for one in message.labels)


async def joins(server: SlackServer, person: Person, name: str) -> None:
    """With an invitation; a window that does not open is asked for again, as people do."""
    await insists(lambda: person.runs("/cluster", f"start {CODE}"))
    await waits(server, lambda: offers(person, "Italiano"))
    await insists(lambda: person.presses("Italiano"))
    agree = t("I agree, let's go")
    await waits(server, lambda: offers(person, agree))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while person.modal is None or t("First and last name") not in person.modal.fields:
            if person.modal is not None:
                await person.closes_modal()
            await insists(lambda: person.presses(agree))
            try:
                await server.wait_for(
                    lambda: person.modal is not None and t("First and last name") in person.modal.fields, timeout=4
                )
            except AssertionError:
                continue
    await person.fills({t("First and last name"): name, t("Your role there"): "Ricerca"})
    await insists(person.submits)
    welcome = t("Welcome to {community}!", community="Cluster Lombardo Scienze della Vita")
    await waits(server, lambda: any(welcome in message.seen for message in person.messages))


async def answers(
    server: SlackServer, town: Town, person: Person, over: asyncio.Event, chance: random.Random
) -> Answer:
    """Change one's mind about an event until it is over."""
    await insists(lambda: person.runs("/cluster", "eventi"))
    await waits(server, lambda: any("Tavola rotonda" in one.seen for one in person.messages))
    listed = next(one for one in person.messages if "Tavola rotonda" in one.seen)
    given = Answer.MAYBE
    while not over.is_set():
        given = chance.choice([one for one in (Answer.GOING, Answer.MAYBE, Answer.CANT) if one is not given])
        action = f"event.rsvp:{town.event_id}:{given}"
        await insists(partial(person.sends_action, action, listed))
        await town.has_answered(person.id, given, PATIENCE_SECONDS)
        await asyncio.sleep(chance.uniform(0.1, 0.5))
    return given


async def test_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path, nursery: Nursery) -> None:
    database_url = f"sqlite:///{tmp_path}/community.sqlite3"
    chance = random.Random(SEED)
    async with SlackServer(time_scale=0.05) as server, opened(database_url) as database:
        server.expects_unacked()
        server.faults.latency = 0.02
        people = [server.user(f"Persona {number}") for number in range(6)]
        town = await Town.found(database, Platform.SLACK, TEAM_ID, {one.id: one.name for one in people})
        newcomers = {server.user(f"Nuova {number}"): f"Nuova Arrivata {chr(65 + number)}" for number in range(2)}
        process = BotProcess(tmp_path, settings(server, database_url), nursery)
        over = asyncio.Event()
        said: list[tuple[Person, str]] = []
        queued: list[tuple[Person, str]] = []

        async def talks(person: Person) -> None:
            while not over.is_set():
                word = f"qx{person.id}n{len(said)}"
                await person.says(f"/{word}")
                said.append((person, word))
                await asyncio.sleep(chance.uniform(0.3, 0.9))

        async def goes_out() -> None:
            while not over.is_set():
                person, text = chance.choice(people[4:]), f"avviso numero {len(queued)}."
                await town.queue([person.id], text, again=len(queued) % 2 == 0)
                queued.append((person, text))
                await asyncio.sleep(chance.uniform(0.1, 0.4))

        try:
            async with asyncio.TaskGroup() as group:
                for person in people[:2]:
                    group.create_task(talks(person))
                answering = [group.create_task(answers(server, town, person, over, chance)) for person in people[2:4]]
                joining = [group.create_task(joins(server, one, name)) for one, name in newcomers.items()]
                group.create_task(goes_out())
                for _ in range(KILLS):
                    connected = server.count("auth.test")
                    await process.start()
                    await server.wait_for(partial(called_again, server, connected), timeout=40)
                    await asyncio.sleep(chance.uniform(*LIFE_SECONDS))
                    await process.kill()
                await process.start(ready=True)
                await asyncio.gather(*joining)
                over.set()
            await town.settled(SETTLE_SECONDS)
            status, seconds = await process.stop()
            assert (status, seconds < 10) == (0, True), process.tail()
        finally:
            over.set()
            await process.end()

        for newcomer, name in newcomers.items():
            profile = await town.profile(newcomer.id)
            assert profile is not None
            assert (profile.status, profile.name) == (PersonStatus.MEMBER, name)
        assert await town.invitations_used() == len(newcomers)
        for visitor, task in zip(people[2:4], answering, strict=True):
            assert await town.answer_of(visitor.id) is task.result()
        for person, word in said:
            found = re.compile(rf"\b{word}\b")
            assert sum(bool(found.search(message.seen)) for message in person.messages) == 1, word
        for person, text in queued:
            assert Counter(message.seen for message in person.messages)[text] == 1, text
        assert (await town.states()).keys() <= {OutboxState.SENT, OutboxState.SKIPPED}, "edits of one card are one edit"
        assert server.violations == []
