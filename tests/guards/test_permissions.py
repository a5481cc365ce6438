"""Who may do what: everything that is registered against a table that is written by hand, and then for real.

A permission that changes, and an action without a line in the table, fail here until the table says so as well.
"""

import inspect
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.conversation.actions import REGISTRY, ActionSpec
from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community, Context
from handlers.conversation.event import Address, Event, EventKind, FormSupport, Replies
from handlers.conversation.form import Field, Form
from handlers.conversation.permission_page import permission_page
from handlers.conversation.permissions import Permission, allowed
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.router import Router
from storage.engine import Database
from storage.enums import Locale, OrganisationCategory, Platform
from storage.models import Account, Base, Draft, Organisation, Person, PersonRole
from tests.guards.permission_table import TABLE
from tests.guards.roles import SORTS, Sort

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


def registered() -> dict[str, Permission]:
    """Everything that names a permission."""
    return (
        {f"action {spec.verb}": spec.permission for spec in REGISTRY.actions.values()}
        | {f"command {spec.key}": spec.permission for spec in REGISTRY.command_list()}
        | {f"form {spec.name}": spec.permission for spec in REGISTRY.forms.values()}
    )


def letters(permission: Permission) -> str:
    """Those who have a permission, a letter each."""
    return "".join(sort.letter if allowed(permission, status=sort.status, roles=sort.roles) else "-" for sort in SORTS)


def in_table() -> dict[str, str]:
    """Who may, by what is done."""
    found: dict[str, str] = {}
    for block in TABLE.strip().split("\n\n"):
        who, *lines = block.splitlines()
        for line in lines:
            assert line.strip() not in found, f"{line.strip()} is in the table twice"
            found[line.strip()] = who.strip()
    return found


def test_every_permission_is_a_permission() -> None:
    for name, permission in registered().items():
        assert isinstance(permission, Permission), name


def test_the_table_and_what_is_registered_agree() -> None:
    table = in_table()
    real = {name: letters(permission) for name, permission in registered().items()}
    new = "\n".join(f"{real[name]}  {name}" for name in sorted(real.keys() - table.keys()))
    gone = "\n".join(sorted(table.keys() - real.keys()))
    changed = "\n".join(
        f"{name}: {table[name]} in the table, {real[name]} in the code"
        for name in sorted(real.keys() & table.keys())
        if real[name] != table[name]
    )
    if new or gone or changed:
        pytest.fail(f"not in the table:\n{new}\n\nno longer there:\n{gone}\n\nchanged:\n{changed}", pytrace=False)


def test_strangers_may_join_link_read_the_notice_and_nothing_else() -> None:
    """What everybody may do before the privacy notice is a short list, known by name.

    Their data is open also to those who are shut out, who keep that right; a stranger is told that there is none.
    """
    open_to_all = {name for name, permission in registered().items() if permission is Permission.ANYONE}
    assert open_to_all == {
        "action join.accept",
        "action join.decline",
        "action join.lang",
        "action join.renew",
        "action link.accept",
        "action link.decline",
        "action privacy.data",
        "action privacy.erase",
        "action privacy.erase2",
        "action privacy.erase3",
        "action privacy.export",
        "action privacy.keep",
        "action privacy.notice",
        "command join",
        "command link",
        "command mydata",
        "command privacy",
        "command start",
    }


class Recorder:
    """Stands in the place of every handler and writes down that it was reached."""

    def __init__(self) -> None:
        self.reached = False

    async def handler(self, _ctx: Context, *_: object, **__: object) -> Replies:
        self.reached = True
        return None

    async def build(self, _ctx: Context, **context: str) -> Form:
        return Form("", "Form", (Field("one", "One", required=False),), "Send", context)


PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"


def test_the_page_for_people_says_what_the_program_does() -> None:
    again = "write it again: community-bot permissions -o docs/permissions.md"
    assert PAGE.read_text(encoding="utf-8") == permission_page(), again


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Database]:
    """Permissions do not depend on the kind of database; this one is quick."""
    opened = Database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    commands = {id(spec): replace(spec, handler=made.handler) for spec in REGISTRY.command_list()}
    monkeypatch.setattr(
        REGISTRY, "actions", {verb: replace(spec, handler=made.handler) for verb, spec in REGISTRY.actions.items()}
    )
    monkeypatch.setattr(REGISTRY, "commands", {name: commands[id(spec)] for name, spec in REGISTRY.commands.items()})
    monkeypatch.setattr(
        REGISTRY,
        "forms",
        {name: replace(spec, build=made.build, submit=made.handler) for name, spec in REGISTRY.forms.items()},
    )
    return made


