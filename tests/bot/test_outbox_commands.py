"""`community-bot outbox`, as an operator types it, on both databases."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner, Result

from bot import metrics
from bot.cli import app
from bot.commands.outbox import report
from bot.delivery.results import DOUBT
from handlers.conversation.notify import CARD, SCREEN
from storage.engine import Database
from storage.enums import (
    PRIORITY_RANK,
    AnnouncementStatus,
    Locale,
    OutboxOp,
    OutboxState,
    PersonStatus,
    Platform,
    Priority,
    SubjectKind,
)
from storage.models import Account, Announcement, AuditEntry, CardCopy, OutboxMessage, Person
from storage.queries import outbox_care
from tests.bot.delivery.program import Program

Got = TypeVar("Got")
NAME = "Chiara Mezzabarbi"
SECRET_WORDS = "parole che nessuno deve leggere"
runner = CliRunner()


class Store:
    """A store with people and rows, and the commands before it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now = datetime.now(UTC)

    def run(self, *words: str, answer: str = "") -> Result:
        """Type `community-bot outbox …`."""
        return runner.invoke(
            app, ["outbox", *words], env={"COMMUNITY_BOT__DATABASE__URL": self.url, "COLUMNS": "200"}, input=answer
        )

    def json(self, *words: str) -> Any:
        """The same with `--json`."""
        made = self.run(*words, "--json")
        assert made.exit_code == 0, made.output
        return json.loads(made.stdout)

    def do(self, work: Callable[[AsyncSession], Awaitable[Got]]) -> Got:
        """Work in one writing transaction."""

        async def run() -> Got:
            database = Database(self.url)
            try:
                async with database.writing() as session:
                    return await work(session)
            finally:
                await database.close()

        return asyncio.run(run())

    def person(self, *, reachable: bool = True, also: Platform | None = None) -> int:
        """Somebody on Telegram, and perhaps on another platform too."""

        async def work(session: AsyncSession) -> int:
            person = Person(
                status=PersonStatus.MEMBER,
                name=NAME,
                locale=Locale.ITALIAN,
                notice_version="2018-04",
                notice_accepted_at=self.now,
                created_at=self.now,
            )
            session.add(person)
            await session.flush()
            for platform, is_reachable in ((Platform.TELEGRAM, reachable), (also, True)):
                if platform is not None:
                    user = f"{platform}-{person.id}"
                    session.add(
                        Account(
                            platform=platform, account="bot", user=user, chat=user, person_id=person.id,
                            reachable=is_reachable, last_acted_at=self.now,
                        )
                    )  # fmt: skip
            return person.id

        return self.do(work)

    def announcement(self, author: int, status: AnnouncementStatus) -> int:
        """An announcement that has come so far."""

        async def work(session: AsyncSession) -> int:
            row = Announcement(
                author_id=author, fallback=Locale.ITALIAN, status=status, created_at=self.now, finished_at=self.now
            )
            session.add(row)
            await session.flush()
            return row.id

        return self.do(work)

    def row(self, state: OutboxState, *, age: float = 60, due_in: float | None = None, **changes: Any) -> int:
        """A row of the outbox, written that many seconds ago and due then, or in so many seconds."""
        written = self.now - timedelta(seconds=age)
        values: dict[str, Any] = {
            "platform": Platform.TELEGRAM,
            "account": "bot",
            "chat": "telegram-1",
            "kind": "event.reminder",
            "data": {"words": SECRET_WORDS},
            "priority": Priority.REMINDER,
            "rank": PRIORITY_RANK[Priority.REMINDER],
            "state": state,
            "due_at": written if due_in is None else self.now + timedelta(seconds=due_in),
            "created_at": written,
        }

        async def work(session: AsyncSession) -> int:
            row = OutboxMessage(**(values | changes))
            session.add(row)
            await session.flush()
            return row.id

        return self.do(work)

    def read(self, row_id: int) -> OutboxMessage:
        """A row as it is now."""
        return self.do(lambda session: session.get_one(OutboxMessage, row_id))

    def states(self) -> dict[int, OutboxState]:
        """Every row's state."""

        async def work(session: AsyncSession) -> dict[int, OutboxState]:
            found = await session.execute(select(OutboxMessage.id, OutboxMessage.state))
            return {row_id: state for row_id, state in found}  # noqa: C416 - a Result is not a dict

        return self.do(work)

    def audit(self) -> list[AuditEntry]:
        """The audit log."""

        async def work(session: AsyncSession) -> list[AuditEntry]:
            return list((await session.execute(select(AuditEntry).order_by(AuditEntry.id))).scalars())

        return self.do(work)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The commands set up a log of their own, on a stream that is closed after each."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield Store(database_url)
    root.handlers[:] = handlers
    root.setLevel(level)


