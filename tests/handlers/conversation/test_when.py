"""Dates as people type them: literal phrases with literal answers, every refusal, and what must hold for any text."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_time
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.when import (
    Day,
    FoldNote,
    Hint,
    Neighbours,
    NotUnderstood,
    Outcome,
    Prefer,
    Reason,
    Understood,
    WhenKind,
    calendar_neighbours,
    calendar_page,
    parse_when,
)
from handlers.conversation.when.english import ENGLISH
from handlers.conversation.when.fragments import VOCABULARY
from handlers.conversation.when.italian import ITALIAN
from handlers.conversation.when.lexicon import merge
from handlers.conversation.when.tokens import lexicon_key

ROME = ZoneInfo("Europe/Rome")
JERUSALEM = ZoneInfo("Asia/Jerusalem")
# A Wednesday. The 26th of the month is a Thursday, the 27th a Friday.
NOW = datetime(2020, 11, 18, 10, 0, tzinfo=ROME)
TODAY = date(2020, 11, 18)

DATETIME, DATE, TIME = WhenKind.DATETIME, WhenKind.DATE, WhenKind.TIME


def ask(text: str, kind: WhenKind = DATETIME, now: datetime = NOW, zone: ZoneInfo = ROME) -> Outcome:
    return parse_when(text, now=now, zone=zone, kind=kind)


def understood(outcome: Outcome) -> Understood:
    assert isinstance(outcome, Understood), outcome
    return outcome


def refused(outcome: Outcome) -> NotUnderstood:
    assert isinstance(outcome, NotUnderstood), outcome
    return outcome


def wall(text: str) -> datetime:
    """A naive wall-clock time from its literal."""
    return datetime.fromisoformat(text)


def shown(moment: Understood) -> str:
    """The wall-clock time as a literal: a date alone when no time was typed, the zone when it was."""
    text = f"{moment.local:%Y-%m-%d}" if moment.date_only else f"{moment.local:%Y-%m-%d %H:%M}"
    return f"{text} {moment.zone.key}" if moment.zone_given else text


ITALIAN_MOMENTS = [
    ("oggi alle 18", "2020-11-18 18:00"),
    ("domani alle 15", "2020-11-19 15:00"),
    ("Domani, alle 15!", "2020-11-19 15:00"),
    ("DOMANI ALLE ORE 15", "2020-11-19 15:00"),
    ("alle 15 di domani", "2020-11-19 15:00"),
    ("domani 18", "2020-11-19 18:00"),
    ("domani h 18", "2020-11-19 18:00"),
    ("domani h. 18.30", "2020-11-19 18:30"),
    ("domani 18h30", "2020-11-19 18:30"),
    ("dopodomani alle 11", "2020-11-20 11:00"),
    ("dopo domani alle 11:45", "2020-11-20 11:45"),
    ("stasera alle 9", "2020-11-18 21:00"),
    ("stasera alle 21", "2020-11-18 21:00"),
    ("questa sera alle otto e mezza", "2020-11-18 20:30"),
    ("stasera a mezzanotte", "2020-11-19 00:00"),
    ("stanotte alle 2", "2020-11-19 02:00"),
    ("domattina alle 9", "2020-11-19 09:00"),
    ("domattina alle sette", "2020-11-19 07:00"),
    ("domani mattina alle 8 e mezza", "2020-11-19 08:30"),
    ("domani pomeriggio alle 3", "2020-11-19 15:00"),
    ("oggi pomeriggio alle 5", "2020-11-18 17:00"),
    ("oggi alle 3", "2020-11-18 15:00"),
    ("domani sera alle 8", "2020-11-19 20:00"),
    ("9 di sera domani", "2020-11-19 21:00"),
    ("lunedì alle 10", "2020-11-23 10:00"),
    ("LUNEDI alle 10", "2020-11-23 10:00"),
    ("lunedi' alle 10", "2020-11-23 10:00"),
    ("mar alle 10", "2020-11-24 10:00"),
    ("mer. alle 18", "2020-11-18 18:00"),
    ("mercoledì alle 9", "2020-11-25 09:00"),
    ("gio alle 10", "2020-11-19 10:00"),
    ("ven alle 10", "2020-11-20 10:00"),
    ("sab mattina alle 10", "2020-11-21 10:00"),
    ("domenica pomeriggio alle 4", "2020-11-22 16:00"),
    ("lunedì prossimo alle 10", "2020-11-23 10:00"),
    ("mercoledì prossimo alle 10", "2020-11-25 10:00"),
    ("questo venerdì alle 10", "2020-11-20 10:00"),
    ("lunedì della prossima settimana alle 9", "2020-11-23 09:00"),
    ("la settimana prossima, venerdì, alle 9", "2020-11-27 09:00"),
    ("venerdì 27 novembre alle 18", "2020-11-27 18:00"),
    ("ven. 27 nov. ore 18", "2020-11-27 18:00"),
    ("venerdì 27 alle 18", "2020-11-27 18:00"),
    ("27 novembre 2020 ore 18.30", "2020-11-27 18:30"),
    ("27 novembre '20 alle 18", "2020-11-27 18:00"),
    ("27 novembre del 2020 alle 18", "2020-11-27 18:00"),
    ("il 27/11/2020 alle 18:30", "2020-11-27 18:30"),
    ("27/11 ore 9", "2020-11-27 09:00"),
    ("27.11 alle 18.30", "2020-11-27 18:30"),
    ("il 27 alle 18", "2020-11-27 18:00"),
    ("alle 18 del giorno 27 novembre", "2020-11-27 18:00"),
    ("domani, giovedì 19 novembre, alle 15", "2020-11-19 15:00"),
    ("2020-11-27 18:30", "2020-11-27 18:30"),
    ("2020-11-27T18:30", "2020-11-27 18:30"),
    ("alle 18", "2020-11-18 18:00"),
    ("alle 9", "2020-11-19 09:00"),
    ("alle 18 e 30", "2020-11-18 18:30"),
    ("alle 18 30", "2020-11-18 18:30"),
    ("alle diciotto e trenta", "2020-11-18 18:30"),
    ("ventuno e trenta di domani", "2020-11-19 21:30"),
    ("alle sei e mezza di sera", "2020-11-18 18:30"),
    ("alle 9 e un quarto", "2020-11-19 09:15"),
    ("alle 9 e tre quarti", "2020-11-19 09:45"),
    ("domani alle 9 meno un quarto", "2020-11-19 08:45"),
    ("alle 9 in punto di domani", "2020-11-19 09:00"),
    ("alle 3 di notte", "2020-11-19 03:00"),
    ("domani all'una del pomeriggio", "2020-11-19 13:00"),
    ("domani alle 06:30", "2020-11-19 06:30"),
    ("a mezzogiorno", "2020-11-18 12:00"),
    ("domani a mezzogiorno e mezza", "2020-11-19 12:30"),
    ("mezzanotte", "2020-11-19 00:00"),
    ("alle 24 di venerdì", "2020-11-21 00:00"),
    ("tra due ore", "2020-11-18 12:00"),
    ("fra un'ora e mezza", "2020-11-18 11:30"),
    ("tra 2 ore e 15 minuti", "2020-11-18 12:15"),
    ("tra mezz'ora", "2020-11-18 10:30"),
    ("tra tre quarti d'ora", "2020-11-18 10:45"),
    ("fra 3 giorni alle 10", "2020-11-21 10:00"),
    ("fra una settimana alle 9", "2020-11-25 09:00"),
    ("entro le 18 di venerdì", "2020-11-20 18:00"),
    ("primo maggio alle 10", "2021-05-01 10:00"),
    ("domani at 15", "2020-11-19 15:00"),
    ("domani alle 15 ora di Roma", "2020-11-19 15:00 Europe/Rome"),
    ("domani alle 15 ora italiana", "2020-11-19 15:00 Europe/Rome"),
    ("domani alle 15 (ora di Tel Aviv)", "2020-11-19 15:00 Asia/Jerusalem"),
    ("domani alle 15 CET", "2020-11-19 15:00 Europe/Rome"),
    ("1 luglio 2021 alle 15 CEST", "2021-07-01 15:00 Europe/Rome"),
    ("domani alle 15 UTC", "2020-11-19 15:00 UTC"),
    ("domani alle 15 asia/jerusalem", "2020-11-19 15:00 Asia/Jerusalem"),
]

ITALIAN_DAYS = [
    ("oggi", "2020-11-18"),
    ("domani", "2020-11-19"),
    ("dopodomani", "2020-11-20"),
    ("domenica", "2020-11-22"),
    ("entro venerdì", "2020-11-20"),
    ("entro il 27 novembre", "2020-11-27"),
    ("entro fine mese", "2020-11-30"),
    ("fra una settimana", "2020-11-25"),
    ("fra tre giorni", "2020-11-21"),
    ("entro tre giorni", "2020-11-21"),
    ("tra un mese", "2020-12-18"),
    ("tra un anno", "2021-11-18"),
    ("primo maggio", "2021-05-01"),
    ("1° maggio", "2021-05-01"),
    ("il primo di maggio", "2021-05-01"),
    ("l'8 maggio", "2021-05-08"),
    ("l\u2019otto maggio", "2021-05-08"),
    ("ventisette novembre", "2020-11-27"),
    ("trentuno dicembre", "2020-12-31"),
    ("27-11-20", "2020-11-27"),
    ("27.11.2020", "2020-11-27"),
    ("27.11", "2020-11-27"),
    ("13/04/2021", "2021-04-13"),
    ("03/04", "2021-04-03"),
    ("il 27", "2020-11-27"),
    ("il 17", "2020-12-17"),
    ("il 15 del mese prossimo", "2020-12-15"),
    ("venerdì della prossima settimana", "2020-11-27"),
    ("27 novembre 20", "2020-11-27"),
]

ENGLISH_MOMENTS = [
    ("today at 18:00", "2020-11-18 18:00"),
    ("today at 3", "2020-11-18 15:00"),
    ("tomorrow at 10", "2020-11-19 10:00"),
    ("tomorrow 3pm", "2020-11-19 15:00"),
    ("for tomorrow at 3 p.m.", "2020-11-19 15:00"),
    ("tomorrow at noon", "2020-11-19 12:00"),
    ("tomorrow morning at 9", "2020-11-19 09:00"),
    ("tomorrow afternoon at 3:30", "2020-11-19 15:30"),
    ("tomorrow evening at eight", "2020-11-19 20:00"),
    ("tomorrow at 6 o'clock in the evening", "2020-11-19 18:00"),
    ("tonight at 9", "2020-11-18 21:00"),
    ("tonight at 2", "2020-11-19 02:00"),
    ("tonight at midnight", "2020-11-19 00:00"),
    ("this afternoon at 5", "2020-11-18 17:00"),
    ("the day after tomorrow at 11am", "2020-11-20 11:00"),
    ("Friday at 18:00", "2020-11-20 18:00"),
    ("at 6pm on Friday", "2020-11-20 18:00"),
    ("by 6pm Friday", "2020-11-20 18:00"),
    ("Wednesday at 9am", "2020-11-25 09:00"),
    ("next Monday at 10am", "2020-11-23 10:00"),
    ("this coming Friday at 10am", "2020-11-20 10:00"),
    ("Friday of next week at 10am", "2020-11-27 10:00"),
    ("next week on Friday at 10am", "2020-11-27 10:00"),
    ("on 27 November at 6pm", "2020-11-27 18:00"),
    ("Friday 27 November at 6pm", "2020-11-27 18:00"),
    ("Fri 27 Nov 10am", "2020-11-27 10:00"),
    ("November 27, 2020 6:30 pm", "2020-11-27 18:30"),
    ("Friday, November 27, 2020 at 6:30 PM", "2020-11-27 18:30"),
    ("27th of November at 18:30", "2020-11-27 18:30"),
    ("the 27th at noon", "2020-11-27 12:00"),
    ("twenty-seventh of November at ten thirty", "2020-11-27 10:30"),
    ("27 November 2020 18:30:00", "2020-11-27 18:30"),
    ("in two hours", "2020-11-18 12:00"),
    ("in an hour and a half", "2020-11-18 11:30"),
    ("in 90 minutes", "2020-11-18 11:30"),
    ("in half an hour", "2020-11-18 10:30"),
    ("two hours from now", "2020-11-18 12:00"),
    ("in 3 days at 10am", "2020-11-21 10:00"),
    ("in 15 days at 10am", "2020-12-03 10:00"),
    ("noon", "2020-11-18 12:00"),
    ("midnight", "2020-11-19 00:00"),
    ("12am tomorrow", "2020-11-19 00:00"),
    ("12:30 pm tomorrow", "2020-11-19 12:30"),
    ("half past six pm", "2020-11-18 18:30"),
    ("quarter to nine pm", "2020-11-18 20:45"),
    ("a quarter past ten tomorrow", "2020-11-19 10:15"),
    ("twenty five past ten tomorrow", "2020-11-19 10:25"),
    ("ten minutes to nine tomorrow", "2020-11-19 08:50"),
    ("at 18:30", "2020-11-18 18:30"),
    ("at 1830", "2020-11-18 18:30"),
    ("tomorrow at 3pm Rome time", "2020-11-19 15:00 Europe/Rome"),
    ("tomorrow at 3pm Israel time", "2020-11-19 15:00 Asia/Jerusalem"),
    ("2020-11-27T18:30Z", "2020-11-27 18:30 UTC"),
    ("2020-11-27T18:30:00+01:00", "2020-11-27 18:30 Europe/Rome"),
    ("tomorrow at 15:00 UTC+1", "2020-11-19 15:00 Europe/Rome"),
    ("tomorrow at 15:00 America/New_York", "2020-11-19 15:00 America/New_York"),
]

ENGLISH_DAYS = [
    ("today", "2020-11-18"),
    ("tomorrow", "2020-11-19"),
    ("day after tomorrow", "2020-11-20"),
    ("by Friday", "2020-11-20"),
    ("by the end of the month", "2020-11-30"),
    ("in a week", "2020-11-25"),
    ("within 3 days", "2020-11-21"),
    ("two weeks from today", "2020-12-02"),
    ("1st December", "2020-12-01"),
    ("May 1", "2021-05-01"),
    ("the 3rd of next month", "2020-12-03"),
    ("Sunday", "2020-11-22"),
]

TIMES = [
    ("18", "18:00"),
    ("9", "09:00"),
    ("18.30", "18:30"),
    ("10.11", "10:11"),
    ("alle nove e mezza", "09:30"),
    ("half past eight", "08:30"),
    ("6:30 pm", "18:30"),
    ("mezzogiorno", "12:00"),
]


@pytest.mark.parametrize(("text", "expected"), ITALIAN_MOMENTS + ENGLISH_MOMENTS)
def test_a_moment(text: str, expected: str) -> None:
    assert shown(understood(ask(text))) == expected


@pytest.mark.parametrize(("text", "expected"), ITALIAN_DAYS + ENGLISH_DAYS)
def test_a_day(text: str, expected: str) -> None:
    answer = understood(ask(text, DATE))
    assert shown(answer) == expected
    assert answer.local.time() == time()


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time(text: str, expected: str) -> None:
    answer = understood(ask(text, TIME))
    assert f"{answer.local:%H:%M}" == expected
    assert NOW < answer.instant <= NOW + timedelta(days=1)


@pytest.mark.parametrize("locales", [("it", "en"), ("en", "it"), ("en-GB",), ()])
@pytest.mark.parametrize(
    ("text", "expected"), [("domani alle 15", "2020-11-19 15:00"), ("tomorrow 3pm", "2020-11-19 15:00")]
)
def test_both_languages_are_understood_whatever_the_locale(text: str, expected: str, locales: tuple[str, ...]) -> None:
    assert shown(understood(parse_when(text, now=NOW, zone=ROME, locales=locales))) == expected


# Phrase, what was asked, the reason, the suggestions, in their order.
REFUSALS: list[tuple[str, WhenKind, Reason, list[str]]] = [
    ("", DATETIME, Reason.EMPTY, []),
    (" ... ", DATETIME, Reason.EMPTY, []),
    ("domani", DATETIME, Reason.NO_TIME, ["2020-11-19"]),
    ("domani pomeriggio", DATETIME, Reason.NO_TIME, ["2020-11-19"]),
    ("stasera", DATETIME, Reason.NO_TIME, ["2020-11-18"]),
    ("by Friday", DATETIME, Reason.NO_TIME, ["2020-11-20"]),
    ("UTC", TIME, Reason.NO_TIME, []),
    ("alle 18", DATE, Reason.NO_DATE, []),
    ("di sera", DATETIME, Reason.NO_DATE, []),
    ("novembre", DATE, Reason.NO_DATE, []),
    ("next weekend", DATE, Reason.NO_DATE, ["2020-11-28", "2020-11-29"]),
    (
        "la settimana prossima",
        DATE,
        Reason.NO_DATE,
        ["2020-11-23", "2020-11-24", "2020-11-25", "2020-11-26", "2020-11-27"],
    ),
    ("fine mese", DATE, Reason.NO_DATE, ["2020-11-30"]),
    ("domani alle 15", DATE, Reason.UNEXPECTED_TIME, ["2020-11-19"]),
    ("stasera", DATE, Reason.UNEXPECTED_TIME, ["2020-11-18"]),
    ("tra 20 ore", DATE, Reason.UNEXPECTED_TIME, ["2020-11-19"]),
    ("domani alle 15", TIME, Reason.UNEXPECTED_DATE, ["2020-11-18 15:00"]),
    ("31 febbraio", DATE, Reason.IMPOSSIBLE_DATE, ["2021-02-28", "2021-03-01"]),
    ("31 aprile 2021 alle 10", DATETIME, Reason.IMPOSSIBLE_DATE, ["2021-04-30 10:00", "2021-05-01 10:00"]),
    ("29 febbraio", DATE, Reason.IMPOSSIBLE_DATE, ["2021-02-28", "2021-03-01"]),
    ("il 31", DATE, Reason.IMPOSSIBLE_DATE, ["2020-11-30", "2020-12-31"]),
    ("45 novembre", DATE, Reason.IMPOSSIBLE_DATE, []),
    ("04/13/2021", DATE, Reason.IMPOSSIBLE_DATE, ["2021-04-13"]),
    ("04/13/2018", DATE, Reason.IMPOSSIBLE_DATE, []),
    ("27/11/0001", DATE, Reason.IMPOSSIBLE_DATE, []),
    ("fra un mese", DATE, Reason.IMPOSSIBLE_DATE, ["2021-02-28", "2021-03-01"]),
    ("domani alle 25", DATETIME, Reason.IMPOSSIBLE_TIME, []),
    ("domani alle 18:75", DATETIME, Reason.IMPOSSIBLE_TIME, []),
    ("domani alle 24:30", DATETIME, Reason.IMPOSSIBLE_TIME, []),
    ("tomorrow at 15 am", DATETIME, Reason.IMPOSSIBLE_TIME, []),
    ("venerdì 26 novembre", DATE, Reason.WEEKDAY_MISMATCH, ["2020-11-26", "2020-11-27"]),
    ("venerdì 26 novembre alle 18", DATETIME, Reason.WEEKDAY_MISMATCH, ["2020-11-26 18:00", "2020-11-27 18:00"]),
    ("Monday 26 November 2020 at 6pm", DATETIME, Reason.WEEKDAY_MISMATCH, ["2020-11-26 18:00", "2020-11-23 18:00"]),
    ("domani, venerdì", DATE, Reason.WEEKDAY_MISMATCH, ["2020-11-19", "2020-11-20"]),
    ("oggi alle 9", DATETIME, Reason.PAST, ["2020-11-19 09:00", "2020-11-18 21:00"]),
    ("stamattina alle 9", DATETIME, Reason.PAST, ["2020-11-19 09:00"]),
    ("27/11/2017 alle 18", DATETIME, Reason.PAST, ["2020-11-27 18:00"]),
    ("ieri", DATE, Reason.PAST, []),
    ("due giorni fa", DATE, Reason.PAST, []),
    ("an hour ago", DATETIME, Reason.PAST, []),
    ("17 novembre", DATE, Reason.PAST, ["2021-11-17"]),
    ("martedì 17 novembre alle 10", DATETIME, Reason.PAST, ["2021-11-17 10:00"]),
    ("giovedì 3 settembre", DATE, Reason.PAST, ["2021-09-03", "2021-09-02"]),
    ("questo lunedì", DATE, Reason.PAST, ["2020-11-23"]),
    ("last Monday", DATE, Reason.PAST, ["2020-11-23"]),
    ("domani alle 3", DATETIME, Reason.AMBIGUOUS, ["2020-11-19 15:00", "2020-11-19 03:00"]),
    ("domani alle 3:30", DATETIME, Reason.AMBIGUOUS, ["2020-11-19 15:30", "2020-11-19 03:30"]),
    ("at 3", DATETIME, Reason.AMBIGUOUS, ["2020-11-18 15:00", "2020-11-19 03:00"]),
    ("half past six", DATETIME, Reason.AMBIGUOUS, ["2020-11-18 18:30", "2020-11-19 06:30"]),
    ("domani a mezzanotte", DATETIME, Reason.AMBIGUOUS, ["2020-11-19 00:00", "2020-11-20 00:00"]),
    ("domani notte alle 2", DATETIME, Reason.AMBIGUOUS, ["2020-11-19 02:00", "2020-11-20 02:00"]),
    ("venerdì prossimo", DATE, Reason.AMBIGUOUS, ["2020-11-20", "2020-11-27"]),
    ("prossimo venerdì alle 18", DATETIME, Reason.AMBIGUOUS, ["2020-11-20 18:00", "2020-11-27 18:00"]),
    ("mercoledì", DATE, Reason.AMBIGUOUS, ["2020-11-18", "2020-11-25"]),
    ("fra quindici giorni", DATE, Reason.AMBIGUOUS, ["2020-12-02", "2020-12-03"]),
    ("18", DATETIME, Reason.AMBIGUOUS, ["2020-11-18", "2020-11-18 18:00"]),
    ("venerdì 20", DATETIME, Reason.AMBIGUOUS, ["2020-11-20", "2020-11-20 20:00"]),
    ("27 novembre 21", DATETIME, Reason.AMBIGUOUS, ["2020-11-27 21:00", "2021-11-27"]),
    ("12.11", DATETIME, Reason.AMBIGUOUS, ["2021-11-12", "2020-11-18 12:11"]),
    ("27/11/2023 alle 18", DATETIME, Reason.TOO_FAR, []),
    ("fra 3 anni", DATE, Reason.TOO_FAR, []),
    ("fra 9999 anni", DATE, Reason.TOO_FAR, []),
    ("27/11/9999", DATE, Reason.TOO_FAR, []),
    ("28/03/2021 alle 02:30", DATETIME, Reason.NONEXISTENT_TIME, ["2021-03-28 03:30", "2021-03-28 01:30"]),
    (
        "domani alle 15 CEST",
        DATETIME,
        Reason.ZONE_MISMATCH,
        ["2020-11-19 15:00 Europe/Rome", "2020-11-19 14:00 Europe/Rome"],
    ),
    (
        "1 luglio 2021 alle 15 CET",
        DATETIME,
        Reason.ZONE_MISMATCH,
        ["2021-07-01 15:00 Europe/Rome", "2021-07-01 16:00 Europe/Rome"],
    ),
    (
        "2020-11-27T18:30:00-05:00",
        DATETIME,
        Reason.ZONE_MISMATCH,
        ["2020-11-27 18:30 Europe/Rome", "2020-11-28 00:30 Europe/Rome"],
    ),
    ("oggi domani", DATE, Reason.CONTRADICTION, []),
    ("domani 20 novembre alle 15", DATETIME, Reason.CONTRADICTION, ["2020-11-20 15:00", "2020-11-19 15:00"]),
    ("domani mattina alle 15", DATETIME, Reason.CONTRADICTION, []),
    ("tomorrow evening at noon", DATETIME, Reason.CONTRADICTION, []),
    ("tomorrow 10:00-12:00", DATETIME, Reason.CONTRADICTION, []),
]
# The refusals whose present matters: a month ahead of 31 January.
OTHER_NOW = {"fra un mese": datetime(2021, 1, 31, 10, 0, tzinfo=ROME)}


@pytest.mark.parametrize(("text", "kind", "reason", "suggestions"), REFUSALS)
def test_a_refusal_and_what_it_offers(text: str, kind: WhenKind, reason: Reason, suggestions: list[str]) -> None:
    answer = refused(ask(text, kind, OTHER_NOW.get(text, NOW)))
    assert answer.reason is reason
    assert [shown(offer) for offer in answer.suggestions] == suggestions


UNKNOWN = [
    ("venerdì xyzzy alle 18", ("xyzzy",)),
    ("domani,boh alle 18", ("boh",)),
    ("facciamo domani alle 15?", ("facciamo", "15?")),
    ("domani verso le 15", ("verso",)),
    ("domani alle 15 circa", ("circa",)),
    ("dalle 10 alle 12 di domani", ("dalle",)),
    ("tomorrow 6pmx", ("6pmx",)),
    ("tomorrow 6:5", ("6:5",)),
    ("1th December", ("1th",)),
    ("27/11/202", ("27/11/202",)),
    ("domani alle 15 Europe/Bergamo", ("Europe/Bergamo",)),
    ("🙂", ("🙂",)),
    ("\uff11\uff18:30", ("\uff11\uff18:30",)),
    ("9 to 5", ("to", "5")),
    ("Natale", ("Natale",)),
    ("domani " + "z" * 500, ("z" * 39 + "…",)),
    ("uno " * 100, ("uno",)),
]


@pytest.mark.parametrize(("text", "words"), UNKNOWN)
def test_words_not_understood_are_named_as_typed(text: str, words: tuple[str, ...]) -> None:
    answer = refused(ask(text))
    assert (answer.reason, answer.words) == (Reason.UNKNOWN_WORDS, words)


def test_words_that_say_what_was_not_asked_are_named() -> None:
    assert refused(ask("domani alle 15", DATE)).words == ("alle", "15")
    assert refused(ask("domani alle 15", TIME)).words == ("domani",)
    assert refused(ask("oggi domani", DATE)).words == ("domani",)


def test_no_more_words_are_named_than_one_reads() -> None:
    assert refused(ask(" ".join(f"q{letter}q" for letter in "abcdefghijklm"))).words == (
        "qaq", "qbq", "qcq", "qdq", "qeq", "qfq", "qgq", "qhq",
    )  # fmt: skip


def test_every_reason_has_a_phrase_that_meets_it() -> None:
    assert {reason for _, _, reason, _ in REFUSALS} | {Reason.UNKNOWN_WORDS} == set(Reason)


def test_a_weekday_mismatch_says_which_weekday_it_is() -> None:
    answer = refused(ask("venerdì 26 novembre", DATE))
    assert answer.date == date(2020, 11, 26)
    assert answer.date.strftime("%A") == "Thursday"


def test_month_first_is_never_assumed_but_is_hinted_at() -> None:
    assert refused(ask("04/13/2021", DATE)).hint is Hint.MONTH_FIRST
    assert refused(ask("45/13/2021", DATE)).hint is None
    assert refused(ask("04/45/2021", DATE)).hint is None


def test_a_missing_time_keeps_the_day_to_ask_it_of() -> None:
    assert refused(ask("venerdì 27 novembre")).date == date(2020, 11, 27)
    assert refused(ask("venerdì prossimo")).date is None


def test_english_readers_are_offered_the_later_next_friday_first() -> None:
    answer = refused(parse_when("next Friday", now=NOW, zone=ROME, locales=("en", "it"), kind=DATE))
    assert [shown(offer) for offer in answer.suggestions] == ["2020-11-27", "2020-11-20"]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (20, ["2020-11-27"]),  # on a Friday both readings coincide
        (21, ["2020-11-27"]),
        (22, ["2020-11-27"]),
        (23, ["2020-11-27", "2020-12-04"]),
    ],
)
def test_next_friday_through_the_week(today: int, expected: list[str]) -> None:
    answer = ask("venerdì prossimo", DATE, datetime(2020, 11, today, 10, 0, tzinfo=ROME))
    moments = [answer] if isinstance(answer, Understood) else list(answer.suggestions)
    assert [shown(moment) for moment in moments] == expected


def test_a_default_time_completes_a_date() -> None:
    answer = understood(parse_when("domani", now=NOW, zone=ROME, default_time=time(18, 30)))
    assert (answer.local, answer.date_only) == (wall("2020-11-19 18:30"), True)
    assert understood(parse_when("mercoledì", now=NOW, zone=ROME, default_time=time(9))).local.day == 25
    assert refused(parse_when("oggi", now=NOW, zone=ROME, kind=DATE, default_time=time(9))).reason is Reason.PAST


def test_a_default_time_outside_the_part_of_the_day_typed_is_not_used() -> None:
    assert refused(parse_when("domani sera", now=NOW, zone=ROME, default_time=time(9))).reason is Reason.NO_TIME
    assert understood(parse_when("domani sera", now=NOW, zone=ROME, default_time=time(20))).local.hour == 20


def test_the_past_is_accepted_when_told_so() -> None:
    def past(text: str, kind: WhenKind = DATE) -> Outcome:
        return parse_when(text, now=NOW, zone=ROME, kind=kind, prefer=Prefer.ANY)

    assert shown(understood(past("ieri"))) == "2020-11-17"
    assert shown(understood(past("27/11/2017"))) == "2017-11-27"
    assert shown(understood(past("oggi alle 9", DATETIME))) == "2020-11-18 09:00"
    assert shown(understood(past("giovedì 3 settembre"))) == "2020-09-03"
    assert [shown(offer) for offer in refused(past("3 settembre")).suggestions] == ["2020-09-03", "2021-09-03"]


def test_now_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse_when("domani", now=datetime(2020, 11, 18), zone=ROME)  # noqa: DTZ001 - the mistake being tested


def test_an_instant_is_the_wall_clock_time_in_its_zone() -> None:
    assert understood(ask("27/11/2020 18:30")).instant == datetime(2020, 11, 27, 17, 30, tzinfo=UTC)
    assert understood(ask("27/11/2020 18:30 ora di Tel Aviv")).instant == datetime(2020, 11, 27, 16, 30, tzinfo=UTC)
    assert understood(ask("27/11/2020 18:30", zone=JERUSALEM)).instant == datetime(2020, 11, 27, 16, 30, tzinfo=UTC)


def test_elapsed_time_is_to_the_minute_and_across_a_change_of_clocks() -> None:
    assert understood(ask("tra due ore", now=NOW.replace(second=40))).local == wall("2020-11-18 12:00")
    before = datetime(2021, 3, 28, 1, 30, tzinfo=ROME)
    assert understood(ask("tra un'ora", now=before)).local == wall("2021-03-28 03:30")
    first = datetime(2021, 10, 31, 2, 30, tzinfo=ROME)
    again = understood(ask("tra un'ora", now=first))
    assert (again.local, again.local.fold) == (wall("2021-10-31 02:30"), 1)
    assert again.instant == datetime(2021, 10, 31, 1, 30, tzinfo=UTC)


def test_when_the_two_zones_have_different_dates_tomorrow_is_asked_about() -> None:
    late = datetime(2020, 11, 18, 23, 30, tzinfo=ROME)
    answer = refused(ask("domani alle 15 ora di Tel Aviv", now=late))
    assert answer.reason is Reason.AMBIGUOUS
    assert [shown(offer) for offer in answer.suggestions] == [
        "2020-11-19 15:00 Asia/Jerusalem",
        "2020-11-20 15:00 Asia/Jerusalem",
    ]
    assert shown(understood(ask("venerdì alle 15 ora di Tel Aviv", now=late))) == "2020-11-20 15:00 Asia/Jerusalem"


def test_the_night_before_dawn_is_the_present_one() -> None:
    small_hours = datetime(2020, 11, 18, 1, 0, tzinfo=ROME)
    assert shown(understood(ask("stanotte alle 2", now=small_hours))) == "2020-11-18 02:00"


@pytest.mark.parametrize(
    ("zone", "text", "suggestions"),
    [
        (ROME, "28/03/2021 alle 02:30", ["2021-03-28 03:30", "2021-03-28 01:30"]),
        (JERUSALEM, "26/03/2021 alle 02:30", ["2021-03-26 03:30", "2021-03-26 01:30"]),
        (JERUSALEM, "Friday 26 March 2021 at 2:15 am", ["2021-03-26 03:15", "2021-03-26 01:15"]),
    ],
)
def test_a_time_that_the_clocks_skip(zone: ZoneInfo, text: str, suggestions: list[str]) -> None:
    answer = refused(ask(text, zone=zone))
    assert answer.reason is Reason.NONEXISTENT_TIME
    assert [shown(offer) for offer in answer.suggestions] == suggestions


@pytest.mark.parametrize(
    ("zone", "text", "instant"),
    [
        (ROME, "31/10/2021 alle 02:30", datetime(2021, 10, 31, 0, 30, tzinfo=UTC)),
        (JERUSALEM, "31/10/2021 alle 01:30", datetime(2021, 10, 30, 22, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_the_clocks_repeat_is_the_first_of_the_two(zone: ZoneInfo, text: str, instant: datetime) -> None:
    answer = understood(ask(text, zone=zone))
    assert (answer.instant, answer.local.fold, answer.fold_note) == (instant, 0, FoldNote.REPEATED)


def test_an_abbreviation_tells_the_repeated_hours_apart() -> None:
    summer = understood(ask("31/10/2021 02:30 CEST"))
    winter = understood(ask("31/10/2021 02:30 CET"))
    assert (summer.instant, summer.fold_note) == (datetime(2021, 10, 31, 0, 30, tzinfo=UTC), None)
    assert (winter.instant, winter.local.fold) == (datetime(2021, 10, 31, 1, 30, tzinfo=UTC), 1)


def test_between_the_repeated_hours_the_second_is_the_one_to_come() -> None:
    between = datetime(2021, 10, 31, 2, 40, tzinfo=ROME)
    answer = understood(ask("oggi alle 02:30", now=between))
    assert (answer.local.fold, answer.fold_note) == (1, FoldNote.REPEATED)
    assert answer.instant == datetime(2021, 10, 31, 1, 30, tzinfo=UTC)


def test_a_time_nobody_typed_moves_out_of_a_gap_and_says_so() -> None:
    moved = understood(parse_when("28/03/2021", now=NOW, zone=ROME, default_time=time(2, 30)))
    assert (moved.local, moved.fold_note) == (wall("2021-03-28 03:30"), FoldNote.GAP)
    beirut = ZoneInfo("Asia/Beirut")  # changes its clocks at midnight
    day = understood(ask("28/03/2021", DATE, zone=beirut))
    assert (day.local, day.fold_note) == (wall("2021-03-28 01:00"), FoldNote.GAP)


def test_a_time_without_a_day_is_the_next_the_clocks_show() -> None:
    before_gap = datetime(2021, 3, 27, 22, 0, tzinfo=ROME)
    assert shown(understood(ask("02:30", TIME, before_gap))) == "2021-03-29 02:30"
    assert refused(ask("alle 02:30", DATETIME, before_gap)).reason is Reason.NONEXISTENT_TIME


def test_the_limit_is_two_years_to_the_day() -> None:
    assert shown(understood(ask("18/11/2022", DATE))) == "2022-11-18"
    assert refused(ask("19/11/2022", DATE)).reason is Reason.TOO_FAR
    leap_day = datetime(2020, 2, 29, 10, 0, tzinfo=ROME)
    assert shown(understood(ask("01/03/2022", DATE, leap_day))) == "2022-03-01"
    assert shown(understood(ask("29 febbraio", DATE, datetime(2019, 3, 1, tzinfo=ROME)))) == "2020-02-29"


def test_the_abbreviation_belongs_to_the_callers_zone_where_that_uses_it() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert shown(understood(ask("domani alle 15 CET", zone=paris))) == "2020-11-19 15:00 Europe/Paris"
    assert shown(understood(ask("domani alle 15 CET", zone=JERUSALEM))) == "2020-11-19 15:00 Europe/Rome"


def test_invisible_marks_are_no_words() -> None:
    assert shown(understood(ask("\u200edomani\u200b alle\u00a015\u2069"))) == "2020-11-19 15:00"


def test_two_languages_may_not_disagree_about_a_phrase() -> None:
    with pytest.raises(ValueError, match="two meanings in months"):
        merge(ITALIAN, replace(ENGLISH, months={"marzo": 4}))


# --- What holds for any text --------------------------------------------------------------------------------------

KINDS = st.sampled_from(list(WhenKind))
NONSENSE = st.text("abcdefghijklmnopqrstuvwxyzàèéìòù", min_size=3, max_size=12).filter(
    lambda word: lexicon_key(word) not in VOCABULARY
)
MOMENT_PHRASES = st.sampled_from([text for text, _ in ITALIAN_MOMENTS + ENGLISH_MOMENTS])
FIGURES = st.from_regex(r"[0-9]{1,4}([:./-][0-9]{1,2}){0,2}( ?[ap]m)?", fullmatch=True)
SOUP = st.lists(st.one_of(st.sampled_from(sorted(VOCABULARY)), FIGURES), min_size=1, max_size=8).map(" ".join)


def assert_sound(answer: Outcome, kind: WhenKind) -> None:
    """What a caller relies on, whatever was typed."""
    offers = [answer] if isinstance(answer, Understood) else list(answer.suggestions)
    for moment in offers:
        assert moment.local.tzinfo is None
        assert moment.local.replace(tzinfo=moment.zone).astimezone(UTC) == moment.instant
        if moment.date_only:
            assert moment.local.date() >= TODAY
        else:
            assert moment.instant > NOW
        assert moment.local.date() <= date(2022, 11, 19)
    if isinstance(answer, Understood):
        assert answer.date_only == (kind is DATE)
    else:
        assert answer.reason is not Reason.AMBIGUOUS or answer.suggestions


@given(text=st.text(max_size=120), kind=KINDS)
def test_no_text_raises(text: str, kind: WhenKind) -> None:
    assert_sound(ask(text, kind), kind)


@given(text=SOUP, kind=KINDS)
def test_no_mixture_of_known_words_raises_or_lands_in_the_past(text: str, kind: WhenKind) -> None:
    assert_sound(ask(text, kind), kind)


@given(text=MOMENT_PHRASES, word=NONSENSE, data=st.data())
def test_a_nonsense_word_anywhere_is_named(text: str, word: str, data: st.DataObject) -> None:
    words = text.split()
    place = data.draw(st.integers(0, len(words)))
    answer = refused(ask(" ".join([*words[:place], word, *words[place:]])))
    assert (answer.reason, answer.words) == (Reason.UNKNOWN_WORDS, (word,))


@given(text=MOMENT_PHRASES, data=st.data())
def test_a_number_that_fits_nowhere_is_never_passed_over(text: str, data: st.DataObject) -> None:
    words = text.split()
    place = data.draw(st.integers(0, len(words)))
    refused(ask(" ".join([*words[:place], "77", *words[place:]])))


def _english_clock(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


HOUSE_FORMATS: dict[str, Callable[[datetime], str]] = {
    "iso": lambda moment: f"{moment:%Y-%m-%dT%H:%M}",
    "iso with a space": lambda moment: f"{moment:%Y-%m-%d %H:%M}",
    "figures": lambda moment: f"{moment:%d/%m/%Y %H:%M}",
    "short figures": lambda moment: f"{moment.day}/{moment.month}/{moment:%y alle %H:%M}",
    "dotted": lambda moment: f"{moment:%d.%m.%Y ore %H.%M}",
    "italian full": lambda moment: (
        f"{format_date(moment, 'full', locale='it')} alle {format_time(moment, 'short', locale='it')}"
    ),
    "italian medium": lambda moment: f"{format_date(moment, 'medium', locale='it')}, ore {moment:%H:%M}",
    "english full": lambda moment: (
        f"{format_date(moment, 'full', locale='en_GB')} at {format_time(moment, 'short', locale='en_GB')}"
    ),
    "english medium": lambda moment: f"{format_date(moment, 'medium', locale='en_GB')}, {_english_clock(moment)}",
    "american": lambda moment: f"{format_date(moment, 'full', locale='en_US')} at {_english_clock(moment)}",
}
NAMED_ZONES = {"Europe/Rome": ("ora di Roma", "Rome time"), "Asia/Jerusalem": ("ora di Tel Aviv", "Israel time")}


@given(
    minutes=st.integers(1, 2 * 365 * 24 * 60),
    zone=st.sampled_from([ROME, JERUSALEM]),
    house_format=st.sampled_from(sorted(HOUSE_FORMATS)),
    named=st.sampled_from([None, 0, 1]),
)
def test_what_the_house_writes_is_read_back_exactly(
    minutes: int, zone: ZoneInfo, house_format: str, named: int | None
) -> None:
    instant = NOW.astimezone(UTC) + timedelta(minutes=minutes)
    local = instant.astimezone(zone).replace(tzinfo=None)
    text = HOUSE_FORMATS[house_format](local)
    if named is not None:
        text += f" ({NAMED_ZONES[zone.key][named]})"
    answer = understood(ask(text, zone=zone))
    assert answer.local == local
    assert answer.zone_given == (named is not None)
    # The second of two equal wall-clock times cannot be told from the first in writing; the note says so.
    assert answer.instant == instant or (local.fold == 1 and answer.fold_note is FoldNote.REPEATED)


# --- The calendar keyboard ----------------------------------------------------------------------------------------


def test_a_calendar_page() -> None:
    page = calendar_page(2021, 2, today=date(2021, 2, 3), earliest=date(2021, 2, 3), latest=date(2021, 2, 26))
    assert [len(week) for week in page] == [7, 7, 7, 7]
    assert page[0][:4] == [
        Day(date(2021, 2, 1), enabled=False),
        Day(date(2021, 2, 2), enabled=False),
        Day(date(2021, 2, 3), enabled=True, is_today=True),
        Day(date(2021, 2, 4), enabled=True),
    ]
    assert [day.enabled for day in page[3] if day] == [True, True, True, True, True, False, False]


def test_a_calendar_page_that_begins_on_sunday() -> None:
    page = calendar_page(2020, 11, today=TODAY, earliest=None, latest=None, first_weekday=6)
    assert page[0][0] == Day(date(2020, 11, 1), enabled=True)
    assert [day and day.date.day for day in page[-1]] == [29, 30, None, None, None, None, None]


@given(year=st.integers(1, 9999), month=st.integers(1, 12), first_weekday=st.integers(0, 6))
def test_every_day_of_the_month_is_on_its_page_once_and_under_its_weekday(
    year: int, month: int, first_weekday: int
) -> None:
    page = calendar_page(year, month, today=TODAY, earliest=TODAY, latest=None, first_weekday=first_weekday)
    days = [day for week in page for day in week if day]
    assert [day.date.day for day in days] == list(range(1, len(days) + 1))
    assert {(day.date.year, day.date.month) for day in days} == {(year, month)}
    for week in page:
        for place, day in enumerate(week):
            assert day is None or day.date.weekday() == (first_weekday + place) % 7
            assert day is None or day.enabled == (day.date >= TODAY)


def test_the_arrows_stop_at_the_limits() -> None:
    def arrows(year: int, month: int) -> Neighbours:
        return calendar_neighbours(year, month, earliest=date(2020, 11, 18), latest=date(2021, 1, 5))

    assert arrows(2020, 11) == Neighbours(previous=None, following=(2020, 12))
    assert arrows(2020, 12) == Neighbours(previous=(2020, 11), following=(2021, 1))
    assert arrows(2021, 1) == Neighbours(previous=(2020, 12), following=None)
    assert arrows(2021, 7) == Neighbours(previous=(2021, 6), following=None)
    unlimited = calendar_neighbours(1, 1, earliest=None, latest=None)
    assert unlimited == Neighbours(previous=None, following=(1, 2))
    assert calendar_neighbours(9999, 12, earliest=None, latest=None).following is None


@pytest.mark.parametrize(("year", "month", "first_weekday"), [(2020, 0, 0), (2020, 13, 0), (0, 1, 0), (2020, 1, 7)])
def test_a_page_that_does_not_exist(year: int, month: int, first_weekday: int) -> None:
    with pytest.raises(ValueError, match=r"no such month|first_weekday"):
        calendar_page(year, month, today=TODAY, earliest=None, latest=None, first_weekday=first_weekday)
