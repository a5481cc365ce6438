"""The way to a mail server, whichever it is."""

from email.message import EmailMessage
from typing import Protocol


class MailError(Exception):
    """An e-mail was not taken.

    Attributes:
        permanent: whether another try makes no sense.
        why: the mail server's code, or the sort of failure; no words about a person.
    """

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.permanent = permanent
        self.why = why


class MailTransport(Protocol):
    """Hands e-mail over."""

    sender: str
    """The address that e-mails come from."""

    async def send(self, message: EmailMessage) -> None:
        """Hand it over; when this returns the server has taken it.

        Raises:
            MailError: it has not, or it is not known whether it has.
        """
        ...
