"""The mail server of the settings, by SMTP."""

import asyncio
from email.message import EmailMessage

import aiosmtplib

from bot.config import MailSettings
from bot.mail.transport import MailError

SECONDS = 20.0
"""How long each step of the talk with the server may take."""


class SmtpTransport:
    """Implements :class:`bot.mail.transport.MailTransport`, one connection an e-mail: codes are few.

    Args:
        settings: with a host.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self.sender = settings.sender

    async def send(self, message: EmailMessage) -> None:
        """Hand it over.

        Raises:
            MailError: permanent for codes of 500 and above (RFC 5321, 4.2.1), except what a log-in that is refused
                today may be tomorrow.
        """
        try:
            async with self._client() as client:
                try:
                    await client.send_message(message)
                except asyncio.CancelledError:
                    # Else the client says goodbye, and waits for an answer while the program is to stop.
                    client.close()
                    raise
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [one.code for one in error.recipients]
            raise MailError(f"refused {max(codes)}", permanent=all(code >= 500 for code in codes)) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailError("log-in refused", permanent=False) from error
        except aiosmtplib.SMTPResponseException as error:
            raise MailError(f"refused {error.code}", permanent=error.code >= 500) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise MailError(type(error).__name__, permanent=False) from error

    async def greet(self) -> None:
        """Connect, log in and leave again, so that one knows that it works.

        Raises:
            MailError: it does not.
        """
        try:
            async with self._client() as client:
                await client.noop()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailError("log-in refused", permanent=True) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise MailError(type(error).__name__, permanent=False) from error

    def _client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password.get_secret_value() or None,
            use_tls=settings.encryption == "tls",
            start_tls=settings.encryption == "starttls",
            timeout=SECONDS,
        )