# Looking


def test_an_empty_outbox_says_so(store: Store) -> None:
    assert "Nothing waits" in store.run().output
    assert store.json("show")["tokens"] == []
    assert "No such row." in store.run("list").output


def test_the_standing_of_each_token(store: Store) -> None:
    for age in (60, 600):
        store.row(OutboxState.QUEUED, age=age)
    store.row(OutboxState.QUEUED, age=7200, due_in=3600)
    store.row(OutboxState.SENDING)
    store.row(OutboxState.HELD)
    store.row(OutboxState.UNCERTAIN)
    for reason in (
        "Forbidden: bot was blocked by the user",
        "Bad Request: [x] chat not found",
        "Bad Request: [x] chat not found",
    ):
        store.row(OutboxState.FAILED, failure=reason)
    store.row(OutboxState.SENT)
    store.row(OutboxState.QUEUED, age=30, platform=Platform.SLACK, account="T1")
    telegram, slack = sorted(store.json()["tokens"], key=lambda one: one["platform"], reverse=True)
    assert (telegram["platform"], telegram["account"]) == ("telegram", "bot")
    numbers = {key: telegram[key] for key in ("due", "later", "sending", "held", "uncertain")}
    assert numbers == {"due": 2, "later": 1, "sending": 1, "held": 1, "uncertain": 1}
    assert telegram["failed"] == {"Bad Request: [x] chat not found": 2, "Forbidden: bot was blocked by the user": 1}
    assert 600 <= telegram["late_seconds"] < 700
    assert 600 <= telegram["oldest_seconds"] < 700, "what is not due yet does not count"
    assert (slack["due"], slack["later"], slack["failed"]) == (1, 0, {})
    shown = store.run("show")
    assert shown.exit_code == 0
    for words in ("telegram", "slack", "10 min", "[x] chat not found"):
        assert words in shown.output


def test_a_list_names_ids_and_nobody(store: Store) -> None:
    person = store.person()
    old = store.row(OutboxState.FAILED, age=3 * 3600, person_id=person, failure="chat not found", kind="digest")
    new = store.row(OutboxState.FAILED, age=60, person_id=person)
    queued = store.row(OutboxState.QUEUED, age=60)
    slack = store.row(OutboxState.FAILED, age=60, platform=Platform.SLACK)
    listed = store.json("list", "--state", "failed")
    assert [one["id"] for one in listed["rows"]] == [old, new, slack]
    assert [one["id"] for one in store.json("list", "--older-than", "2h")["rows"]] == [old]
    assert [one["id"] for one in store.json("list", "--kind", "digest")["rows"]] == [old]
    assert [one["id"] for one in store.json("list", "--platform", "slack")["rows"]] == [slack]
    two = store.json("list", "--limit", "2")
    assert ([one["id"] for one in two["rows"]], two["in_all"]) == ([old, new], 4)
    first = listed["rows"][0]
    assert (first["person"], first["kind"], first["state"], first["reason"]) == (
        person, "digest", "failed", "chat not found",
    )  # fmt: skip
    assert 3 * 3600 <= first["age_seconds"] < 3 * 3600 + 60
    assert store.json("list", "--id", str(queued))["rows"][0]["late_seconds"] >= 60
    for output in (store.run("list").output, json.dumps(listed)):
        assert str(old) in output
        assert NAME not in output
        assert SECRET_WORDS not in output


@pytest.mark.parametrize("age", ["two hours", "2w", "-1h", "h"])
def test_an_age_is_a_number_with_a_unit(store: Store, age: str) -> None:
    refused = store.run("list", f"--older-than={age}")
    assert refused.exit_code == 2
    assert "like 2h" in refused.output


