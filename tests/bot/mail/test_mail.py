"""E-mail from its row to a real mail server: tried again, never late, once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bot.checkup.finding import Level
from bot.checkup.mail import check_mail
from bot.config import MailSettings
from bot.mail.sender import MailSender, wait_before
from bot.mail.smtp import SmtpTransport
from bot.mail.transport import MailError
from handlers.conversation.clock import MovableClock
from handlers.conversation.codes import CodeKeeper, new_nonce
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.letters import send_letter
from handlers.conversation.texts import texts_for
from handlers.identity.letters import letter_with
from handlers.identity.work_address import LETTER
from storage.engine import Database
from storage.enums import Locale, MailState, PersonStatus
from storage.models import AddressCode, Mail, Person
from storage.queries import leases
from storage.queries import mails as queries
from tests.standins.mail import PASSWORD, MailServer, mail_server

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
ADDRESS = "anna@clinica.example"
CODES = CodeKeeper(b"a key")


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as made:
        yield made


class Post:
    """A sender on a store, and what it needs."""

    def __init__(self, database: Database, server: MailServer, claim: str = "here") -> None:
        self.database = database
        self.clock = MovableClock(NOW, running=False)
        self.community = Community("Cluster", codes=CODES, mails=True)
        self.transport = SmtpTransport(MailSettings.model_validate(server.settings()))
        self.sender = MailSender(database, self.community, self.clock, self.transport, claim=claim)

    async def queue(self) -> str:
        """A code for an address; returns the code."""
        async with self.database.writing() as session:
            person = Person(
                status=PersonStatus.JOINING,
                locale=Locale.ENGLISH,
                notice_version="x",
                notice_accepted_at=NOW,
                created_at=NOW,
            )
            session.add(person)
            await session.flush()
            code = AddressCode(
                person_id=person.id,
                address=ADDRESS,
                nonce=new_nonce(),
                created_at=NOW,
                expires_at=NOW + timedelta(minutes=15),
            )
            session.add(code)
            await session.flush()
            ctx = ReadContext(session, self.community, self.clock, person, frozenset(), Locale.ENGLISH)
            await send_letter(ctx, LETTER, ADDRESS, expires=code.expires_at, data={"code": code.id})
            return CODES.digits(code.nonce, ADDRESS)

    async def states(self) -> list[tuple[MailState, str]]:
        """How the e-mails stand."""
        async with self.database.reading() as session:
            rows = (await session.execute(select(Mail).order_by(Mail.id))).scalars().all()
        return [(row.state, row.error) for row in rows]


async def test_sent_once(database: Database, server: MailServer) -> None:
    post = Post(database, server)
    digits = await post.queue()
    assert await post.sender.send_due() == 1
    assert await post.sender.send_due() == 0
    (mail,) = server.inbox
    assert mail["To"] == ADDRESS
    assert mail["From"] == "Cluster <community@cluster.example>"
    assert mail["Subject"].startswith(digits)
    assert digits in mail.get_content()
    assert await post.states() == [(MailState.SENT, "")]


async def test_two_senders_send_it_once(database: Database, server: MailServer) -> None:
    here, there = Post(database, server, "here"), Post(database, server, "there")
    async with database.writing() as session:
        for name in ("here", "there"):  # both are alive, as running processes say of themselves
            assert await leases.take(session, leases.PROCESS + name, name)
    for _ in range(10):
        await here.queue()
    await asyncio.gather(here.sender.send_due(), there.sender.send_due(), here.sender.send_due())
    assert len(server.inbox) == 10
    assert len({mail["Message-ID"] for mail in server.inbox}) == 10


async def test_tried_again_with_longer_waits(database: Database, server: MailServer) -> None:
    post = Post(database, server)
    await post.queue()
    server.replies += ["451 try again later", "421 closing"]
    await post.sender.send_due()
    assert await post.states() == [(MailState.QUEUED, "refused 451")]
    await post.sender.send_due()
    assert len(server.replies) == 1, "not before its time"
    post.clock.advance(wait_before(1))
    await post.sender.send_due()
    post.clock.advance(wait_before(1))
    await post.sender.send_due()
    assert server.inbox == []
    post.clock.advance(wait_before(2))
    await post.sender.send_due()
    assert len(server.inbox) == 1
    assert await post.states() == [(MailState.SENT, "")]
    assert [wait_before(number).total_seconds() for number in (1, 2, 3, 9, 99)] == [15, 30, 60, 300, 300]


async def test_a_refusal_for_good_is_the_end(database: Database, server: MailServer) -> None:
    post = Post(database, server)
    await post.queue()
    server.replies.append("554 no")
    await post.sender.send_due()
    post.clock.advance(timedelta(minutes=10))
    await post.sender.send_due()
    assert await post.states() == [(MailState.FAILED, "refused 554")]
    assert server.inbox == []


async def test_no_server_and_then_too_late(database: Database) -> None:
    async with mail_server() as server:
        post = Post(database, server)
    await post.queue()
    await post.sender.send_due()
    ((state, error),) = await post.states()
    assert state is MailState.QUEUED
    assert error
    post.clock.advance(timedelta(minutes=15))
    await post.sender.send_due()
    assert await post.states() == [(MailState.EXPIRED, "")]


async def test_a_code_that_was_used_is_not_sent(database: Database, server: MailServer) -> None:
    post = Post(database, server)
    await post.queue()
    async with database.writing() as session:
        (await session.execute(select(AddressCode))).scalar_one().used_at = NOW
    await post.sender.send_due()
    assert await post.states() == [(MailState.SKIPPED, "")]
    assert server.inbox == []


async def test_what_a_dead_process_was_sending_is_sent(database: Database, server: MailServer) -> None:
    post = Post(database, server)
    await post.queue()
    async with database.writing() as session:
        (row,) = await queries.claim_due(session, NOW, "dead", alive=["dead"], most=1)
        message_id = row.message_id
    async with database.writing() as session:
        assert await queries.claim_due(session, NOW, "here", alive=["dead"], most=1) == [], "it lives"
    await post.sender.send_due()
    assert [mail["Message-ID"] for mail in server.inbox] == [f"<{message_id}@cluster.example>"]
    async with database.writing() as session:
        await queries.settle(session, row.id, "dead", MailState.FAILED, "late", NOW)
    assert await post.states() == [(MailState.SENT, "")], "whoever lost it changes nothing"


async def test_a_stop_in_the_middle_does_not_forget_what_was_sent(database: Database, server: MailServer) -> None:
    post = Post(database, server)
    await post.queue()
    server.hold = asyncio.Event()
    sending = asyncio.create_task(post.sender.send_due())
    async with asyncio.timeout(30):
        await server.holds.wait()
    sending.cancel()
    # Before the server says anything: a stop waits for nobody.
    async with asyncio.timeout(10):
        await asyncio.gather(sending, return_exceptions=True)
    server.hold.set()
    assert (await post.states())[0][0] is MailState.SENDING
    after = Post(database, server, "next")
    await after.sender.send_due()
    assert await post.states() == [(MailState.SENT, "")]


async def test_no_name_or_address_is_logged(
    database: Database, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post = Post(database, server)
    await post.queue()
    server.replies.append(f"451 {ADDRESS} later")
    await post.sender.send_due()
    assert any("not taken" in record.message for record in caplog.records)
    assert all(
        ADDRESS not in f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if record.name.startswith("bot")
    )


@pytest.mark.parametrize("locale", list(Locale))
def test_the_letter(locale: Locale) -> None:
    t = texts_for(locale)
    letter = letter_with("012345", "Cluster", t=t)
    assert letter.subject.startswith("012345")
    assert "012345" in letter.text
    assert {Locale.ITALIAN: "15 minuti", Locale.ENGLISH: "15 minutes"}[locale] in letter.text


async def test_log_in() -> None:
    async with mail_server(login=True) as server:
        good = MailSettings.model_validate(server.settings(username="community", password=PASSWORD.decode()))
        bad = MailSettings.model_validate(server.settings(username="community", password="wrong"))
        await SmtpTransport(good).greet()
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "a@b.example", ADDRESS, "Hello"
        message.set_content("Hello")
        await SmtpTransport(good).send(message)
        assert len(server.inbox) == 1
        with pytest.raises(MailError) as refused:
            await SmtpTransport(bad).send(message)
        assert not refused.value.permanent
        assert [one.level for one in await check_mail(good)] == [Level.OK]
        (finding,) = await check_mail(bad)
        assert "log-in" in finding.what
        assert "wrong" not in f"{finding}"


async def test_check_says_what_is_missing() -> None:
    (finding,) = await check_mail(MailSettings())
    assert finding.level is Level.OK
    assert "E-mail is off" in finding.what
    async with mail_server() as server:
        settings = MailSettings.model_validate(server.settings())
    (finding,) = await check_mail(settings)
    assert finding.level is Level.ERROR
