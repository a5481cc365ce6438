"""`community-bot privacy`, as an operator types it, on both databases."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner, Result

from bot.cli import app
from handlers.privacy.processing_record import GROUNDS
from storage.engine import Database
from storage.enums import CodeUse, Locale, PersonStatus, Platform, Role
from storage.models import Account, AuditEntry, Base, CodeAttempt, Person, PersonRole
from storage.personal.terms import Chapter
from tests.journeys.traces import traces

Got = TypeVar("Got")
NAME = "Chiara Mezzabarbi"


class Store:
    """A store, and the commands before it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now = datetime.now(UTC)

    def run(self, *words: str, answer: str = "") -> Result:
        return CliRunner().invoke(
            app, ["privacy", *words], env={"COMMUNITY_BOT__DATABASE__URL": self.url, "COLUMNS": "200"}, input=answer
        )

    def do(self, work: Callable[[Database], Awaitable[Got]]) -> Got:
        async def run() -> Got:
            database = Database(self.url)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(run())

    def write(self, work: Callable[[AsyncSession], Awaitable[Got]]) -> Got:
        async def run(database: Database) -> Got:
            async with database.writing() as session:
                return await work(session)

        return self.do(run)

    def person(self, *roles: Role) -> int:
        async def work(session: AsyncSession) -> int:
            person = Person(
                status=PersonStatus.MEMBER, name=NAME, locale=Locale.ITALIAN, notice_version="2018-04",
                notice_accepted_at=self.now, created_at=self.now,
            )  # fmt: skip
            session.add(person)
            await session.flush()
            session.add(
                Account(
                    platform=Platform.TELEGRAM, account="bot", user="4711", chat="4711", person_id=person.id,
                    last_acted_at=self.now,
                )
            )  # fmt: skip
            session.add_all(PersonRole(person_id=person.id, role=role, granted_at=self.now) for role in roles)
            return person.id

        return self.write(work)

    def audit(self) -> list[tuple[str, int | None, int, str]]:
        async def work(session: AsyncSession) -> list[tuple[str, int | None, int, str]]:
            rows = (await session.execute(select(AuditEntry).order_by(AuditEntry.id))).scalars()
            return [(one.action, one.by_person_id, one.subject_id, one.reason) for one in rows]

        return self.write(work)


@pytest.fixture
def store(database_url: str) -> Store:
    return Store(database_url)


def test_export_writes_a_zip_and_a_line_in_the_audit_log(store: Store, tmp_path: Path) -> None:
    person = store.person()
    made = store.run("export", "telegram:4711", "--output", str(tmp_path / "out.zip"))
    assert made.exit_code == 0, made.output
    assert NAME not in made.output
    with zipfile.ZipFile(io.BytesIO((tmp_path / "out.zip").read_bytes())) as packed:
        assert NAME in packed.read("data.json").decode()
    assert (tmp_path / "out.zip").stat().st_mode & 0o077 == 0
    assert store.audit() == [("person.export", None, person, "command line")]


def test_erase_asks_and_erases(store: Store) -> None:
    person = store.person()
    assert store.run("erase", str(person), answer="n\n").exit_code == 3
    assert store.audit() == []
    done = store.run("erase", str(person), "--reason", f"letter of {NAME}", "--yes")
    assert done.exit_code == 0, done.output
    assert store.do(lambda database: traces(database, [NAME])) == []
    assert store.audit() == [("person.erase_by_operator", None, person, f"letter of ({person})")]
    assert store.run("erase", str(person), "--yes").exit_code == 2
    assert store.run("erase", "telegram:4711", "--yes").exit_code == 2


def test_the_last_owner_stays(store: Store) -> None:
    person = store.person(Role.OWNER)
    refused = store.run("erase", str(person), "--yes")
    assert (refused.exit_code, "make somebody else an owner first" in refused.output) == (4, True)


@pytest.mark.parametrize("named", ["99", "telegram:1", "Chiara", "fax:1", ""])
def test_nobody_is_nobody(store: Store, named: str) -> None:
    assert store.run("erase", named, "--yes").exit_code == 2
    assert store.run("export", named).exit_code == 2


def test_purge_first_says_what_would_go(store: Store) -> None:
    async def work(session: AsyncSession) -> None:
        old = store.now - timedelta(days=3)
        session.add_all(CodeAttempt(use=CodeUse.LINK, digest="h", at=old) for _ in range(7))

    store.write(work)
    for _ in range(2):
        planned = store.run("purge", "--dry-run", "--json")
        assert json.loads(planned.stdout)["attempts"] == 7
    assert store.run("purge", answer="n\n").exit_code == 3
    assert json.loads(store.run("purge", "--yes", "--json").stdout) == {"attempts": 7}
    assert "Nothing is too old." in store.run("purge", "--dry-run").stdout


@pytest.mark.parametrize("lang", list(Locale))
def test_the_record_names_every_table_with_personal_data_and_what_the_settings_say(lang: Locale) -> None:
    env = {"COMMUNITY_BOT__PRIVACY__RETENTION__AUDIT_DAYS": "777"}
    made = CliRunner().invoke(app, ["privacy", "record", "--lang", lang, "--json"], env=env)
    assert made.exit_code == 0, made.output
    found = json.loads(made.stdout)
    tables = {one["table"]: one["kept"] for activity in found["activities"] for one in activity["tables"]}
    assert "777" in tables["audit"]
    assert {"people", "accounts", "consents", "outbox", "inbox", "drafts", "disclosure_answers"} <= set(tables)
    assert set(tables) <= set(Base.metadata.tables)
    for activity in found["activities"]:
        for key in ("title", "purpose", "legal_basis", "people", "recipients"):
            assert activity[key], key
    printed = CliRunner().invoke(app, ["privacy", "record", "--lang", lang], env=env).stdout
    assert found["activities"][0]["purpose"] in printed
    assert found["measures"][-1] in printed


def test_every_chapter_has_its_ground() -> None:
    assert set(GROUNDS) == set(Chapter) - {Chapter.NONE}
