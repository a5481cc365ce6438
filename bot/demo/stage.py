"""The demo as a running program: an own store with the sample community, the web chat, and a clock to move."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.app import Application
from bot.code_key import code_key
from bot.config import Settings
from bot.demo import seed
from bot.demo.community_files import rows
from bot.mail.transport import MailTransport
from bot.platforms.base import Adapter
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.people import Persona
from bot.platforms.webchat.stored_history import StoredHistory
from handlers.conversation.clock import MovableClock
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.screen import FileReference
from storage.engine import Database
from storage.enums import Locale
from storage.migrations import upgrade
from storage.models import Person

TEL_AVIV = ZoneInfo("Asia/Jerusalem")
MILESTONES = (
    datetime(2018, 5, 13, 9, 0, tzinfo=ZoneInfo("Europe/Rome")),
    datetime(2018, 5, 15, 9, 20, tzinfo=TEL_AVIV),
)
"""The eve of the mission, and ten minutes before its first meeting."""
CAST: Sequence[tuple[str, dict[Locale, str], bool]] = (
    ("giulia", {Locale.ITALIAN: "segreteria", Locale.ENGLISH: "staff"}, True),
    ("elena", {Locale.ITALIAN: "guida la missione", Locale.ENGLISH: "leads the mission"}, True),
    ("marco", {Locale.ITALIAN: "socio, delegato", Locale.ENGLISH: "member, delegate"}, False),
    ("james", {Locale.ITALIAN: "socio, delegato", Locale.ENGLISH: "member, delegate"}, False),
    ("sara", {Locale.ITALIAN: "socia", Locale.ENGLISH: "member"}, False),
)
"""Who can be played: key, what they are, whether they are staff. Their names are in the sample community."""


class SettableClock:
    """The clock as the page moves it: what falls due on the way is done before the page hears back."""

    def __init__(self, clock: MovableClock, app: Application) -> None:
        self._clock = clock
        self._app = app

    def now(self) -> datetime:
        """The instant it shows."""
        return self._clock.now()

    async def advance(self, span: timedelta) -> None:
        """Move it on.

        Raises:
            ValueError: the span is negative.
        """
        self._clock.advance(span)
        await self._app.tick()

    async def to(self, instant: datetime) -> None:
        """Move it on to that instant.

        Raises:
            ValueError: it is in the past.
        """
        await self.advance(instant.astimezone(UTC) - self._clock.now())


async def prepare(settings: Settings) -> bool:
    """Bring the store up to date and fill it when it is empty. Returns whether it was filled."""
    database = Database(settings.database.url, durable=settings.database.durable)
    try:
        await upgrade(database)
        async with database.writing() as session:
            if (await session.execute(select(Person.id).limit(1))).first() is not None:
                return False
            await seed.fill(session, codes=CodeKeeper(code_key(settings)))
            return True
    finally:
        await database.close()


def build(
    settings: Settings,
    clock: MovableClock,
    *,
    others: Sequence[Adapter],
    uploads: Path,
    ticking: bool = True,
    mail: MailTransport | None = None,
) -> tuple[Application, WebChatAdapter]:
    """The program on the web chat, and on the real platforms whose tokens are set; ``mail`` catches e-mail."""
    app = Application(settings, clock=clock, adapters=[], ticking=ticking, mail=mail)

    async def fetch(reference: FileReference) -> bytes:
        return await app.fetch_file(reference)

    web = WebChatAdapter(history=StoredHistory(app.database), now=clock.now, fetch=fetch, uploads=uploads)
    app.adapters.extend([web, *others])
    return app, web


async def personas() -> list[Persona]:
    """Who can be played on the page."""
    people = {row["key"]: row for row in rows("people", "person")}
    houses = {row["key"]: row["name"] for row in rows("organisations", "organisation")}
    return [
        Persona(
            key=key,
            name=people[key]["name"],
            role=role,
            organisation=houses[people[key]["organisation"]],
            locale=Locale(people[key]["language"]),
            staff=staff,
        )
        for key, role, staff in CAST
    ]
