"""The story: six jobs of a spring, played in the terminal by invented people on the real program.

Each step either happens or ends the story with an error, so this is also the quickest proof that an installation works.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text
from sqlalchemy import func, select

from bot.app import Application
from bot.config import Settings
from bot.demo import seed
from bot.demo.actors import CHANNEL, Actor, StagePlatform, StoryError, settle, stage_channel
from bot.demo.community_files import rows
from bot.demo.terminal import lines_of
from handlers.conversation.clock import MovableClock
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts, texts_for
from storage.engine import Database
from storage.enums import Locale, MeetingStatus, Platform
from storage.migrations import upgrade
from storage.models import Account, Meeting, MeetingParty, Slot

ROME = ZoneInfo("Europe/Rome")
TEL_AVIV = ZoneInfo("Asia/Jerusalem")
LONGEST = 26
"""Lines of a message that are shown; the rest of a long form's buttons says nothing new."""
INVITE = "FILANDE462"
CAST = ("giulia", "elena", "marco", "sara", "james")


class Stage:
    """The program, the people and the terminal."""

    def __init__(self, console: Console, locale: Locale, platform: Platform, folder: Path) -> None:
        self.console = console
        self.locale = locale
        self.t: Texts = texts_for(locale)
        self.clock = MovableClock(seed.START, running=False)
        self.folder = folder
        self.platform = StagePlatform(platform, self._shown)
        url = f"sqlite:///{folder / 'story.sqlite3'}"
        settings = Settings.model_validate({"database": {"url": url}, "delivery": {
            "telegram_per_second": 0, "telegram_chat_seconds": 0, "telegram_group_per_minute": 0,
            "slack_per_second": 0, "slack_chat_seconds": 0, "slack_edits_per_minute": 0,
        }, "limits": {"events_in_ten_seconds": 0, "events_in_a_minute": 0}})  # fmt: skip
        self.app = Application(settings, clock=self.clock, adapters=[self.platform], ticking=False)
        self._names = {row["key"]: row["name"] for row in rows("people", "person")}
        self._watched: set[str] = set()

    async def open(self) -> None:
        """Fill the store and start."""
        database = Database(self.app.settings.database.url)
        await upgrade(database)
        async with database.writing() as session:
            # Only the office and the delegates have opened a chat so far: the story is told in seconds.
            chats = {*CAST, *(row["person"] for row in rows("mission", "delegate"))}
            codes = self.app.community.codes
            await seed.fill(session, codes=codes, platform=self.platform.platform, chats=chats)
        await database.close()
        await self.app.start()
        await self.app.listening()
        if not any(channel.chat == CHANNEL for channel in self.app.community.channels):
            self.app.community.channels.append(stage_channel(self.platform.platform))

    def actor(self, key: str, name: str = "") -> Actor:
        """Somebody of the sample community (or a newcomer, by name), who speaks the story's language."""
        self._watched.add(key)
        self._names.setdefault(key, name)
        return Actor(self.platform, self.app, key, self._names[key], self.locale, says=self._said)

    async def speak(self, *actors: Actor) -> None:
        """Have members use the story's language, whatever the sample community says."""
        muted, self._watched = self._watched, set()
        for one in actors:
            await one.chooses_language()
        self._watched = muted

    def chapter(self, number: int, title: str) -> None:
        """Begin a job; from now on only those who take part in it are shown."""
        self._watched.clear()
        self.console.print()
        self.console.print(Rule(f"[bold]{number}. {title}", align="left", style="cyan"))

    def scene(self, text: str) -> None:
        """What happens around."""
        self.console.print(Text(text, style="italic dim"))

    async def until(self, moment: datetime) -> None:
        """Let time pass and do what falls due."""
        self.clock.to(moment)
        self.scene(f"— {self.t.moment(moment, ROME, year=True)} —")
        await self.app.tick()
        await settle(self.app)

    async def meeting_start(self, one: str, other: str) -> datetime:
        """When these two meet.

        Raises:
            StoryError: they do not.
        """
        chats = select(Account.person_id).where(Account.user.in_([one, other]))
        statement = (
            select(Slot.starts_at)
            .join(Meeting, Meeting.slot_id == Slot.id)
            .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
            .where(MeetingParty.person_id.in_(chats), Meeting.status == MeetingStatus.CONFIRMED)
            .group_by(Meeting.id, Slot.starts_at)
            .having(func.count() == 2)
        )
        async with self.app.database.reading() as session:
            starts = (await session.execute(statement)).scalars().all()
        if not starts:
            raise StoryError(f"{one} and {other} do not meet")
        return min(starts)

    def _said(self, who: str, text: str) -> None:
        self.console.print(Text.assemble((f"{who} ▸ ", "bold green"), text))

    def _shown(self, chat: str, screen: Screen, edited: bool) -> None:  # noqa: FBT001 - the shape of Watch
        if chat not in self._watched and chat != CHANNEL:
            return
        lines = lines_of(screen, self.platform.platform)
        if len(lines) > LONGEST:
            lines = [*lines[:LONGEST], "…"]
        name = self.t("Community channel") if chat == CHANNEL else self._names.get(chat, chat)
        title = f"{name} ✎" if edited else name
        body = Text("\n".join(lines))
        self.console.print(Panel(body, title=title, title_align="left", border_style="blue", padding=(0, 1)))


