"""E-mails that are due: claimed, rendered, handed over, tried again. Commit first, network after, as everywhere."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from bot import metrics
from bot.mail.transport import MailError, MailTransport
from handlers.conversation.actions import REGISTRY
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.letters import Letter
from storage.engine import Database
from storage.enums import Locale, MailState
from storage.queries import leases, mails, people

log = logging.getLogger(__name__)

AT_ONCE = 8
"""E-mails on their way at the same time."""
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    person_id: int | None
    kind: str
    address: str
    locale: Locale
    data: dict[str, object]
    message_id: str
    attempts: int
    expired: bool


def wait_before(attempt: int) -> timedelta:
    """How long to wait after that many tries: twice as long each time, up to five minutes."""
    return min(FIRST_WAIT * (1 << min(attempt - 1, 10)), LONGEST_WAIT)


class MailSender:
    """Sends what is due when it is asked to: after a commit that queued something, and every few seconds.

    Args:
        database: the store.
        community: whom e-mails come from.
        clock: what is due.
        transport: hands them over.
        claim: this process's name.
    """

    def __init__(
        self, database: Database, community: Community, clock: Clock, transport: MailTransport, *, claim: str
    ) -> None:
        self._database = database
        self._community = community
        self._clock = clock
        self._transport = transport
        self._claim = claim
        self._turn = asyncio.Lock()

    async def send_due(self) -> int:
        """Send what is due; returns how many were taken up."""
        async with self._turn:
            found = 0
            while due := await self._claim_due():
                found += len(due)
                await asyncio.gather(*(self._send(one) for one in due))
                if len(due) < AT_ONCE:
                    break
            return found

    async def _claim_due(self) -> Sequence[_Due]:
        now = self._clock.now()
        async with self._database.writing() as session:
            living = await leases.alive(session)
            rows = await mails.claim_due(session, now, self._claim, alive=living, most=AT_ONCE)
            return [
                _Due(
                    row.id,
                    row.person_id,
                    row.kind,
                    row.address,
                    row.locale,
                    dict(row.data),
                    row.message_id,
                    row.attempts,
                    row.expires_at <= now,
                )
                for row in rows
            ]

    async def _send(self, due: _Due) -> None:
        if due.expired:
            await self._settle(due, MailState.EXPIRED)
            return
        try:
            letter = await self._letter(due)
            if letter is None:
                await self._settle(due, MailState.SKIPPED)
                return
            await self._transport.send(self._message(due, letter))
        except MailError as error:
            if error.permanent:
                await self._settle(due, MailState.FAILED, error.why)
            else:
                await self._later(due, error.why)
            log.warning("an e-mail was not taken", extra={"why": error.why, "permanent": error.permanent})
        except Exception as error:
            log.exception("an e-mail could not be made; it is tried again")
            await self._later(due, type(error).__name__)
        else:
            await self._settle(due, MailState.SENT)

    async def _letter(self, due: _Due) -> Letter | None:
        render = REGISTRY.letters[due.kind]
        async with self._database.reading() as session:
            person, roles = await people.person_with_roles(session, due.person_id)
            ctx = ReadContext(session, self._community, self._clock, person, roles, due.locale)
            return await render(ctx, due.address, **due.data)

    def _message(self, due: _Due, letter: Letter) -> EmailMessage:
        sender = self._transport.sender
        user, _, domain = sender.rpartition("@")
        message = EmailMessage()
        message["From"] = Address(self._community.name, user, domain)
        message["To"] = due.address
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{due.message_id}@{domain}>"
        # RFC 3834, 5: no out-of-office notes in answer to it.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message["Content-Language"] = due.locale.value  # after the content: setting that clears what is said of it
        return message

    async def _settle(self, due: _Due, state: MailState, error: str = "") -> None:
        metrics.mails.labels(state).inc()
        await self._write(lambda: self._settle_row(due, state, error))

    async def _settle_row(self, due: _Due, state: MailState, error: str) -> None:
        async with self._database.writing() as session:
            await mails.settle(session, due.id, self._claim, state, error[:80], self._clock.now())

    async def _later(self, due: _Due, error: str) -> None:
        metrics.mails.labels(MailState.QUEUED).inc()
        await self._write(lambda: self._put_off(due, error))

    async def _put_off(self, due: _Due, error: str) -> None:
        async with self._database.writing() as session:
            later = self._clock.now() + wait_before(due.attempts)
            await mails.put_off(session, due.id, self._claim, later, error[:80])

    async def _write(self, work: Callable[[], Awaitable[None]]) -> None:
        """Let the commit end even when the program is being stopped: what was sent must not be sent again."""
        await asyncio.shield(asyncio.ensure_future(work()))
