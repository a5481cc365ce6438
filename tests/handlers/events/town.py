"""A small community in a database of its own: members, staff and an outsider who press, write and read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from bot.delivery.rendering import Parcel, draw
from handlers.conversation.clock import MovableClock
from handlers.conversation.codec import screen_from_json
from handlers.conversation.context import Community
from handlers.conversation.event import Address, Event, EventKind, FormSupport, MessageRef, Outcome
from handlers.conversation.form import Values
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.conversation.screen import Button, Screen, plain
from handlers.router import Router
from storage.engine import Database
from storage.enums import Answer, Locale, OutboxOp, OutboxState, PersonStatus, Platform, Role
from storage.models import Account, CardCopy, CommunityEvent, EventAnswer, OutboxMessage, Person, PersonRole

START = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)
WEB = "web"


@dataclass(frozen=True)
class Delivered:
    """A message as its reader would see it; ``screen`` is None where there was nothing left to say."""

    person_id: int | None
    kind: str
    card: str
    op: OutboxOp
    screen: Screen | None
    target: str


@dataclass
class Town:
    """The database, the router and the clock, and what was delivered."""

    database: Database
    community: Community
    clock: MovableClock
    router: Router
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def person(
        self,
        name: str,
        *roles: Role,
        status: PersonStatus = PersonStatus.MEMBER,
        locale: Locale = Locale.ENGLISH,
        timezone: str = "Europe/Rome",
    ) -> "Somebody":
        async with self.database.writing() as session:
            row = Person(
                status=status,
                name=name,
                locale=locale,
                timezone=timezone,
                notice_version=NOTICE_VERSION,
                notice_accepted_at=START,
                created_at=START,
            )
            session.add(row)
            await session.flush()
            session.add(
                Account(
                    platform=Platform.WEB,
                    account=WEB,
                    user=f"u{row.id}",
                    chat=f"c{row.id}",
                    person_id=row.id,
                    last_acted_at=START,
                )
            )
            session.add_all(PersonRole(person_id=row.id, role=role, granted_at=START) for role in roles)
        return Somebody(self, row.id, f"u{row.id}", f"c{row.id}")

    async def event(self) -> CommunityEvent:
        """The newest event, as the database has it."""
        async with self.database.reading() as session:
            found = await session.execute(select(CommunityEvent).order_by(CommunityEvent.id.desc()).limit(1))
            event = found.scalar_one()
            session.expunge(event)
            return event

    async def answers(self, event_id: int) -> dict[int, Answer]:
        async with self.database.reading() as session:
            found = await session.execute(
                select(EventAnswer.person_id, EventAnswer.answer).where(EventAnswer.event_id == event_id)
            )
            return dict(found.all())

    async def copy(self, event_id: int, chat: str, person_id: int | None, *, kind: str = "event") -> str:
        """Pretend that a copy of the card was posted; returns its message id."""
        message_id = f"m{next(self.numbers)}"
        async with self.database.writing() as session:
            session.add(
                CardCopy(
                    card=f"{kind}:{event_id}",
                    platform=Platform.WEB,
                    account=WEB,
                    chat=chat,
                    message_id=message_id,
                    person_id=person_id,
                    posted_at=self.clock.now(),
                )
            )
        return message_id

    async def deliver(self) -> list[Delivered]:
        """Render everything that is queued, as the sender does, in the order of the queue."""
        delivered = []
        async with self.database.writing() as session:
            statement = select(OutboxMessage).where(OutboxMessage.state == OutboxState.QUEUED)
            rows = (await session.execute(statement.order_by(OutboxMessage.id))).scalars().all()
            for row in rows:
                row.state = OutboxState.SENT
                if row.op is OutboxOp.EDIT:
                    row.dedup_key = None
            await session.flush()
            for row in rows:
                shown = (await draw(session, Parcel.of(row.id, row), self.community, self.clock)).screen
                delivered.append(Delivered(row.person_id, row.kind, row.card, row.op, shown, row.target))
        return delivered


@dataclass
class Somebody:
    """One person at the keyboard."""

    town: Town
    id: int
    user: str
    chat: str
    outcome: Outcome = field(default_factory=Outcome)
    forms: FormSupport = FormSupport.NOW

    async def _do(self, event: Event) -> "Somebody":
        self.outcome = await self.town.router.handle(event)
        return self

    def _event(self, kind: EventKind, **more: Any) -> Event:
        number = f"e{next(self.town.numbers)}"
        more.setdefault("address", Address(Platform.WEB, WEB, self.chat))
        return Event(kind, number, user=self.user, locale="en", forms=self.forms, **more)

    async def says(self, name: str) -> "Somebody":
        return await self._do(self._event(EventKind.COMMAND, action=name))

    async def writes(self, text: str) -> "Somebody":
        return await self._do(self._event(EventKind.TEXT, text=text))

    async def presses(self, action: str, *, message: str = "", group: str = "") -> "Somebody":
        address = Address(Platform.WEB, WEB, group or self.chat)
        pressed = MessageRef(address, message or "m0")
        event = self._event(EventKind.PRESS, action=action, message=pressed)
        return await self._do(replace(event, address=address, private=not group))

    async def submits(self, values: Values) -> "Somebody":
        """Hand in the form that is open."""
        form = self.outcome.form
        assert form is not None, self.words
        return await self._do(
            self._event(EventKind.SUBMIT, form=form.name, form_context=form.context, values=dict(values))
        )

    @property
    def screens(self) -> list[Screen]:
        return [screen_from_json(row.data["screen"]) for _, row in self.outcome.replies]

    @property
    def words(self) -> str:
        """All that is on the screen and in the toast."""
        toast = [self.outcome.toast.text] if self.outcome.toast else []
        return "\n\n".join([*toast, *(plain(one) for one in self.screens)])

    @property
    def labels(self) -> list[str]:
        return [button.label for one in self.screens for button in one.buttons]

    def action(self, label: str) -> str:
        """The action of the button with this label."""
        for one in self.screens:
            for button in one.buttons:
                if button.label == label and isinstance(button, Button):
                    return button.action
        raise AssertionError(f"no button {label!r} among {self.labels}")


def filled(**changes: Any) -> Values:
    """A filled-in form about an event on Thursday 19 April 2018, 17:30–19:30 in Rome."""
    values: Values = {
        "title": "Laboratorio",
        "description": "Three cases.",
        "place": "Aula Golgi, Pavia",
        "zone": "Europe/Rome",
        "starts": "2018-04-19T17:30",
        "ends": "2018-04-19T19:30",
        "language": "it",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


async def published(staff: Somebody, **changes: Any) -> int:
    """An event published by form; what it queued is delivered. Returns its id."""
    await staff.says("newevent")
    await staff.submits(filled(**changes))
    assert "Published" in staff.words, staff.outcome
    await staff.town.deliver()
    return (await staff.town.event()).id


def of_kind(delivered: Sequence[Delivered], kind: str) -> dict[int | None, Screen | None]:
    """What each person got of one kind."""
    return {one.person_id: one.screen for one in delivered if one.kind == kind}


DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