async def play(console: Console, *, locale: Locale, platform: Platform) -> None:
    """Play the six jobs.

    Raises:
        StoryError: a step did not happen.
    """
    with tempfile.TemporaryDirectory(prefix="community-bot-story-") as folder:
        stage = Stage(console, locale, platform, Path(folder))
        try:
            await stage.open()
            await stage.speak(*(stage.actor(key) for key in CAST))
            console.print(Rule(f"[bold]{stage.app.community.name}"))
            stage.scene(f"— {stage.t.moment(stage.clock.now(), ROME, year=True)} —")
            await joining(stage)
            await know_how(stage)
            await event(stage)
            await mission(stage)
            await meeting(stage)
            await announcement(stage)
            console.print()
            t = stage.t
            done = t("All six jobs were done.")
            console.print(Rule(f"[bold green]✓ {done}", style="green"))
        finally:
            await stage.app.stop()


async def joining(stage: Stage) -> None:
    """Job 1: a newcomer joins by invitation, another by the staff's approval."""
    t = stage.t
    stage.chapter(1, t("A newcomer joins"))
    lucia = stage.actor("ospite", "Lucia")
    await lucia.writes(f"/start {INVITE}")
    await lucia.presses("Italiano" if stage.locale is Locale.ITALIAN else "English")
    await lucia.presses(t("I agree, let's go"))
    await lucia.fills(
        {
            t("First and last name"): "Lucia Brambati",
            t("Your role there"): t("Head of quality"),
            t("What you allow"): [t("Members can find me in the directory"), t("Send me news and invitations")],
        }
    )
    lucia.sees(t("Welcome to {community}!", community=stage.app.community.name))

    giulia = stage.actor("giulia")
    paolo = stage.actor("ospite-2", "Paolo")
    await paolo.writes("/start")
    await paolo.presses("Italiano" if stage.locale is Locale.ITALIAN else "English")
    await paolo.presses(t("I agree, let's go"))
    await paolo.fills(
        {
            t("First and last name"): "Paolo Vismara",
            t("Organisation"): t("It's not in the list"),
            t("If it's not in the list, its name"): "Laboratorio Vismara",
            t("Your role there"): t("Founder"),
        }
    )
    await giulia.presses(t("Accept"), within="Paolo Vismara")
    paolo.sees(t("Welcome to {community}!", community=stage.app.community.name))
    await lucia.writes("/link")
    lucia.sees(t("Your linking code"))


async def know_how(stage: Stage) -> None:
    """Job 2: a post is shared, approved, shown in the channel, and found in another inflection."""
    t = stage.t
    stage.chapter(2, t("Know-how is shared and found again"))
    sara, giulia, marco = stage.actor("sara"), stage.actor("giulia"), stage.actor("marco")
    title, body, words = (
        (
            "Accordi di riservatezza in una pagina",
            "Bastano quattro clausole: oggetto, durata, eccezioni, foro. La delegazione firma prima della fiera.",
            "accordo riservatezza",
        )
        if stage.locale is Locale.ITALIAN
        else (
            "Confidentiality agreements on one page",
            "Four clauses are enough: subject, duration, exceptions, court. The delegation signs before the fair.",
            "agreement confidentiality",
        )
    )
    await sara.writes("/share")
    await sara.fills({t("Title"): title, t("What kind of post is it?"): _kind(stage, "practice"), t("Text"): body})
    await giulia.presses(t("Approve"), within=title)
    if not any(title in text for text in stage.platform.texts(CHANNEL)):
        raise StoryError("the post does not stand in the channel")
    await marco.writes(words)
    await marco.presses(title[:20])
    marco.sees(title, body[:40])


def _kind(stage: Stage, key: str) -> str:
    row = next(one for one in rows("kinds", "kind") if one["key"] == key)
    return str(row[f"name_{stage.locale.value}"])


