"""Erasing in the middle of a broadcast, several at once, and what the log says of it all."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from bot.logs import JsonFormatter, TextFormatter
from storage.enums import OutboxState, PersonStatus, Role
from storage.models import AuditEntry, OutboxMessage, Person
from tests.journeys.announcing import send, write
from tests.journeys.busy_life import NAME, WORDS, busy_life
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_my_data import erases
from tests.journeys.traces import traces


async def confirms(person: PersonDriver) -> None:
    """Come as far as the last question."""
    t = person.t
    await person.says("/mydata")
    await person.presses(t("Erase my data …"))
    await person.presses(t("Erase everything"))


async def test_a_broadcast_that_is_on_its_way_skips_the_erased(community: CommunityUnderTest) -> None:
    staff = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    sara = await community.member("Sara Bonavita")
    people = await community.crowd(6)
    await confirms(sara)
    t = staff.t
    await write(staff)
    await staff.presses(t("Preview"))
    await staff.presses(t("Go on"))
    await staff.presses(t.n("Send to {n} person", "Send to {n} people", 8))
    # Nothing has been queued yet, or everything: whichever comes first, she gets none of it.
    await sara.presses(t("Yes, erase for good"))
    await community.later(seconds=5)
    await community.later(minutes=2)
    assert [one.count("Sede chiusa") for one in people] == [1] * 6
    sara.sees_nothing_of("Sede chiusa")
    assert await traces(community.app.database, ["Sara Bonavita"]) == []


async def test_what_was_queued_for_the_erased_is_cancelled(web_community: CommunityUnderTest) -> None:
    staff = await web_community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    sara = await web_community.member("Sara Bonavita")
    await confirms(sara)
    await write(staff)
    await send(staff, 2)
    async with web_community.app.database.writing() as session:
        row = (
            await session.execute(
                select(OutboxMessage).where(
                    OutboxMessage.person_id == sara.id, OutboxMessage.announcement_id.is_not(None)
                )
            )
        ).scalar_one()
        # As if it had not been its turn yet.
        row.state, row.finished_at, row.due_at = OutboxState.HELD, None, row.due_at
        row_id = row.id
    await sara.presses(sara.t("Yes, erase for good"))
    async with web_community.app.database.reading() as session:
        row = await session.get_one(OutboxMessage, row_id)
        assert (row.state, row.chat, row.data, row.message_id) == (OutboxState.CANCELLED, "", {}, "")


async def test_many_go_at_once(web_community: CommunityUnderTest) -> None:
    await web_community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    people = await web_community.crowd(12)
    for one in people:
        await confirms(one)
    await web_community.at_once(
        *(one.taps(one.t("Yes, erase for good")) for one in people),
        *(one.taps(one.t("Yes, erase for good")) for one in people),
    )
    async with web_community.app.database.reading() as session:
        erased = select(func.count()).where(Person.status == PersonStatus.ERASED)
        assert (await session.execute(erased)).scalar_one() == 12
        entries = select(func.count()).where(AuditEntry.action == "person.erase")
        assert (await session.execute(entries)).scalar_one() == 12


class Kept(logging.Handler):
    """Keeps every line as both formats write it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [TextFormatter().format(record), JsonFormatter().format(record)]


@pytest.fixture
def log() -> Iterator[Kept]:
    root, handler = logging.getLogger(), Kept()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


async def test_the_log_of_a_whole_life_names_nobody(community: CommunityUnderTest, log: Kept) -> None:
    life = await busy_life(community)
    await life.zenobia.says("/mydata")
    await erases(life.zenobia, life.zenobia.t("Erase me and my posts"))
    await community.later(days=1)
    logging.getLogger("bot.test").info("the log is on")
    written = "\n".join(log.lines)
    assert "the log is on" in written
    for words in (NAME, *NAME.split(), *WORDS, life.marco.name, life.owner.name):
        assert words not in written, words
