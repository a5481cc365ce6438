"""A real mail server on loopback, which keeps what it gets and can be told to refuse."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
PASSWORD = b"only-for-tests"


class MailServer:
    """What came in, and how it is answered.

    Attributes:
        inbox: the e-mails, oldest first.
        replies: what the next e-mails are answered with instead of being taken, like ``451 try again``.
        port: where it listens.
    """

    def __init__(self) -> None:
        self.inbox: list[EmailMessage] = []
        self.replies: list[str] = []
        self.port = 0
        self.hold: asyncio.Event | None = None
        self.holds = asyncio.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """An e-mail has come whole."""
        if self.hold is not None:
            self.holds.set()
            await self.hold.wait()
        if self.replies:
            return self.replies.pop(0)
        assert isinstance(envelope.content, bytes)
        self.inbox.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody got."""
        return [one for one in self.inbox if one["To"] == address]

    def settings(self, **more: object) -> dict[str, object]:
        """What ``[mail]`` says of it."""
        return {"host": HOST, "port": self.port, "encryption": "none", "sender": "community@cluster.example", **more}


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.login == b"community" and data.password == PASSWORD
    return AuthResult(success=good, handled=False)


@asynccontextmanager
async def mail_server(*, login: bool = False) -> AsyncIterator[MailServer]:
    """Start one; with ``login`` it takes nothing from those who do not log in."""
    made = MailServer()

    def protocol() -> SMTP:
        authenticator = _login if login else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS, which never leave this machine here
            return SMTP(
                made,
                hostname="mail.test",
                enable_SMTPUTF8=True,
                auth_required=login,
                auth_require_tls=False,
                authenticator=authenticator,
            )

    listening = await asyncio.get_running_loop().create_server(protocol, HOST, 0)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listening.close()
        await listening.wait_closed()
