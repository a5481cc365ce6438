"""E-mail in the words of no mail server: a letter, and the row that has it sent after the commit."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.conversation.context import ReadContext
from storage.queries.mails import queue_mail


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says: plain text alone."""

    subject: str
    text: str


LetterRenderer = Callable[..., Awaitable[Letter | None]]


async def send_letter(
    ctx: ReadContext, kind: str, address: str, *, expires: datetime, data: Mapping[str, object]
) -> None:
    """Queue an e-mail to somebody, in their language of now.

    Args:
        ctx: its session's transaction carries the row; its person is whom it is about.
        kind: a registered letter.
        address: to whom.
        expires: when it is no longer worth sending.
        data: what the letter's renderer takes, in JSON's types; no secret.
    """
    await queue_mail(
        ctx.session,
        person_id=ctx.person.id if ctx.person else None,
        kind=kind,
        address=address,
        locale=ctx.locale,
        data=dict(data),
        message_id=secrets.token_hex(16),
        now=ctx.now,
        expires=expires,
    )