def test_without_a_store_it_makes_none(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    refused = store.run()
    assert refused.exit_code == 1
    assert "community-bot migrate" in refused.output
    assert not (tmp_path / "none.sqlite3").exists()


# Trying again


def test_retry_and_drop_want_a_filter(store: Store) -> None:
    failed = store.row(OutboxState.FAILED)
    for words in (["retry"], ["drop"], ["retry", "--yes"], ["drop", "--yes", "--limit", "1"]):
        refused = store.run(*words)
        assert refused.exit_code == 2
        assert "Say which rows" in refused.output
    assert store.states() == {failed: OutboxState.FAILED}


def test_retry_asks_first(store: Store) -> None:
    failed = store.row(OutboxState.FAILED, attempts=60, failure="given up", claim="x", finished_at=store.now)
    for answer in ("n\n", ""):
        refused = store.run("retry", "--state", "failed", answer=answer)
        assert refused.exit_code == 3
        assert "1 (1 failed)" in refused.output
        assert "Nothing was changed." in refused.output
    assert store.run("retry", "--state", "failed", "--dry-run").exit_code == 0
    assert store.states() == {failed: OutboxState.FAILED}
    assert store.audit() == []

    done = store.run("retry", "--state", "failed", "--reason", "Telegram was down", answer="y\n")
    assert done.exit_code == 0
    assert "Queued again: 1 (1 failed)." in done.output
    row = store.read(failed)
    assert (row.state, row.attempts, row.failure, row.claim, row.finished_at) == (OutboxState.QUEUED, 0, "", "", None)
    assert abs(row.due_at - datetime.now(UTC)) < timedelta(minutes=1)
    (entry,) = store.audit()
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("outbox.retry", SubjectKind.OUTBOX, failed)
    assert entry.by_person_id is None
    assert "Telegram was down" in entry.reason
    assert "state=failed" in entry.reason
    nothing = store.run("retry", "--state", "failed", "--yes")
    assert (nothing.exit_code, "To be tried again: 0." in nothing.output) == (0, True)


def test_uncertain_ones_are_tried_only_when_asked_for_and_with_a_warning(store: Store) -> None:
    uncertain = store.row(OutboxState.UNCERTAIN, kind="digest", policy_again=False)
    failed = store.row(OutboxState.FAILED, kind="digest")
    assert store.run("retry", "--kind", "digest", "--yes").exit_code == 0
    assert store.states() == {uncertain: OutboxState.UNCERTAIN, failed: OutboxState.QUEUED}
    done = store.run("retry", "--state", "uncertain", "--yes")
    assert "may get them twice" in done.output
    row = store.read(uncertain)
    assert (row.state, row.failure) == (OutboxState.QUEUED, DOUBT), "a sender that can looks for it first"


def test_what_is_not_worth_it_is_left_out_and_counted(store: Store) -> None:
    person = store.person()
    gone = store.person(reachable=False)
    chat = f"telegram-{gone}"
    stopped, paused, over, draft = (
        store.announcement(person, status)
        for status in (
            AnnouncementStatus.STOPPED, AnnouncementStatus.PAUSED, AnnouncementStatus.DONE, AnnouncementStatus.DRAFT,
        )
    )  # fmt: skip
    rows = {
        "stopped": store.row(OutboxState.FAILED, announcement_id=stopped),
        "draft": store.row(OutboxState.FAILED, announcement_id=draft),
        "expired": store.row(OutboxState.FAILED, expires_at=store.now - timedelta(seconds=1)),
        "unreachable": store.row(OutboxState.FAILED, person_id=gone, chat=chat),
        "paused": store.row(OutboxState.FAILED, announcement_id=paused),
        "over": store.row(OutboxState.FAILED, announcement_id=over),
        "plain": store.row(OutboxState.FAILED, expires_at=store.now + timedelta(hours=1)),
    }
    planned = store.run("retry", "--state", "failed", "--dry-run")
    done = store.run("retry", "--state", "failed", "--yes")
    for output in (planned.output, done.output):
        assert "To be tried again: 3 (3 failed)." in output
        assert "2 left out: of stopped announcements." in output
        assert "1 left out: expired: too late to be useful." in output
        assert "1 left out: whose person cannot be reached now." in output
        assert "1 wait until their paused announcement goes on." in output
    states = store.states()
    assert {name: states[row] for name, row in rows.items()} == {
        "stopped": OutboxState.FAILED,
        "draft": OutboxState.FAILED,
        "expired": OutboxState.FAILED,
        "unreachable": OutboxState.FAILED,
        "paused": OutboxState.HELD,
        "over": OutboxState.QUEUED,
        "plain": OutboxState.QUEUED,
    }
    reopened = store.do(lambda session: session.get_one(Announcement, over))
    assert (reopened.status, reopened.finished_at) == (AnnouncementStatus.SENDING, None)
    still = store.do(lambda session: session.get_one(Announcement, paused))
    assert still.status is AnnouncementStatus.PAUSED


def test_a_notice_goes_to_where_its_person_is_reached_now_and_a_reply_does_not(store: Store) -> None:
    person = store.person(reachable=False, also=Platform.SLACK)
    chat = f"telegram-{person}"
    notice = store.row(OutboxState.FAILED, person_id=person, chat=chat)
    reply = store.row(OutboxState.FAILED, person_id=person, chat=chat, kind=SCREEN)
    store.run("retry", "--state", "failed", "--yes")
    row = store.read(notice)
    assert (row.platform, row.chat, row.state) == (Platform.SLACK, f"slack-{person}", OutboxState.QUEUED)
    assert store.read(reply).state is OutboxState.FAILED


def test_an_edit_of_a_card_takes_the_one_place_of_its_copy(store: Store) -> None:
    async def post(session: AsyncSession) -> int:
        copy = CardCopy(
            card="event:1", platform=Platform.TELEGRAM, account="bot", chat="-100", message_id="7", posted_at=store.now
        )
        session.add(copy)
        await session.flush()
        return copy.id

    copy = store.do(post)
    edit: dict[str, Any] = {"kind": CARD, "card": "event:1", "op": OutboxOp.EDIT, "chat": "-100", "target": "7"}
    first, second = (store.row(OutboxState.FAILED, **edit) for _ in range(2))
    gone = store.row(OutboxState.FAILED, **(edit | {"target": "8"}))
    done = store.run("retry", "--kind", CARD, "--yes")
    assert "To be tried again: 1 (1 failed)." in done.output
    assert "2 left out: edits that a newer one replaces" in done.output
    assert store.read(first).dedup_key == f"edit:{copy}"
    assert {store.read(one).state for one in (second, gone)} == {OutboxState.FAILED}

    assert store.run("drop", "--id", str(first), "--yes").exit_code == 0
    assert store.read(first).dedup_key is None, "the next change of the card must find its place free"


def test_queued_rows_are_hurried_only_when_they_were_tried_before(store: Store) -> None:
    backing_off = store.row(OutboxState.QUEUED, due_in=300, attempts=8, claimed_at=store.now)
    scheduled = store.row(OutboxState.QUEUED, due_in=300)
    done = store.run("retry", "--state", "queued", "--yes")
    assert "1 left out: queued and not tried yet." in done.output
    assert store.read(backing_off).due_at <= datetime.now(UTC)
    assert store.read(scheduled).due_at > datetime.now(UTC)


def test_what_was_sent_or_is_being_sent_cannot_be_asked_for(store: Store) -> None:
    rows = {store.row(state): state for state in (OutboxState.SENDING, OutboxState.SENT, OutboxState.CANCELLED)}
    for command in ("retry", "drop"):
        for state in rows.values():
            refused = store.run(command, "--state", state.value, "--yes")
            assert refused.exit_code == 2
            assert "This is only for" in refused.output
        assert store.run(command, "--platform", "telegram", "--yes").exit_code == 0
    assert store.states() == rows


async def test_it_works_beside_a_running_bot(store: Store) -> None:
    """Given up by Telegram, tried again from the command line, delivered by the bot that runs; what is late is not."""
    async with Program.open(store.url, Platform.TELEGRAM) as program:
        anna, marco = program.started("Anna"), program.started("Marco")
        program.t.fail_next("sendMessage", status=400, chat=int(anna))
        refused, dropped = await program.queue(
            program.message(anna, "ciao Anna"),
            program.message(marco, "ciao Marco", due=program.clock.now() + timedelta(hours=1)),
        )
        await program.came_to(refused, OutboxState.FAILED)
        shown = await asyncio.to_thread(store.json)
        assert sum(shown["tokens"][0]["failed"].values()) == 1
        done = await asyncio.to_thread(store.run, "retry", "--state", "failed", "--yes")
        assert done.exit_code == 0, done.output
        await program.all_sent([refused])
        assert program.texts(anna) == ["ciao Anna"]
        assert (await asyncio.to_thread(store.run, "drop", "--id", str(dropped), "--yes")).exit_code == 0
        assert (await program.row(dropped)).state is OutboxState.CANCELLED
        assert program.texts(marco) == []


# Giving up


def test_drop_gives_up_what_waits_or_failed_and_keeps_its_key(store: Store) -> None:
    waits = store.row(OutboxState.QUEUED, age=7200, dedup_key="reminder:1")
    others = [store.row(state, age=7200) for state in (OutboxState.HELD, OutboxState.FAILED, OutboxState.UNCERTAIN)]
    fresh = store.row(OutboxState.QUEUED, age=60)
    sending = store.row(OutboxState.SENDING, age=7200)
    assert store.run("drop", "--older-than", "1h", answer="n\n").exit_code == 3
    done = store.run("drop", "--older-than", "1h", "--yes", "--reason", "wrong text")
    assert "Dropped: 4 (1 failed, 1 held, 1 queued, 1 uncertain)." in done.output
    states = store.states()
    assert {states[one] for one in (waits, *others)} == {OutboxState.CANCELLED}
    assert (states[fresh], states[sending]) == (OutboxState.QUEUED, OutboxState.SENDING)
    row = store.read(waits)
    assert row.dedup_key == "reminder:1", "what was given up is not queued anew"
    assert row.finished_at is not None
    (entry,) = store.audit()
    assert entry.action == "outbox.drop"
    assert "4 rows" in entry.reason


def test_a_limit_takes_the_oldest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "BATCH", 2)
    rows = [store.row(OutboxState.FAILED) for _ in range(7)]
    assert "To be tried again: 5" in store.run("retry", "--state", "failed", "--limit", "5", "--dry-run").output
    assert "Queued again: 5" in store.run("retry", "--state", "failed", "--limit", "5", "--yes").output
    states = store.states()
    assert [states[one] for one in rows] == [OutboxState.QUEUED] * 5 + [OutboxState.FAILED] * 2
    assert len(store.audit()) == 3, "each batch is written down with what it changed"
    assert "Dropped: 3" in store.run("drop", "--state", "queued", "--limit", "3", "--yes").output


