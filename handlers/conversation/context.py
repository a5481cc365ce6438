"""What a handler is given: the session, the person, the language, the clock, and ways to tell others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.acting import Acting
from handlers.conversation.clock import Clock
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.event import Ask, Event
from handlers.conversation.permissions import Permission, allowed
from handlers.conversation.screen import FileReference, Screen
from handlers.conversation.texts import Texts, texts_for
from storage.enums import Locale, Moderation, Platform, Role
from storage.models import Account, Person
from storage.quiet_hours import QuietHours


@dataclass(frozen=True, slots=True)
class Channel:
    """The community's own channel on one platform, where public cards are posted."""

    platform: Platform
    account: str
    chat: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """One of the messages that a screen becomes on a platform, in words: what stands in it, below it and with it.

    Attributes:
        text: its text or caption, without markup.
        buttons: the labels below it, row by row.
        file: the name of its picture or file.
    """

    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementPolicy:
    """How the community announces.

    Attributes:
        second_approval_above: more recipients than this need a second person's approval; 0 asks for none.
        opens, closes: the sending window, on the community's clock; equal times leave it always open.
        spares_holidays: whether nothing goes out on Sundays and public holidays either.
    """

    second_approval_above: int = 0
    opens: time = time(8)
    closes: time = time(20)
    spares_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of data is kept. Lengths of time; none of them touches what somebody still takes part in.

    Attributes:
        inactive: without acting on any platform, a person is erased, after a warning.
        warning: how long before that they are told.
        unfinished: somebody who agreed to the notice and never finished joining.
        refused: somebody whose request was not accepted, or who was shut out.
        drafts: a half-filled form that nobody touches.
        inbox: the id of a handled event; Telegram delivers again for up to 23 hours.
        outbox: a settled message.
        keys: the key that keeps a settled message from being sent again.
        results: who got an announcement.
        attempts: wrong codes.
        codes: codes that have run out.
        audit: decisions of the staff.
        web_messages: the web chat's history.
        readings: what was opened, and what a digest has named.
        applications: what an applicant wrote, after the mission's end.
        channel_members: who was last seen in a channel.
        exports: a copy of one's data that could not be delivered.
    """

    inactive: timedelta = timedelta(days=3 * 365)
    warning: timedelta = timedelta(days=7)
    unfinished: timedelta = timedelta(days=30)
    refused: timedelta = timedelta(days=180)
    drafts: timedelta = timedelta(days=30)
    inbox: timedelta = timedelta(hours=25)
    outbox: timedelta = timedelta(days=7)
    keys: timedelta = timedelta(days=180)
    results: timedelta = timedelta(days=365)
    attempts: timedelta = timedelta(days=1)
    codes: timedelta = timedelta(days=30)
    audit: timedelta = timedelta(days=5 * 365)
    web_messages: timedelta = timedelta(days=365)
    readings: timedelta = timedelta(days=400)
    applications: timedelta = timedelta(days=2 * 365)
    channel_members: timedelta = timedelta(days=90)
    exports: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class StaffPolicy:
    """How the staff are reminded of what waits for them.

    Attributes:
        remind_after_days: what has waited longer stands in the daily note.
        note_at: when that comes, on the community's clock, from Monday to Friday.
    """

    remind_after_days: int = 2
    note_at: time = time(9)


@dataclass(frozen=True, slots=True)
class KnowhowPolicy:
    """Which posts a moderator looks at, and when; ``first_posts`` counts for :attr:`Moderation.FIRST`."""

    moderation: Moderation = Moderation.ALL
    first_posts: int = 3


@dataclass(frozen=True, slots=True)
class RoundupPolicy:
    """When the weekly roundups come, on the community's clock; a weekday is 0 for Monday, -1 for never.

    Attributes:
        channel_weekday, channel_hour: of the week in the community's channels.
        staff_weekday, staff_hour: of what needs the staff.
    """

    channel_weekday: int = -1
    channel_hour: int = 9
    staff_weekday: int = -1
    staff_hour: int = 8


@dataclass(slots=True)
class Community:
    """What the installation says of itself; the same for every handler.

    Attributes:
        name: how the community calls itself.
        locale: the language of its channels and of strangers whose own is unknown.
        zone: where it is.
        slash_command: Slack's command, with the slash.
        controller: who is responsible for personal data, named in the privacy notice.
        contact: whom to write to about personal data.
        channels: where public cards are posted; filled in when the platforms have connected.
        sector_channels: where a sector's posts go instead, by the sector's key.
        deep_links: by platform, makes the web address that opens the chat with a payload.
        outlines: by platform, tells which messages a screen becomes there.
        announcing: how it announces.
        codes: keeps codes, under the installation's key.
        mails: whether it can send e-mail.
        quiet_hours: when nobody is disturbed who has not chosen otherwise; ``None`` for never.
        retention: how long it keeps what.
        staff: how the staff are reminded of what waits for them.
        knowhow: which posts a moderator looks at.
        roundups: when the weekly roundups come.
        fetch_file: the bytes of a file, from whichever platform keeps it; raises where it cannot be had.
    """

    name: str
    locale: Locale = Locale.ITALIAN
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Rome"))
    slash_command: str = "/cluster"
    controller: str = ""
    contact: str = ""
    channels: list[Channel] = field(default_factory=list)
    sector_channels: dict[str, list[Channel]] = field(default_factory=dict)
    deep_links: dict[Platform, Callable[[str], str]] = field(default_factory=dict)
    outlines: dict[Platform, Callable[[Screen], Sequence[Outline]]] = field(default_factory=dict)
    announcing: AnnouncementPolicy = field(default_factory=AnnouncementPolicy)
    codes: CodeKeeper = field(default_factory=CodeKeeper)
    mails: bool = False
    quiet_hours: QuietHours | None = None
    retention: Retention = field(default_factory=Retention)
    staff: StaffPolicy = field(default_factory=StaffPolicy)
    knowhow: KnowhowPolicy = field(default_factory=KnowhowPolicy)
    roundups: RoundupPolicy = field(default_factory=RoundupPolicy)
    fetch_file: Callable[[FileReference], Awaitable[bytes]] | None = None


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of the program
    """What was asked cannot be done; the message says why and what to do next, in the person's language.

    Raised by services: the transaction is rolled back and the person reads the message.
    """

    def __init__(self, message: str, *, alert: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.alert = alert


@dataclass(slots=True)
class ReadContext:
    """What is needed to render something for one reader, or for everybody (``person`` is ``None``: a channel).

    While one of the staff acts for somebody, ``person`` is whom they act for, without their roles, and ``acting`` says
    who acts; the language is that of whoever reads.
    """

    session: AsyncSession
    community: Community
    clock: Clock
    person: Person | None
    roles: AbstractSet[Role]
    locale: Locale
    platform: Platform | None = None
    acting: Acting | None = field(default=None, kw_only=True)

    @property
    def t(self) -> Texts:
        """The reader's language."""
        return texts_for(self.locale)

    @property
    def now(self) -> datetime:
        """The present, in UTC."""
        return self.clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """The reader's time zone."""
        return ZoneInfo(self.person.timezone) if self.person else self.community.zone

    @property
    def me(self) -> Person:
        """The person, where the permission guarantees that there is one.

        Raises:
            RuntimeError: an action that ANYONE may press asked for a person who is not there.
        """
        if self.person is None:
            raise RuntimeError("this needs a person; give the action another permission")
        return self.person

    def may(self, permission: Permission) -> bool:
        """Whether the reader has that permission."""
        return allowed(permission, status=self.person.status if self.person else None, roles=self.roles)


@dataclass(slots=True)
class Context(ReadContext):
    """What an action, command or form is given. The session is in a writing transaction that the router commits."""

    event: Event = field(kw_only=True)
    account: Account | None = None
    left_acting: bool = False
    """What was pressed or handed in was drawn while acting for somebody, which is over."""
    build_form: Callable[["Context", str, Mapping[str, str]], Awaitable[Ask]] | None = None

    async def ask(self, form: str, **context: object) -> Ask:
        """The reply that puts a form, with what was filled in before."""
        if self.build_form is None:
            raise RuntimeError("forms are put by the router's context only")
        return await self.build_form(self, form, {key: str(value) for key, value in context.items()})
