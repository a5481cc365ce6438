"""Time zones by city or country, as people write them in Italian or English. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale as CldrLocale
from babel.core import get_global

from handlers.conversation.texts import texts_for
from handlers.conversation.when.zones import PLACES
from storage.enums import Locale
from storage.search_words import words

MOST = 8
"""Zones that a search offers: a country with more is to be named by a city."""
USUAL = (
    "Europe/Rome",
    "Europe/London",
    "Asia/Jerusalem",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Dubai",
    "Asia/Singapore",
    "Asia/Tokyo",
)
"""What is offered before anybody searches: where the cluster's people live and its missions go."""


def zone_named(key: str) -> ZoneInfo | None:
    """The zone of that IANA name; ``None`` when there is none, as when a button was made up."""
    return ZoneInfo(key) if key in available_timezones() and "/" in key else None


SHORT_NAMES = {"US": "usa", "GB": "uk", "AE": "uae"}
"""What countries are also called (by ISO 3166)."""


@lru_cache(maxsize=1)
def _territory_of() -> dict[str, str]:
    """Which country (ISO 3166) each zone belongs to, by the Unicode CLDR."""
    known = available_timezones()
    table = get_global("territory_zones")
    return {key: territory for territory, keys in sorted(table.items()) for key in keys if key in known}


def country_of(zone: ZoneInfo, locale: Locale) -> str:
    """The country of a zone in that language; empty where it is unknown."""
    territory = _territory_of().get(zone.key, "")
    return str(CldrLocale(locale.value).territories.get(territory, "")) if territory else ""


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[frozenset[str], ...]]:
    """The names of each zone's city and country, and of further cities in it, as sets of folded words."""
    named: dict[str, set[frozenset[str]]] = {key: set() for key in _territory_of()}
    for key in named:
        for name in _names_of(key):
            named[key].add(frozenset(words(name)))
    for place, key in PLACES.items():
        named.setdefault(key, set()).add(frozenset(words(place)))
    return {key: tuple(names) for key, names in named.items()}


def _names_of(key: str) -> Iterator[str]:
    zone = ZoneInfo(key)
    yield key.rpartition("/")[2].replace("_", " ")
    yield SHORT_NAMES.get(_territory_of()[key], "")
    for locale in Locale:
        yield texts_for(locale).city(zone)
        yield country_of(zone, locale)


@lru_cache(maxsize=1)
def _known_places() -> frozenset[str]:
    return frozenset({*PLACES.values(), *USUAL})


def zones_like(query: str) -> list[ZoneInfo]:
    """The zones whose city or country begins with the words of the query, those that fit whole words first.

    Among equals the zones of the big cities come first; at most one more than :data:`MOST`, so that it shows when
    there are too many.
    """
    asked = words(query)
    if not asked:
        return []
    whole, begun = [], []
    for key, names in sorted(_names().items(), key=lambda named: (named[0] not in _known_places(), named[0])):
        if any(set(asked) <= name for name in names):
            whole.append(key)
        elif any(all(any(word.startswith(one) for word in name) for one in asked) for name in names):
            begun.append(key)
    return [ZoneInfo(key) for key in (whole or begun)[: MOST + 1]]
