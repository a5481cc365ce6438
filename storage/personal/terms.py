"""The words in which a table is declared: what its columns say, how its rows are about people, what becomes of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from storage.enums import Platform
from storage.models import Base

ANONYMOUS = "N. N."
"""What stands in the place of an erased person's name, in both languages (*nomen nescio*)."""


class Chapter(StrEnum):
    """What a table is about: the chapters of an export and of the record of processing."""

    PROFILE = "profile"
    ACCOUNTS = "accounts"
    CONSENTS = "consents"
    PREFERENCES = "preferences"
    KNOWHOW = "knowhow"
    EVENTS = "events"
    MISSIONS = "missions"
    MEETINGS = "meetings"
    ANNOUNCEMENTS = "announcements"
    MESSAGES = "messages"
    FORMS = "forms"
    DISCLOSURES = "disclosures"
    DECISIONS = "decisions"
    SECURITY = "security"
    NONE = "none"  # holds nothing about anybody


class Says(StrEnum):
    """What a column says."""

    PLAIN = "plain"  # keys, states, times, counts: nothing about anybody without the row's person
    WORDS = "words"  # entered by a person or written about one
    PERSON = "person"  # the id of a person
    ADDRESS = "address"  # who or where somebody is on a platform
    DIGEST = "digest"  # of a code; never handed over
    HOUSE = "house"  # the community's own words: a title, a sector's name; not about a person


class Period(StrEnum):
    """How long rows are kept: a setting of ``[privacy.retention]``, or one of the first four."""

    PERSON = "person"  # as long as the person is here
    SUBJECT = "subject"  # as long as what they belong to
    COMMUNITY = "community"  # no personal data: as long as the community likes
    MOMENT = "moment"  # seconds to minutes, by themselves
    DRAFTS = "drafts_days"
    OUTBOX = "outbox_days"
    INBOX = "inbox_hours"
    ATTEMPTS = "attempts_days"
    CODES = "codes_days"
    AUDIT = "audit_days"
    CHATS = "web_messages_days"
    READINGS = "readings_days"
    RESULTS = "results_days"
    APPLICATIONS = "applications_days"
    CHANNELS = "channel_members_days"
    EXPORTS = "exports_days"
    SLIPS = "until"  # the date that each slip states


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Somebody's account on a platform, as our tables name it without their id."""

    platform: Platform
    account: str
    user: str
    chat: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody, by everything that our tables know them by.

    Attributes:
        id: their row.
        accounts: their accounts.
        digests: what is kept of them as a digest alone.
    """

    id: int
    accounts: Sequence[AccountKey] = ()
    digests: Sequence[str] = ()

    def acts(self, platform: Any, account: Any, user: Any) -> ColumnElement[bool]:
        """Rows that name one of their accounts by the platform's id of the person."""
        keys = [(one.platform, one.account, one.user) for one in self.accounts]
        return tuple_(platform, account, user).in_(keys) if keys else false()

    def reads(self, platform: Any, account: Any, chat: Any) -> ColumnElement[bool]:
        """Rows that name one of their private chats."""
        keys = [(one.platform, one.account, one.chat) for one in self.accounts]
        return tuple_(platform, account, chat).in_(keys) if keys else false()

    def on_web(self, chat: Any, author: Any) -> ColumnElement[bool]:
        """Rows of the web chat that are in their own chat, or written by them."""
        web = [one for one in self.accounts if one.platform is Platform.WEB]
        if not web:
            return false()
        return or_(chat.in_([one.chat for one in web]), author.in_([one.user for one in web]))


class Erase(StrEnum):
    """What erasure does with somebody's rows."""

    DELETE = "delete"
    CHANGE = "change"  # blank the columns that ``blank`` names; the row stays
    KEEP = "keep"  # it stays and counts; what it points to is a number without a name
    ELSEWHERE = "elsewhere"  # done with the rules of its own in storage.queries.erasure


class Moment(StrEnum):
    """A blank that is a moment: of the erasure."""

    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way in which rows of a table are about somebody.

    Attributes:
        role: what they are there, for the export: ``author``, ``reader``, ``decided``.
        rows: which rows are theirs.
        export: the columns that they are handed; none where the rows say more of others than of them.
        beside: what the export adds so that a row can be understood: titles of what an id names.
        erase: what erasure does.
        blank: for CHANGE: the new value of each column.
    """

    role: str
    rows: Callable[[Whose], ColumnElement[bool]]
    export: Sequence[InstrumentedAttribute[Any]] = ()
    beside: Mapping[str, Callable[[], ColumnElement[Any]]] = field(default_factory=dict)
    erase: Erase
    blank: Mapping[InstrumentedAttribute[Any], object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One table.

    Attributes:
        model: which.
        chapter: what it is about.
        says: every column and what it says; a test fails for a column that is not named.
        links: how its rows are about people.
        kept: how long.
        why: one English sentence for who reviews the declaration.
    """

    model: type[Base]
    chapter: Chapter
    says: Mapping[str, Says]
    links: Sequence[Link] = ()
    kept: Period
    why: str


def columns(
    *,
    plain: str = "",
    words: str = "",
    person: str = "",
    address: str = "",
    digest: str = "",
    house: str = "",
) -> dict[str, Says]:
    """The columns of a table by what they say, each a list of names parted by blanks.

    Raises:
        ValueError: a column is named twice.
    """
    found: dict[str, Says] = {}
    for says, names in (
        (Says.PLAIN, plain),
        (Says.WORDS, words),
        (Says.PERSON, person),
        (Says.ADDRESS, address),
        (Says.DIGEST, digest),
        (Says.HOUSE, house),
    ):
        for name in names.split():
            if name in found:
                raise ValueError(f"{name} is declared twice")
            found[name] = says
    return found


def is_person(column: InstrumentedAttribute[Any]) -> Callable[[Whose], ColumnElement[bool]]:
    """Rows in which that column holds their id."""
    return lambda who: column == who.id


def resolved(value: object, now: datetime) -> object:
    """A blank as it is written."""
    return now if value is Moment.ERASURE else value