async def event(stage: Stage) -> None:
    """Job 3: an event with one live card, a reminder, and a tap that gives the place back."""
    t = stage.t
    stage.chapter(3, t("An event with one live card"))
    giulia, sara, lucia = stage.actor("giulia"), stage.actor("sara"), stage.actor("ospite")
    title = "Colazione con il regolatorio" if stage.locale is Locale.ITALIAN else "Breakfast with the regulators"
    await giulia.writes("/newevent")
    await giulia.fills(
        {
            t("Title"): title,
            t("Where?"): "Sala delle Colonne, Milano",
            t("Starts"): "2018-04-12T08:30",
            t("Ends"): "2018-04-12T10:00",
            t("Places"): "1",
        }
    )
    sara.sees(title)
    await sara.presses(t("Going"), within=title)
    await lucia.presses(t("Join the waiting list"), within=title)
    lucia.sees(t("⏳ You're number {n} on the waiting list.", n="1"))
    await stage.until(datetime(2018, 4, 11, 8, 31, tzinfo=ROME))
    sara.sees(title, t("I can't come any more"))
    await sara.presses(t("I can't come any more"), within=title)
    lucia.sees(t("There is a place for you: {title}", title=title))


async def mission(stage: Stage) -> None:
    """Job 4: an application to the mission, the staff's yes, and the delegate's programme."""
    t = stage.t
    stage.chapter(4, t("A mission to Tel Aviv"))
    sara, elena = stage.actor("sara"), stage.actor("elena")
    await sara.writes("/missions")
    await sara.presses("MIXiii BIOMED 2018")
    await sara.presses(t("Apply"), within="MIXiii BIOMED 2018")
    parts = [
        row[f"title_{stage.locale.value}"] for row in rows("mission", "component") if row["key"] in {"fair", "b2b"}
    ]
    goal = "Tre imprese per i nostri brevetti" if stage.locale is Locale.ITALIAN else "Three companies for our patents"
    await sara.fills(
        {
            t("Which parts would you like?"): sara.options_starting(t("Which parts would you like?"), parts),
            t("What do you want to bring home?"): goal,
        }
    )
    await elena.presses(t("Accept"), within="Sara Bonavita")
    await sara.writes("/programme")
    sara.sees("MIXiii BIOMED 2018")


async def meeting(stage: Stage) -> None:
    """Job 5: a meeting proposed into the first free slot, another time asked and accepted, a reminder before it."""
    t = stage.t
    stage.chapter(5, t("Two delegates meet"))
    elena, marco, james = stage.actor("elena"), stage.actor("marco"), stage.actor("james")
    await elena.writes("/meet")
    who = elena.options_starting(t("Who?"), ["Marco Colombani"])[0]
    other = elena.options_starting(t("With whom?"), ["James Whitcombe"])[0]
    topic = "Infusione di terapie cellulari" if stage.locale is Locale.ITALIAN else "Infusing cell therapies"
    await elena.fills({t("Who?"): who, t("With whom?"): other, t("What about?"): topic})
    marco.sees(t("We think you should meet {name}.", name="James Whitcombe"))
    await marco.presses(t("Confirm"), within="James Whitcombe")
    await james.presses(t("Another time"), within="Marco Colombani")
    await james.presses_choice(0)
    await marco.presses(t("Accept the new time"), within="James Whitcombe")
    james.sees(t("✅ You have both confirmed."))
    start = await stage.meeting_start("marco", "james")
    ahead = timedelta(minutes=9)
    await stage.until(start - ahead)
    marco.sees(t("In {duration}: your meeting with {name}.", duration=t.duration(ahead), name="James Whitcombe"))


async def announcement(stage: Stage) -> None:
    """Job 6: an announcement with its number on the button, and a digest with only what is new."""
    t = stage.t
    stage.chapter(6, t("An announcement, and the weekly digest"))
    giulia, marco = stage.actor("giulia"), stage.actor("marco")
    await giulia.writes("/announce")
    await giulia.fills(
        {
            t("Title in Italian"): "Grazie, delegazione!",
            t("Text in Italian"): "Le foto e i contatti di Tel Aviv sono pronti: scriveteci per averli.",
            t("Title in English"): "Thank you, delegates!",
            t("Text in English"): "The pictures and contacts from Tel Aviv are ready: write to us for them.",
            t("Kind of message"): t("Service: what members need to know"),
        }
    )
    await giulia.presses(t("Preview"))
    await giulia.presses(t("Test to me"))
    await giulia.presses(t("Go on"))
    await giulia.presses_primary(within=t("Send it?"))
    await stage.app.tick()
    await settle(stage.app)
    marco.sees("Grazie, delegazione!" if stage.locale is Locale.ITALIAN else "Thank you, delegates!")
    await giulia.writes("/review")
    await giulia.presses_choice(0)
    await giulia.presses(t("Approve"))
    now = stage.clock.now().astimezone(ROME)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=8, minute=1, second=0, microsecond=0)
    before = marco.count(t("Your digest"))
    await stage.until(monday)
    await stage.app.tick()
    await settle(stage.app)
    if marco.count(t("Your digest")) != before + 1:
        raise StoryError(f"{marco.count(t('Your digest')) - before} digests came, not one")
