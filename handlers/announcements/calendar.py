"""When announcements may go out: in the sending window, not on Sundays and public holidays. Pure but for CLDR's data.

Which days are public holidays is the ``holidays`` package's knowledge, country by country.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from handlers.conversation.context import AnnouncementPolicy
from storage.enums import Locale

SUNDAY = 6
LOOK_AHEAD_DAYS = 60
"""No country closes for longer; after that a moment is taken as it is."""
NAMES = {Locale.ITALIAN: ("it", "it_IT", "en_US"), Locale.ENGLISH: ("en_US", "en_GB")}
"""In which of the package's languages a holiday is named, the first that it knows for the country."""


class Closed(Enum):
    """Why nothing goes out at a moment."""

    HOUR = auto()
    SUNDAY = auto()
    HOLIDAY = auto()


@dataclass(frozen=True, slots=True)
class Closure:
    """Why nothing goes out at a moment; ``country`` (ISO 3166) and ``day`` name the holiday."""

    why: Closed
    day: date
    country: str = ""


def instant_of(wall: str, zone: str) -> datetime:
    """The moment at which the clocks of a zone show ``2018-05-14T09:00``, in UTC; the first where they show it twice.

    Times that the clocks skip are refused before they come here (``handlers.conversation.answers``).
    """
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def country_of(zone: str) -> str:
    """The country of an IANA zone (ISO 3166), by CLDR; empty where it is none's, such as UTC."""
    return str(get_global("zone_territories").get(zone, ""))


@cache
def _holidays(country: str, year: int, language: str | None) -> dict[date, str]:
    import holidays  # here, since it takes a third of a second and only who plans something needs it

    try:
        return dict(holidays.country_holidays(country, years=year, language=language))
    except NotImplementedError:
        return {}  # a country that the package does not know has no holidays here


@cache
def _language(country: str, locale: Locale) -> str | None:
    import holidays  # here for the same reason

    try:
        known = holidays.country_holidays(country).supported_languages
    except NotImplementedError:
        return None
    return next((one for one in NAMES[locale] if one in known), None)


def holiday(day: date, country: str, locale: Locale = Locale.ENGLISH) -> str:
    """What a public holiday is called; empty when the day is none."""
    if not country:
        return ""
    return _holidays(country, day.year, _language(country, locale)).get(day, "")


def closure(moment: datetime, policy: AnnouncementPolicy, zone: ZoneInfo, countries: Collection[str]) -> Closure | None:
    """Why nothing goes out at that moment; ``None`` when it may.

    Args:
        moment: aware.
        policy: the window.
        zone: the community's.
        countries: whose public holidays are spared (ISO 3166).
    """
    local = moment.astimezone(zone)
    day = local.date()
    if policy.spares_holidays:
        for country in countries:
            if holiday(day, country):
                return Closure(Closed.HOLIDAY, day, country)
        if day.weekday() == SUNDAY:
            return Closure(Closed.SUNDAY, day)
    if policy.opens != policy.closes and not policy.opens <= local.time() < policy.closes:
        return Closure(Closed.HOUR, day)
    return None


def next_open(moment: datetime, policy: AnnouncementPolicy, zone: ZoneInfo, countries: Collection[str]) -> datetime:
    """The first moment from then on at which something may go out, in UTC."""
    if closure(moment, policy, zone, countries) is None:
        return moment.astimezone(UTC)
    local = moment.astimezone(zone)
    start = policy.opens if policy.opens != policy.closes else time(8)
    for days in range(LOOK_AHEAD_DAYS):
        opening = datetime.combine(local.date() + timedelta(days=days), start, zone)
        if opening > moment and closure(opening, policy, zone, countries) is None:
            return opening.astimezone(UTC)
    return moment.astimezone(UTC)


def last_open(moment: datetime, policy: AnnouncementPolicy, zone: ZoneInfo, countries: Collection[str]) -> datetime:
    """The last moment up to then at which something may go out, in UTC: for what must not come too late.

    At the same hour of an earlier day, or, where that hour is outside the window, at the window's end nearest to it.
    """
    local = moment.astimezone(zone)
    hour = local.time().replace(tzinfo=None)
    too_early = False
    if policy.opens != policy.closes:
        too_early = hour < policy.opens
        latest = (datetime.combine(local.date(), policy.closes) - timedelta(minutes=1)).time()
        hour = latest if too_early else min(hour, latest)
    for days in range(1 if too_early else 0, LOOK_AHEAD_DAYS):
        earlier = datetime.combine(local.date() - timedelta(days=days), hour, zone)
        if closure(earlier, policy, zone, countries) is None:
            return earlier.astimezone(UTC)
    return moment.astimezone(UTC)
