"""The composition root: settings → store → platforms → one set of tasks, and an orderly stop."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from bot import channel_members, metrics
from bot.code_key import code_key
from bot.config import Settings
from bot.delivery.flood import FloodGuard
from bot.delivery.receiver import InboxReceiver
from bot.delivery.sender import Sender
from bot.file_cache import FileCache
from bot.mail.sender import MailSender
from bot.mail.transport import MailTransport
from bot.platforms.base import Adapter, Failure, MenuEntry, SendError
from bot.schedule import Schedule, Tick
from handlers.announcements import jobs as announcement_jobs
from handlers.conversation import second_ping
from handlers.conversation.actions import REGISTRY
from handlers.conversation.clock import Clock
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.context import AnnouncementPolicy, Channel, Community, KnowhowPolicy, StaffPolicy
from handlers.conversation.permissions import ROLES_FOR
from handlers.conversation.screen import FileReference
from handlers.conversation.texts import texts_for
from handlers.digests import jobs as digest_jobs
from handlers.directory import jobs as directory_jobs
from handlers.events import jobs as event_jobs
from handlers.finding import jobs as finding_jobs
from handlers.knowhow import jobs as knowhow_jobs
from handlers.knowhow.answers import jobs as answer_jobs
from handlers.knowhow.blind import jobs as blind_jobs
from handlers.knowhow.calls import jobs as call_jobs
from handlers.knowhow.experts import jobs as expert_jobs
from handlers.knowhow.matches import jobs as match_jobs
from handlers.meetings import jobs as meeting_jobs
from handlers.missions import jobs as mission_jobs
from handlers.privacy import jobs as privacy_jobs
from handlers.privacy.purging import purge_rows
from handlers.roundups import jobs as roundup_jobs
from handlers.router import Router
from handlers.staff import jobs as staff_jobs
from storage.engine import Database
from storage.enums import Locale, Platform
from storage.queries import leases, outbox, outbox_care, people

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
"""How long an orderly stop waits for what is being handled; all of it together takes less than ten seconds."""
CLOSE_SECONDS = 1.0
"""How long it waits for each thing that it lets go of."""
SWEEPS = 3
"""How often what was left behind is looked for in the time of a lease."""
TIDIED = ("inbox", "outbox", "drafts", "attempts")
"""The kinds of data that pile up within a day; the rest is purged once a day."""

Job = Callable[[Database, Community, Clock], Awaitable[int]]

JOBS: Sequence[tuple[str, int, Job]] = (
    ("event reminders", 20, event_jobs.reminders_due),
    ("event waiting lists", 60, event_jobs.waiting_lists_due),
    ("meeting reminders", 20, meeting_jobs.reminders_due),
    ("mission deadlines", 60, mission_jobs.deadlines_due),
    ("digests", 30, digest_jobs.digests_due),
    ("the week in the channels", 30, roundup_jobs.weeks_due),
    ("what needs the staff", 30, roundup_jobs.attention_due),
    ("unread notices", 30, second_ping.unread_due),
    ("announcement batches", 1, announcement_jobs.runs_due),
    ("announcement plans", 10, announcement_jobs.plans_due),
    ("announcement progress", 3, announcement_jobs.progress_due),
    ("announcement reminders", 60, announcement_jobs.chases_due),
    ("introductions", 60, directory_jobs.introductions_due),
    ("directory", 60, directory_jobs.directory_due),
    ("announcements for those who join", 30, announcement_jobs.late_joiners_due),
    ("answered questions", 600, answer_jobs.helped_due),
    ("deadlines of calls", 60, call_jobs.deadlines_due),
    ("those who may know", 60, expert_jobs.experts_due),
    ("reminders of posts", 60, answer_jobs.reminders_due),
    ("search upkeep", 300, finding_jobs.missed_due),
    ("offers and requests that fit", 60, match_jobs.matches_due),
    ("interest in blind posts", 60, blind_jobs.interests_due),
    ("posts that run out", 600, knowhow_jobs.posts_running_out),
    ("copies of one's data", 5, privacy_jobs.exports_due),
    ("chats of the erased", 30, privacy_jobs.erased_chats_due),
    ("purge", 600, privacy_jobs.purge_due),
    ("consent slips", 60, privacy_jobs.slips_due),
    ("staff notes", 300, staff_jobs.notes_due),
    ("items taken for too long", 600, staff_jobs.holds_due),
    ("what was done for others", 20, staff_jobs.acted_due),
    ("lists from files", 2, staff_jobs.lists_due),
)
"""Each asks the database what is due: name, seconds between two looks, job."""


def menu() -> list[MenuEntry]:
    """The commands as the platforms' menus list them."""
    return [
        MenuEntry(
            names=dict(spec.names),
            descriptions={locale: texts_for(locale)(spec.description) for locale in Locale},
            staff=spec.permission in ROLES_FOR,
            groups=spec.in_groups,
        )
        for spec in REGISTRY.command_list()
        if spec.listed
    ]