def test_what_a_sender_took_between_the_look_and_the_change_is_left_to_it(store: Store) -> None:
    queued = store.row(OutboxState.QUEUED)
    failed = store.row(OutboxState.FAILED)

    async def work(session: AsyncSession) -> tuple[dict[int, OutboxState], outbox_care.Retried]:
        found = await outbox_care.rows(session, outbox_care.Selection(), most=10)
        await session.execute(update(OutboxMessage).values(state=OutboxState.SENDING, claim="somebody"))
        dropped = await outbox_care.drop(session, found, now=store.now)
        retried = await outbox_care.retry(session, found, now=store.now, bound=(), card=CARD, in_doubt=DOUBT)
        return dropped, retried

    dropped, retried = store.do(work)
    assert dropped == {}
    assert retried.ids == []
    assert store.states() == {queued: OutboxState.SENDING, failed: OutboxState.SENDING}


# What is measured


async def test_the_gauges_of_a_platform(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.writing() as session:
        for state, late, rank in (
            (OutboxState.QUEUED, 90, 2),
            (OutboxState.QUEUED, 30, 0),
            (OutboxState.QUEUED, -60, 1),
            (OutboxState.FAILED, 900, 1),
            (OutboxState.SENT, 900, 1),
        ):
            session.add(
                OutboxMessage(
                    platform=Platform.SLACK, account="T1", chat="D1", kind="digest", data={}, state=state, rank=rank,
                    priority=Priority.REMINDER, due_at=now - timedelta(seconds=late), created_at=now,
                )
            )  # fmt: skip
    async with database.reading() as session:
        slack = await outbox_care.gauge(session, Platform.SLACK, "T1")
        nothing = await outbox_care.gauge(session, Platform.TELEGRAM, "bot")
    metrics.show_outbox(Platform.SLACK, slack, now)
    metrics.show_outbox(Platform.TELEGRAM, nothing, now)

    def sample(name: str, **labels: str) -> float | None:
        return metrics.METRICS.get_sample_value(name, labels)

    assert sample("bot_outbox_rows", platform="slack", state="queued") == 3
    assert sample("bot_outbox_rows", platform="slack", state="failed") == 1
    assert sample("bot_outbox_rows", platform="slack", state="held") == 0
    assert sample("bot_outbox_overdue_seconds", platform="slack") == 90
    assert sample("bot_outbox_rows", platform="telegram", state="queued") == 0
    assert sample("bot_outbox_overdue_seconds", platform="telegram") == 0
