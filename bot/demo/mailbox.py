"""A mail server that sends nothing: the demo shows on its page what would have been sent."""

from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage

from bot.platforms.webchat.mailbox import CaughtMail


class DemoMailbox:
    """Implements :class:`bot.mail.transport.MailTransport` and :class:`bot.platforms.webchat.mailbox.Mailbox`.

    In memory: it is empty after a restart, as the demo's store is.

    Args:
        now: when an e-mail came.
    """

    sender = "community@cluster.example"

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._letters: list[CaughtMail] = []
        self._watchers: list[Callable[[], None]] = []

    async def send(self, message: EmailMessage) -> None:
        """Catch it."""
        text = message.get_content()
        self._letters.append(CaughtMail(str(message["To"]), str(message["Subject"]), text.strip(), self._now()))
        for watcher in list(self._watchers):
            watcher()

    def letters(self) -> Sequence[CaughtMail]:
        """What was caught, oldest first."""
        return tuple(self._letters)

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call ``watcher`` when one more is caught; returns what ends that."""
        self._watchers.append(watcher)

        def stop() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return stop