def _mail_server(settings: Settings) -> MailTransport | None:
    """The mail server of the settings; its library is loaded only where there is one."""
    if not settings.mail.host:
        return None
    from bot.mail.smtp import SmtpTransport

    return SmtpTransport(settings.mail)


class Application:
    """The running bot.

    Args:
        settings: as read.
        clock: tells the time.
        adapters: the platforms, not yet open.
        ticking: whether the schedule runs by itself; tests call :meth:`tick`.
        mail: the way e-mail goes instead of the settings' server.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        adapters: Sequence[Adapter],
        ticking: bool = True,
        mail: MailTransport | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.claim = secrets.token_hex(8)
        self.database = Database(settings.database.url, durable=settings.database.durable)
        self.community = Community(
            name=settings.community.name,
            locale=settings.community.default_language,
            zone=ZoneInfo(settings.community.timezone),
            slash_command=settings.community.slash_command,
            controller=settings.community.controller,
            contact=settings.community.contact,
            retention=settings.privacy.retention.lengths(),
            announcing=AnnouncementPolicy(
                second_approval_above=settings.announcements.second_approval_above,
                opens=settings.announcements.send_from,
                closes=settings.announcements.send_until,
                spares_holidays=settings.announcements.spare_holidays,
            ),
            codes=CodeKeeper(code_key(settings)),
            quiet_hours=settings.community.quiet_hours,
            staff=StaffPolicy(
                remind_after_days=settings.staff.remind_after_days,
                note_at=settings.staff.note_at,
            ),
            knowhow=KnowhowPolicy(settings.knowhow.moderation, settings.knowhow.first_posts),
            roundups=settings.digests.policy(),
        )
        self.community.fetch_file = self.fetch_file
        self.adapters = list(adapters)
        self._files = FileCache(self._download)
        self.router = Router(self.database, self.community, clock, claim=self.claim)
        self.senders: dict[tuple[Platform, str], Sender] = {}
        transport = mail or _mail_server(settings)
        self.community.mails = transport is not None
        self.mail = MailSender(self.database, self.community, clock, transport, claim=self.claim) if transport else None
        self.receiver = InboxReceiver(
            self.database,
            self.router,
            clock,
            claim=self.claim,
            senders=self.senders,
            flood=FloodGuard(
                burst=settings.limits.events_in_ten_seconds, per_minute=settings.limits.events_in_a_minute
            ),
            on_mail=self._mail_queued,
        )
        ticks = [Tick(name, seconds, self._job(job)) for name, seconds, job in JOBS]
        ticks += [Tick("tidy up", 600, self.tidy), Tick("staff menus", 60, self.show_staff_menus)]
        ticks.append(Tick("channel members", 60, self.learn_channel_members))
        ticks.append(Tick("e-mails", 5, self.send_mails))
        self.schedule = Schedule(ticks, found=self.wake)
        self._menus: dict[tuple[Platform, str], Locale] = {}
        self._ticking = ticking
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._caught_up = asyncio.Event()
        self._broken = asyncio.Event()
        self._lease = timedelta(seconds=settings.delivery.lease_seconds)

    def _job(self, job: Job) -> Callable[[], Awaitable[int]]:
        async def run() -> int:
            return await job(self.database, self.community, self.clock)

        return run

    async def start(self) -> None:
        """Open the platforms, take the leases, and begin: first with what an earlier process left.

        Raises:
            SendError: a platform refuses its token.
            sqlalchemy.exc.SQLAlchemyError: the store cannot be used.
        """
        await self.database.ping()
        entries = menu()
        for adapter in self.adapters:
            await adapter.open(entries)
            self._admit(adapter)
        await self._keep_leases_once()
        for sender in self.senders.values():
            self._spawn(sender.run(), f"sender {sender.adapter.platform}")
        self._spawn(self._keep_leases(), "leases")
        self._spawn(self._sweep(), "sweeper")
        for adapter in self.adapters:
            self._spawn(self._listen(adapter), f"listen {adapter.platform}")
        if self._ticking:
            self.schedule.start()
            self._spawn(self._first_ticks(), "first ticks")
        await asyncio.sleep(0)  # every task has begun when this returns

    async def listening(self) -> None:
        """Wait until what an earlier process left is handled, and every platform is listened to."""
        await self._caught_up.wait()
        await asyncio.sleep(0)  # the listeners waited for the same, and longer

    async def _listen(self, adapter: Adapter) -> None:
        """Receive; where a token has one receiver only, as long as this process is the one that sends for it.

        What had come before is handled first, so that everybody's events stay in their order.
        """
        await self._caught_up.wait()
        if not getattr(adapter, "listens_alone", False):
            await adapter.listen(self.receiver)
            return
        sender = self.senders[adapter.platform, adapter.account]
        while True:
            await sender.lease_held.wait()
            listening = asyncio.create_task(adapter.listen(self.receiver))
            lost = asyncio.create_task(sender.lease_lost.wait())
            try:
                await asyncio.wait([listening, lost], return_when=asyncio.FIRST_COMPLETED)
            finally:
                lost.cancel()
                listening.cancel()
                await asyncio.wait([listening, lost])
            if not listening.cancelled() and (error := listening.exception()) is not None:
                raise error

    def _admit(self, adapter: Adapter) -> None:
        pace = adapter.pace
        delivery = self.settings.delivery
        match adapter.platform:
            case Platform.TELEGRAM:
                pace = replace(
                    pace,
                    per_second=delivery.telegram_per_second,
                    chat_seconds=delivery.telegram_chat_seconds,
                    group_per_minute=delivery.telegram_group_per_minute,
                    in_flight=delivery.in_flight,
                    unrepeatable_in_flight=delivery.unrepeatable_in_flight,
                )
                chat, _, thread = self.settings.telegram.community_chat.partition(":")
            case Platform.SLACK:
                pace = replace(
                    pace,
                    per_second=delivery.slack_per_second,
                    chat_seconds=delivery.slack_chat_seconds,
                    in_flight=delivery.in_flight,
                    # Doubts are resolved there by reading, so that any number may be on their way.
                    unrepeatable_in_flight=delivery.in_flight,
                    edits_per_minute=delivery.slack_edits_per_minute,
                )
                chat, thread = self.settings.slack.community_channel, ""
            case Platform.WEB:
                chat, thread = "community", ""
        adapter.pace = pace
        self.senders[adapter.platform, adapter.account] = Sender(
            self.database, adapter, self.community, self.clock, claim=self.claim
        )
        if chat:
            self.community.channels.append(Channel(adapter.platform, adapter.account, chat, thread))
        for sector, (own_chat, own_thread) in self._sector_channels(adapter.platform, chat).items():
            channel = Channel(adapter.platform, adapter.account, own_chat, own_thread)
            self.community.sector_channels.setdefault(sector, []).append(channel)
        deep_link = getattr(adapter, "deep_link", None)
        if deep_link is not None:
            self.community.deep_links[adapter.platform] = deep_link
        outline = getattr(adapter, "outline", None)
        if outline is not None:
            self.community.outlines[adapter.platform] = outline

    def _sector_channels(self, platform: Platform, chat: str) -> dict[str, tuple[str, str]]:
        """Where each sector's posts go on a platform: chat and thread, by the sector's key."""
        match platform:
            case Platform.TELEGRAM:
                topics = self.settings.telegram.sector_topics if chat else {}
                return {sector: (chat, str(topic)) for sector, topic in topics.items()}
            case Platform.SLACK:
                return {sector: (channel, "") for sector, channel in self.settings.slack.sector_channels.items()}
            case Platform.WEB:
                return {}

    def wake(self) -> None:
        """Something was queued."""
        for sender in self.senders.values():
            sender.wake()

    async def tick(self) -> int:
        """Every tick once, now; for the demo's moved clock and for tests. Returns what was found to do."""
        return await self.schedule.run_all()

    async def fetch_file(self, reference: FileReference) -> bytes:
        """The bytes of a file, from whichever platform keeps it.

        Raises:
            SendError: no such platform is connected, or the file cannot be had.
        """
        return await self._files(reference)

    async def _download(self, reference: FileReference) -> bytes:
        for adapter in self.adapters:
            if (adapter.platform.value, adapter.account) == (reference.platform, reference.account):
                return await adapter.download(reference)
        raise SendError(Failure.REFUSED, f"{reference.platform} is not connected")

    async def settled(self) -> bool:
        """Whether everything that came in is handled and everything that is due was sent."""
        if not self._quiet():
            return False
        async with self.database.reading() as session:
            for platform, account in self.senders:
                if await outbox.candidates(session, platform, account, now=self.clock.now(), most=1):
                    return False
        return self._quiet()

    def _quiet(self) -> bool:
        at_rest = self.receiver.idle and self.schedule.idle and self._caught_up.is_set()
        return at_rest and all(sender.idle for sender in self.senders.values())

    async def stop(self) -> None:
        """Finish what is being handled, let go of everything; less than ten seconds."""
        self._stopping.set()
        self.schedule.stop()
        for task in self._tasks:
            if task.get_name().startswith("listen"):
                task.cancel()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(self.receiver.drain(), *(sender.stop() for sender in self.senders.values()))
                # What writes to the store ends by itself: SQLite's lock would outlive a cancelled transaction.
                if self._tasks:
                    await asyncio.wait(self._tasks)
                while not self.schedule.idle:  # noqa: ASYNC110 - the scheduler has no event for it
                    await asyncio.sleep(0.01)
        except TimeoutError:
            log.warning("stopping although something is still on its way; it is settled at the next start")
        self.schedule.close()
        for task in self._tasks:
            task.cancel()
        ends = [self.receiver.cancel(), *(sender.cancel() for sender in self.senders.values())]
        await _let_go("tasks", asyncio.gather(*self._tasks, *ends, return_exceptions=True))
        await _let_go("leases", self._release_leases())
        for adapter in self.adapters:
            await _let_go(f"{adapter.platform}", adapter.close())
        await _let_go("the store", self.database.close())

    async def _release_leases(self) -> None:
        try:
            async with self.database.writing() as session:
                await leases.release_all(session, self.claim)
        except SQLAlchemyError:
            log.warning("the store is gone; leases run out by themselves")

    async def broken(self) -> None:
        """Wait until a part of the program has ended that must not; the log says which and why."""
        await self._broken.wait()

    def _spawn(self, work: Awaitable[None], name: str) -> None:
        async def guarded() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("a task ended that must not", extra={"task": name})
                self._broken.set()

        self._tasks.append(asyncio.create_task(guarded(), name=name))

    async def _stops_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return False
        return True

    async def _first_ticks(self) -> None:
        await self.tick()

    async def _keep_leases(self) -> None:
        while not await self._stops_within(self._lease.total_seconds() / leases.RENEWALS):
            try:
                await self._keep_leases_once()
            except SQLAlchemyError as error:
                for sender in self.senders.values():
                    sender.holds_lease = False
                log.warning("leases not renewed", extra={"error": type(error).__name__})

    async def _keep_leases_once(self) -> None:
        began = time.monotonic()
        async with self.database.writing() as session:
            await leases.take(session, leases.PROCESS + self.claim, self.claim, lasting=self._lease)
            held = {
                key: await leases.take(session, sender.lease, self.claim, lasting=self._lease)
                for key, sender in self.senders.items()
            }
            living = await leases.alive(session)
        for key, sender in self.senders.items():
            sender.alive_until(began + self._lease.total_seconds())
            if held[key] and not sender.holds_lease:
                # First in line is what the former holder left half done: answers to what is heard now come after it.
                await sender.sweep(living)
            sender.holds_lease = held[key]

    async def _sweep(self) -> None:
        while True:
            try:
                await self._sweep_once()
            except SQLAlchemyError as error:
                log.warning("nothing swept", extra={"error": type(error).__name__})
            except Exception:
                log.exception("a sweep failed; it comes again")
            else:
                self._caught_up.set()
            if await self._stops_within(self._lease.total_seconds() / SWEEPS):
                return

    async def _sweep_once(self) -> None:
        more = True
        while more and not self._stopping.is_set():
            async with self.database.reading() as session:
                living = await leases.alive(session)
                standing = {key: await outbox_care.gauge(session, *key) for key in self.senders}
            for (platform, _), gauge in standing.items():
                metrics.show_outbox(platform, gauge, self.clock.now())
            for sender in self.senders.values():
                if sender.holds_lease:
                    await sender.sweep(living)
                await sender.sweep_own()
            more = await self.receiver.recover(living)

    def _mail_queued(self) -> None:
        self.receiver.spawn(self._send_mails(), name="e-mails")

    async def _send_mails(self) -> None:
        await self.send_mails()

    async def send_mails(self) -> int:
        """Send the e-mails that are due. Nothing for the senders of chat messages to look for comes of it."""
        if self.mail is not None:
            await self.mail.send_due()
        return 0

    async def show_staff_menus(self) -> int:
        """Where a platform's menu depends on who reads it, show the staff theirs, and take it back from former staff.

        A menu only shows: rights are checked when a command is used, so a refusal by the platform does no harm.
        """
        for adapter in self.adapters:
            show, hide = getattr(adapter, "show_staff_menu", None), getattr(adapter, "hide_staff_menu", None)
            if show is None or hide is None:
                continue
            async with self.database.reading() as session:
                wanted = await people.staff_chats(session, adapter.platform, adapter.account)
            known = {chat for platform, chat in self._menus if platform is adapter.platform}
            for chat in known | set(wanted):
                locale = wanted.get(chat)
                if self._menus.get((adapter.platform, chat)) is locale:
                    continue
                try:
                    await (show(chat, locale) if locale is not None else hide(chat))
                except SendError as error:
                    log.info("a staff menu was not set", extra={"why": error.failure})
                if locale is None:
                    del self._menus[adapter.platform, chat]
                else:
                    self._menus[adapter.platform, chat] = locale
        return 0

    async def learn_channel_members(self) -> int:
        """Look up who reads the channels, a few people at a time."""
        return await channel_members.look_up(self.database, self.community, self.clock, self.adapters)

    async def tidy(self) -> int:
        """Forget what need not be kept: handled events, settled messages, drafts nobody came back to."""
        async with self.database.writing() as session:
            await leases.forget_dead(session)
        await purge_rows(self.database, self.community, self.clock, TIDIED)
        return 0


async def _let_go(what: str, work: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await work
    except TimeoutError:
        log.warning("left behind while stopping: %s", what)
    except Exception:
        log.exception("cannot let go of %s", what)
