"""E-mail: codes for work addresses, and what is to be sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import Locale, MailState
from storage.models.base import Base, JsonDict, Key, Line, Word


class AddressCode(Base):
    """That a code was sent to an address to see whether a person reads it.

    The code itself is nowhere: it is computed from ``nonce``, the address and the installation's key, when the e-mail
    is written and when an answer is checked, so whoever has stolen the table can compute none. The row goes with the
    person, and a day after it has run out.

    Attributes:
        wrong: how many wrong codes were typed.
        used_at: since when it no longer works: the right code was typed, or another code was asked for.
    """

    __tablename__ = "address_codes"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[Line]
    nonce: Mapped[Word]
    wrong: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Mail(Base):
    """An e-mail to be sent, written in the transaction of what it tells. It goes with the person.

    Attributes:
        kind: which registered letter renders it, when it is sent.
        address: to whom; emptied when it is settled.
        data: what the letter needs, in JSON's types; holds no secret.
        message_id: its Message-ID (RFC 5322, 3.6.4), the same at every try, by which mail systems tell a repeat.
        claim: which process is sending it.
        error: what the mail server said last: its code, or the sort of failure. Never words about a person.
    """

    __tablename__ = "mails"
    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Word]
    address: Mapped[Line]
    locale: Mapped[Locale]
    data: Mapped[JsonDict] = mapped_column(default=dict)
    message_id: Mapped[Word]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[Word] = mapped_column(default="")
    error: Mapped[Word] = mapped_column(default="")
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_mails_due", "state", "due_at"),)
