"""Whatever the staff decide stands in the log: everything that they can press is pressed in the sample community.

Each press, and the form that it opens, is carried out for real. What changes anything must leave an entry in the audit
log (or, for meetings, a step in their own log), unless it is named below with the reason why it is no decision.
"""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from enum import StrEnum

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session

from bot.demo import seed
from handlers.conversation.actions import REGISTRY, ActionSpec
from handlers.conversation.clock import MovableClock
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.context import Community
from handlers.conversation.event import Address, Event, EventKind, FormSupport, Outcome
from handlers.conversation.form import Field, FieldKind, Form, Value
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.router import Router
from storage.engine import Database
from storage.enums import Platform, Role
from storage.models import Account, AuditEntry, MeetingStep, Person, PersonRole

LOGS = {AuditEntry.__tablename__, MeetingStep.__tablename__}
BY_THE_WAY = {
    "accounts", "card_copies", "drafts", "inbox", "outbox", "post_readings", "second_pings", "web_messages", "",
}  # fmt: skip
"""Tables that change when somebody looks at something, fills in a form, or is answered."""
NO_DECISION = {
    "inbox.take": "who takes care of something decides nothing about it",
    "inbox.put": "the same",
    "inbox.hand": "the same",
    "list.import": "a file is only looked at; taking it over is written down",
    "announce.approve": "asked again because the audience has changed; an approval is written down (see the journeys)",
    "roundup.want": "whether one gets the staff's weekly note is one's own setting",
    "announce.back": "a plan's row is made; sending back is written down (see the journeys)",
}
"""By verb, with the reason."""
ANNOUNCEMENTS_DRAFTED = {
    "announce.at", "announce.attach", "announce.audience", "announce.by", "announce.channel", "announce.confirmation",
    "announce.delete", "announce.detach", "announce.discard", "announce.edit", "announce.extras", "announce.facet",
    "announce.file", "announce.late", "announce.link", "announce.mark", "announce.match", "announce.new",
    "announce.nolate", "announce.now", "announce.options", "announce.part", "announce.test", "announce.unlink",
    "announce.when", "announce.write",
}  # fmt: skip
"""An announcement that is being written is its author's; sending it, and everything after, is written down."""
NUMBERS = (1, 2, 3)
MOST_WAYS = 6
"""Presses of one verb with different words."""


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that anything writes to inside the block, in any session."""
    tables: list[str] = []

    def flushed(session: Session, *_: object) -> None:
        changed = [one for one in session.dirty if session.is_modified(one)]
        tables.extend(type(one).__table__.name for one in (*session.new, *changed, *session.deleted))

    def executed(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            tables.append(str(getattr(getattr(state.statement, "table", None), "name", "")))

    event.listen(Session, "after_flush", flushed)
    event.listen(Session, "do_orm_execute", executed)
    try:
        yield tables
    finally:
        event.remove(Session, "after_flush", flushed)
        event.remove(Session, "do_orm_execute", executed)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_url)
    async with opened.writing() as session:
        await seed.fill(session, codes=CodeKeeper())
    yield opened
    await opened.close()


def ways(spec: ActionSpec) -> list[str]:
    """Presses of a verb: small numbers, each word of an enum."""
    given: list[list[str]] = []
    for _, kind, _ in spec.parameters:
        if kind is int:
            given.append([str(one) for one in NUMBERS])
        elif issubclass(kind, StrEnum):
            given.append([str(one) for one in kind])
        else:
            given.append(["x"])
    return [":".join([spec.verb, *words]) for words in itertools.islice(itertools.product(*given), MOST_WAYS)]


def answer(field: Field) -> Value:
    """Anything that fits."""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.PERSON:
            return field.options[0].value if field.options else None
        case FieldKind.CHOICES:
            return [field.options[0].value] if field.options else []
        case FieldKind.NUMBER:
            return max(field.minimum, 1)
        case FieldKind.WHEN:
            return "2018-06-01T10:00" if "end" not in field.name else "2018-06-01T12:00"
        case FieldKind.FILE:
            return {
                "platform": "web",
                "account": "web",
                "reference": "x",
                "name": "x.csv",
                "mime": "text/csv",
                "size": 9,
            }
        case _:
            return "https://example.org" if field.name in {"link", "url"} else "Una prova"


class Presser:
    """An owner who presses everything."""

    def __init__(self, router: Router, user: str) -> None:
        self._router = router
        self._user = user
        self._number = itertools.count()

    async def does(self, kind: EventKind, *, action: str = "", form: Form | None = None) -> Outcome:
        values = {one.name: answer(one) for one in form.fields} if form else {}
        return await self._router.handle(
            Event(
                kind,
                str(next(self._number)),
                Address(Platform.WEB, "web", self._user),
                self._user,
                action=action,
                form=form.name if form else "",
                form_context=dict(form.context) if form else {},
                values=values,
                forms=FormSupport.NOW,
            )
        )


def exempt(verb: str) -> bool:
    return verb in NO_DECISION or verb in ANNOUNCEMENTS_DRAFTED


async def test_every_decision_of_the_staff_is_written_down(store: Database) -> None:
    async with store.reading() as session:
        statement = (
            select(Account.user, Person.id).join(Person, Person.id == Account.person_id)
            .join(PersonRole, PersonRole.person_id == Person.id).where(PersonRole.role == Role.OWNER)
        )  # fmt: skip
        rows = (await session.execute(statement)).all()
        latest = (await session.execute(select(Account.last_acted_at).order_by(Account.last_acted_at.desc()))).scalars()
        now = next(iter(latest))
    assert rows, "the sample community has an owner"
    router = Router(store, Community("Test"), MovableClock(now), claim="guard")
    presser = Presser(router, rows[0][0])
    deciding = [one for one in REGISTRY.actions.values() if one.permission in ROLES_FOR]
    silent: list[str] = []
    audited: set[str] = set()
    for spec in deciding:
        for action in ways(spec):
            with written() as tables:
                outcome = await presser.does(EventKind.PRESS, action=action)
            _judge(spec.verb, tables, silent, audited)
            if outcome.form is not None:
                with written() as tables:
                    await presser.does(EventKind.SUBMIT, form=outcome.form)
                _judge(outcome.form.name, tables, silent, audited)
    for command in REGISTRY.command_list():
        if command.permission not in ROLES_FOR:
            continue
        outcome = await presser.does(EventKind.COMMAND, action=command.key)
        if outcome.form is not None:
            with written() as tables:
                await presser.does(EventKind.SUBMIT, form=outcome.form)
            _judge(outcome.form.name, tables, silent, audited)
    assert not silent, "\n".join(sorted(set(silent)))
    assert len(audited) >= 12, f"too little was decided for this to mean anything: {sorted(audited)}"
    assert Permission.STAFF in ROLES_FOR


def _judge(name: str, tables: list[str], silent: list[str], audited: set[str]) -> None:
    if LOGS & set(tables):
        audited.add(name)
    elif set(tables) - BY_THE_WAY and not exempt(name):
        silent.append(f"{name}: {sorted(set(tables) - BY_THE_WAY)}")
