"""Examples for the gallery."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.preferences import forms, screens
from handlers.preferences.service import Levels, Preferences
from storage.enums import DigestFrequency, Locale, NoticeTopic, Platform, QuietChoice, TopicLevel
from storage.models import Sector, Topic
from storage.queries.preferences import topic_of_sector
from storage.quiet_hours import QuietHours

NOW = datetime(2018, 4, 12, 20, 15, tzinfo=UTC)
USUAL = QuietHours()
SECTORS = (
    Sector(id=1, key="biotech", name_it="Biotecnologie", name_en="Biotechnology"),
    Sector(id=2, key="medtech", name_it="Dispositivi medici", name_en="Medical devices"),
)
TOPICS = (Topic(id=1, key="funding", name_it="Bandi e finanziamenti", name_en="Calls and funding"),)


def _preferences(
    t: Texts, choice: QuietChoice, quiet: QuietHours | None, platforms: tuple[Platform, ...], zone: str = "Europe/Rome"
) -> Preferences:
    return Preferences(
        locale=Locale(t.locale),
        zone=ZoneInfo(zone),
        choice=choice,
        quiet=quiet,
        usual=USUAL,
        quiet_now=datetime(2018, 4, 13, 5, 30, tzinfo=UTC) if quiet is not None else None,
        channel=Platform.TELEGRAM if len(platforms) > 1 else None,
        platforms=platforms,
        digest=DigestFrequency.WEEKLY,
        now=NOW,
    )


def _usual(t: Texts) -> Preferences:
    return _preferences(t, QuietChoice.DEFAULT, USUAL, (Platform.TELEGRAM, Platform.SLACK))


def _levels(*, has_digest: bool = True, digest: DigestFrequency = DigestFrequency.WEEKLY) -> Levels:
    chosen = {
        NoticeTopic.EVENTS.value: TopicLevel.DIGEST,
        NoticeTopic.EVENT_REMINDERS.value: TopicLevel.MUTED,
        topic_of_sector(1): TopicLevel.NOW,
    }
    return Levels(chosen, TOPICS, SECTORS, allows_news=True, has_digest=has_digest, digest=digest)


@example("preferences.settings")
def settings(t: Texts) -> Screen:
    """All of them."""
    return screens.settings(_usual(t), t=t)


@example("preferences.settings_travelling")
def settings_travelling(t: Texts) -> Screen:
    """Of somebody far away who never wants to be disturbed at the weekend."""
    own = QuietHours(time(22), time(8), frozenset({0, 1, 2, 3}), weekends=True)
    return screens.settings(_preferences(t, QuietChoice.OWN, own, (Platform.WEB,), "Asia/Singapore"), t=t)


@example("preferences.languages")
def languages(t: Texts) -> Screen:
    """The choice of language."""
    return screens.languages(Locale(t.locale), t=t)


@example("preferences.zones")
def zones(t: Texts) -> Screen:
    """The usual time zones."""
    return screens.zones(_usual(t), t=t)


@example("preferences.zones_found")
def zones_found(t: Texts) -> Screen:
    """A country with several."""
    found = [ZoneInfo(key) for key in ("Atlantic/Azores", "Atlantic/Madeira", "Europe/Lisbon")]
    return screens.zones_found("Portugal", found, _usual(t), t=t)


@example("preferences.zones_none")
def zones_none(t: Texts) -> Screen:
    """Nothing was found."""
    return screens.zones_found("Atlantide", [], _usual(t), t=t)


@example("preferences.quiet")
def quiet(t: Texts) -> Screen:
    """The community's quiet hours."""
    return screens.quiet(_usual(t), t=t)


@example("preferences.quiet_own")
def quiet_own(t: Texts) -> Screen:
    """One's own."""
    own = QuietHours(time(22), time(8), frozenset({0, 1, 2, 3}), weekends=True)
    return screens.quiet(_preferences(t, QuietChoice.OWN, own, (Platform.SLACK,)), t=t)


@example("preferences.quiet_off")
def quiet_off(t: Texts) -> Screen:
    """None."""
    return screens.quiet(_preferences(t, QuietChoice.OFF, None, (Platform.SLACK,)), t=t)


@example("preferences.channels")
def channels(t: Texts) -> Screen:
    """Two platforms to choose from."""
    return screens.channels(_usual(t), t=t)


@example("preferences.channels_one")
def channels_one(t: Texts) -> Screen:
    """Nothing to choose."""
    return screens.channels(_preferences(t, QuietChoice.DEFAULT, USUAL, (Platform.WEB,)), t=t)


@example("preferences.topics")
def topics(t: Texts) -> Screen:
    """A member's levels."""
    return screens.topics(_levels(), t=t)


@example("preferences.topics_without_digest")
def topics_without_digest(t: Texts) -> Screen:
    """A guest's levels."""
    return screens.topics(_levels(has_digest=False), t=t)


@example("preferences.sectors")
def sectors(t: Texts) -> Screen:
    """Know-how by sector, of somebody whose digest is off."""
    return screens.sectors(_levels(digest=DigestFrequency.OFF), t=t)


@example("preferences.zone")
def zone_form(t: Texts) -> Form:
    """The search."""
    return forms.zone_questions(t)


@example("preferences.hours")
def hours_form(t: Texts) -> Form:
    """From when to when."""
    return forms.hours_questions(USUAL, t)