async def somebody(database: Database, sort: Sort, platform: Platform) -> str:
    """A person of that sort, as the platform knows them."""
    user = sort.name.replace(" ", "-")
    if sort.status is None:
        return user
    async with database.writing() as session:
        house = Organisation(name=f"House of {sort.name}", category=OrganisationCategory.COMPANY)
        session.add(house)
        await session.flush()
        person = Person(
            status=sort.status,
            name=sort.name,
            organisation_id=house.id,
            locale=Locale.ENGLISH,
            notice_version=NOTICE_VERSION,
            notice_accepted_at=NOW,
            created_at=NOW,
        )
        session.add(person)
        await session.flush()
        account = Account(platform=platform, account="us", user=user, chat=user, person_id=person.id, last_acted_at=NOW)
        session.add_all([account, *(PersonRole(person_id=person.id, role=role, granted_at=NOW) for role in sort.roles)])
    return user


def words(spec: ActionSpec) -> str:
    """A press that parses."""
    given = ["1" if kind is int else "x" if kind is str else str(next(iter(kind))) for _, kind, _ in spec.parameters]  # type: ignore[call-overload]  # the others are text enums
    return ":".join([spec.verb, *given])


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, without what receiving an event and answering it leaves behind."""
    async with database.connection() as connection:
        return {
            table.name: sorted((tuple(row) for row in await connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in {"inbox", "outbox"}
        }


@pytest.mark.parametrize("platform", list(Platform), ids=str)
@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.name)
async def test_nobody_gets_further_than_the_table_says(
    store: Database, recorder: Recorder, sort: Sort, platform: Platform
) -> None:
    """Every press, every command and every form of every sort of person, through the router, on every platform.

    A client can send any of them. What is refused is refused in words, and leaves every row as it was.
    """
    router = Router(store, Community("Test"), MovableClock(NOW), claim="guard")
    user = await somebody(store, sort, platform)
    table = in_table()
    events: list[tuple[str, EventKind, str]] = [
        *((f"action {spec.verb}", EventKind.PRESS, words(spec)) for spec in REGISTRY.actions.values()),
        *((f"command {spec.key}", EventKind.COMMAND, spec.key) for spec in REGISTRY.command_list()),
        *((f"form {name}", EventKind.SUBMIT, name) for name in REGISTRY.forms),
    ]
    await half_filled(store, sort)
    before = await everything(store)
    wrong, refused_forms = [], set()
    for number, (name, kind, text) in enumerate(events):
        recorder.reached = False
        may = sort.letter in table[name]
        where = Address(platform, "us", user)
        form = text if kind is EventKind.SUBMIT else ""
        made = Event(
            kind, f"{number}", where, user, locale="en", action="" if form else text, form=form, forms=FormSupport.NOW
        )
        outcome = await router.handle(made)
        if recorder.reached is not may:
            wrong.append(f"{name}: {'reached' if recorder.reached else 'not reached'}")
        if may:
            continue
        if form:
            refused_forms.add(form)
        if outcome.toast is None and not outcome.replies:
            wrong.append(f"{name}: refused without a word")
    after = await everything(store)
    forms_left = {str(row[2]) for row in after.pop("drafts")}
    if sort.status is not None:
        # A form that was taken uses its draft up; one that was refused leaves it, and everything else, as it was.
        assert {str(row[2]) for row in before.pop("drafts")} - forms_left == set(REGISTRY.forms) - refused_forms
        before["drafts"] = after["drafts"] = []
    assert after == {name: rows for name, rows in before.items() if name in after}
    assert wrong == []


async def half_filled(database: Database, sort: Sort) -> None:
    """Every form half-filled: whoever hands one in has opened it before, perhaps when they still might."""
    if sort.status is None:
        return
    async with database.writing() as session:
        person = (await session.execute(select(Person.id))).scalar_one()
        session.add_all(
            Draft(person_id=person, form=form, context={}, values={}, fixing={}, started_at=NOW, touched_at=NOW)
            for form in REGISTRY.forms
        )


def test_handlers_take_their_context_first() -> None:
    for verb, spec in REGISTRY.actions.items():
        first = next(iter(inspect.signature(spec.handler).parameters.values()))
        assert first.annotation is Context, verb
