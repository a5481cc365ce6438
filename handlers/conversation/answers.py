"""Reading what a person answers to a field, and checking what a window hands in. Nothing a client sends is trusted."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from handlers.conversation.form import Field, FieldKind, Form, Option, Value, Values
from handlers.conversation.texts import Texts
from handlers.conversation.when import FURTHEST_YEARS, NotUnderstood, Reason, Understood, WhenKind, parse_when

WALL = "%Y-%m-%dT%H:%M"
"""How a WHEN is stored: wall time in the field's zone, no seconds."""
CANDIDATES = 5
"""How many near matches are offered when a typed choice is not clear."""


DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates of the bidirectional algorithm (Unicode UAX #9, 2)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be taken.

    Attributes:
        text: what to tell the person.
        options: answers to offer as buttons: (value, label).
        day: a day that was understood and only lacks its time.
    """

    text: str
    options: tuple[Option, ...] = ()
    day: date | None = None


def fold(text: str) -> str:
    """Lower case without accents, for comparing names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def clean(text: str, *, lines: bool) -> str:
    """Typed text without control characters and outer blanks; on one line unless ``lines``.

    NUL is refused by PostgreSQL, the others break a screen; those of writing direction turn the words around that
    follow the text wherever it is shown. Hebrew and Arabic need none of them.
    """
    kept = "".join(
        char
        for char in text.replace("\r\n", "\n")
        if char in "\n\t" or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in DIRECTIONS)
    )
    return kept.strip() if lines else " ".join(kept.split())


def is_visible(text: str) -> bool:
    """Whether there is anything to see: more than blanks and characters without a shape, such as U+200B."""
    return any(unicodedata.category(char)[0] not in "CZ" for char in text)


def read(field: Field, typed: str, *, t: Texts, now: datetime, day: date | None = None) -> Value | Problem:
    """The value of a typed answer, or why it cannot be taken.

    Args:
        field: what was asked.
        typed: what the person wrote.
        t: their language.
        now: the present, aware.
        day: the day they gave before, when only its time was missing.
    """
    match field.kind:
        case FieldKind.LINE | FieldKind.TEXT:
            return _text(field, typed, t)
        case FieldKind.NUMBER:
            return _number(field, typed, t)
        case FieldKind.WHEN:
            return _when(field, typed, t, now, day)
        case FieldKind.CHOICE | FieldKind.PERSON:
            return _choice(field, typed, t)
        case FieldKind.CHOICES:
            return _choices(field, typed, t)
        case FieldKind.FILE:
            return Problem(t("Please send the file itself, or skip this step."))


def check(form: Form, values: Values, *, t: Texts, now: datetime) -> tuple[Values, dict[str, str]]:
    """What a window handed in: the values that fit, and what is wrong by field."""
    good: Values = {}
    wrong: dict[str, str] = {}
    for field in form.fields:
        value = values.get(field.name)
        if value is None or value in ("", []):
            if field.required:
                wrong[field.name] = t("Please fill this in.")
            continue
        checked = _checked(field, value, t=t, now=now)
        if isinstance(checked, Problem):
            wrong[field.name] = checked.text
        else:
            good[field.name] = checked
    return good, wrong


def _checked(field: Field, value: Value, *, t: Texts, now: datetime) -> Value | Problem:
    known = {option.value for option in field.options}
    match field.kind, value:
        case FieldKind.CHOICE | FieldKind.PERSON, str() if value in known:
            return value
        case FieldKind.CHOICES, list():
            chosen = [option.value for option in field.options if option.value in value]
            return chosen or Problem(t("Please choose from the list."))
        case FieldKind.WHEN, str():
            wall = _wall(value)
            return read(field, value, t=t, now=now) if wall is None else _future(wall, field, t, now)
        case FieldKind.NUMBER, int():
            return _number(field, str(value), t)
        case FieldKind.FILE, dict():
            wanted = {"platform", "account", "reference", "name", "mime"}
            return value if wanted <= set(value) else Problem(t("The file did not arrive. Please send it again."))
        case (FieldKind.LINE | FieldKind.TEXT | FieldKind.NUMBER | FieldKind.CHOICE | FieldKind.PERSON, str()):
            return read(field, value, t=t, now=now)
    return Problem(t("This answer cannot be read. Please give it again."))


def _wall(value: str) -> datetime | None:
    try:
        return datetime.strptime(value, WALL)  # noqa: DTZ007 - wall time has no zone by definition
    except ValueError:
        return None


def _future(wall: datetime, field: Field, t: Texts, now: datetime) -> Value | Problem:
    zone = ZoneInfo(field.zone)
    end = wall.replace(hour=23, minute=59) if field.date_only else wall
    if end.replace(tzinfo=zone) < now:
        return Problem(t("{day} is in the past. Please choose a later moment.", day=t.day(wall, year=True)))
    today = now.astimezone(zone).date()
    if (wall.year - FURTHEST_YEARS, wall.month, wall.day) > (today.year, today.month, today.day):
        return Problem(t("That is more than two years away. Please check the year."))
    there_and_back = wall.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    if there_and_back != wall:
        return Problem(
            t(
                "On {day} the clocks go forward and {hour} does not exist. Please choose another time.",
                day=t.day(wall),
                hour=t.hour(wall),
            )
        )
    return wall.strftime(WALL)


