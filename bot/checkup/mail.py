"""Whether e-mail can be sent."""

from bot.checkup.finding import Finding, error, ok, warning
from bot.config import MailSettings


async def check_mail(settings: MailSettings) -> list[Finding]:
    """The mail server's connection and log-in; nothing is sent."""
    if not settings.host:
        return [ok("E-mail is off: people join by invitation and by asking, not by a code to their work address")]
    try:
        from bot.mail.smtp import SmtpTransport
        from bot.mail.transport import MailError
    except ModuleNotFoundError:
        return [error("The library for e-mail is not installed.", "Install the bot with all it depends on.")]
    where = f"{settings.host}:{settings.port}"
    try:
        await SmtpTransport(settings).greet()
    except MailError as failure:
        if failure.why == "log-in refused":
            return [error(f"The mail server {where} refuses the log-in.", "Check [mail] username and password.")]
        return [
            error(
                f"The mail server {where} does not answer as it should: {failure.why}.",
                "Check [mail] host, port and encryption: 587 goes with starttls, 465 with tls.",
            )
        ]
    found = [ok(f"The mail server {where} answers; e-mail comes from {settings.sender}")]
    if settings.encryption == "none" and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        found.append(
            warning("E-mail goes to the mail server unencrypted.", "Set [mail] encryption to starttls or tls.")
        )
    return found