def _text(field: Field, typed: str, t: Texts) -> Value | Problem:
    text = clean(typed, lines=field.kind is FieldKind.TEXT)
    if not is_visible(text):
        return Problem(t("I need a few words here."))
    if len(text) > field.length_limit:
        return Problem(
            t(
                "This is {given} characters long; at most {limit} fit. Please shorten it.",
                given=t.number(len(text)),
                limit=t.number(field.length_limit),
            )
        )
    return text


def _number(field: Field, typed: str, t: Texts) -> Value | Problem:
    text = typed.strip()
    if not text.removeprefix("-").isdecimal() or len(text) > 12 or not field.minimum <= int(text) <= field.maximum:
        return Problem(
            t(
                "Please write a whole number from {low} to {high}.",
                low=t.number(field.minimum),
                high=t.number(field.maximum),
            )
        )
    return int(text)


def _choice(field: Field, typed: str, t: Texts) -> Value | Problem:
    wanted = fold(typed)
    exact = [option for option in field.options if fold(option.label) == wanted or option.value == typed.strip()]
    if len(exact) == 1:
        return exact[0].value
    near = exact or [
        option for option in field.options if wanted and all(w in fold(option.label) for w in wanted.split())
    ]
    if len(near) == 1:
        return near[0].value
    if near:
        return Problem(t("Which one do you mean?"), tuple(near[:CANDIDATES]))
    return Problem(
        t("I can't find “{typed}” in the list. Please choose from it.", typed=clean(typed, lines=False)[:60])
    )


def _choices(field: Field, typed: str, t: Texts) -> Value | Problem:
    chosen: list[str] = []
    for word in typed.replace(";", ",").split(","):
        found = _choice(field, word, t)
        if not isinstance(found, str):
            return found
        if found not in chosen:
            chosen.append(found)
    return chosen


def _when(field: Field, typed: str, t: Texts, now: datetime, day: date | None) -> Value | Problem:
    zone = ZoneInfo(field.zone)
    locales = (t.locale.value, "en" if t.locale.value == "it" else "it")
    if day is not None:
        hour = parse_when(typed, now=now, zone=zone, locales=locales, kind=WhenKind.TIME)
        if isinstance(hour, Understood):
            return _future(datetime.combine(day, time(hour.local.hour, hour.local.minute)), field, t, now)
    kind = WhenKind.DATE if field.date_only else WhenKind.DATETIME
    outcome = parse_when(typed, now=now, zone=zone, locales=locales, kind=kind)
    if isinstance(outcome, Understood):
        return outcome.instant.astimezone(zone).strftime(WALL) if not field.date_only else outcome.local.strftime(WALL)
    return _not_understood(outcome, field, t)


def _not_understood(outcome: NotUnderstood, field: Field, t: Texts) -> Problem:
    zone = ZoneInfo(field.zone)
    offered = tuple(
        Option(one.instant.astimezone(zone).strftime(WALL), f"{t.short_day(one.local)} {t.hour(one.local)}")
        for one in outcome.suggestions
        if field.date_only or not one.date_only
    )[:CANDIDATES]
    words = ", ".join(f"“{word}”" for word in outcome.words)
    match outcome.reason:
        case Reason.NO_TIME:
            if outcome.date is not None:
                return Problem(t("{day}: at what time?", day=t.day(outcome.date)), offered, outcome.date)
            text = t("At what time?")
        case Reason.NO_DATE:
            text = t("On which day?")
        case Reason.IMPOSSIBLE_DATE:
            text = t("That day does not exist. Dates go day, month, year: 27/11/2018.")
        case Reason.IMPOSSIBLE_TIME:
            text = t("That time does not exist. Hours go from 00:00 to 23:59.")
        case Reason.WEEKDAY_MISMATCH:
            if outcome.date is not None:
                text = t("{day} is what the calendar says. Which day do you mean?", day=t.day(outcome.date, year=True))
            else:
                text = t("Day and date do not match. Which day do you mean?")
        case Reason.PAST:
            text = t("That is in the past. Please choose a later moment.")
        case Reason.TOO_FAR:
            text = t("That is more than two years away. Please check the year.")
        case Reason.AMBIGUOUS:
            text = t("This can be read in more than one way. Which do you mean?")
        case Reason.NONEXISTENT_TIME:
            text = t("The clocks go forward that night and this time does not exist. Please choose another.")
        case Reason.ZONE_MISMATCH:
            text = t("That time zone is not in use on that day. Please write the city instead, like “Rome time”.")
        case Reason.UNKNOWN_WORDS if words:
            text = t("I don't understand {words}. Try “27 November at 18:30” or “tomorrow at 9”.", words=words)
        case _:
            text = t("I don't understand this date. Try “27 November at 18:30” or “tomorrow at 9”.")
    return Problem(text, offered)


def shown(field: Field, value: Value, t: Texts) -> str:
    """How a value is shown to the person who gave it."""
    match field.kind, value:
        case _, None | "" | []:
            return "–"
        case ((FieldKind.CHOICE | FieldKind.PERSON), str()):
            return field.label_of(value)
        case FieldKind.CHOICES, list():
            return ", ".join(field.label_of(one) for one in value)
        case FieldKind.WHEN, str():
            wall = _wall(value)
            if wall is None:
                return value
            return t.day(wall, year=True) if field.date_only else f"{t.day(wall, year=True)}, {t.hour(wall)}"
        case FieldKind.FILE, dict():
            return str(value.get("name", "–"))
        case FieldKind.NUMBER, int():
            return t.number(value)
    return str(value)
