"""What the bot says, in Italian and English.

The source code holds the English sentence, ``handlers/texts/it/*.po`` the Italian one (gettext, one catalogue a
subject, read as they are: nothing to compile). Plural rules, dates and numbers are CLDR's, through Babel.
A test extracts every sentence and fails for one without its Italian, or with other placeholders.
"""

import gettext
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale as CldrLocale
from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from storage.enums import Locale, Platform

CATALOGUES = Path(__file__).parent.parent / "texts"

CLDR = {Locale.ITALIAN: "it", Locale.ENGLISH: "en_GB"}
"""English is written the European way: day before month, 24 hours."""


PLATFORM_NAMES = {Platform.TELEGRAM: "Telegram", Platform.SLACK: "Slack", Platform.WEB: "Web"}
"""What the platforms are called, in both languages."""


class TextError(ValueError):
    """A sentence was given other values than its placeholders name."""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence that is translated where it is shown, not where it stands."""
    return sentence


@cache
def _catalogue(locale: Locale) -> gettext.NullTranslations:
    # One for all subjects: a chain of a dozen would be walked for every sentence.
    merged: Catalog | None = None
    for path in sorted((CATALOGUES / locale.value).glob("*.po")):
        with path.open("rb") as file:
            subject = read_po(file, locale=locale.value)
        if merged is None:
            merged = subject
        else:
            for message in subject:
                if message.id:  # the empty one is the file's head
                    merged[message.id] = message
    if merged is None:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Texts:
    """The sentences, dates and numbers of one language."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self._cldr = CLDR[locale]
        self._gettext = _catalogue(locale)

    def __call__(self, sentence: str, /, **values: object) -> str:
        """The sentence in this language, its ``{placeholders}`` filled in.

        Raises:
            TextError: a placeholder has no value.
        """
        return _filled(self._gettext.gettext(sentence), values)

    def n(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The sentence for that many; ``{n}`` is the number."""
        return _filled(self._gettext.ngettext(one, many, count), {"n": self.number(count), **values})

    def of(self, row: object, attribute: str) -> str:
        """A row's text in this language, or in the other where this one is empty (``name_it``, ``name_en``)."""
        own = getattr(row, f"{attribute}_{self.locale.value}", "")
        if own:
            return str(own)
        others = (getattr(row, f"{attribute}_{locale.value}", "") for locale in Locale if locale is not self.locale)
        return str(next((text for text in others if text), ""))

    def number(self, value: float) -> str:
        """A number with this language's separators."""
        return str(format_decimal(value, locale=self._cldr))

    def list(self, items: "list[str]") -> str:
        """``a, b and c``."""
        return str(format_list(items, locale=self._cldr)) if items else ""

    def either(self, items: Sequence[str]) -> str:
        """``a, b or c``; at least one."""
        return str(format_list(items, style="or", locale=self._cldr))

    def day(self, value: date, *, year: bool = False) -> str:
        """``giovedì 19 aprile``, with the year where asked for."""
        return str(format_date(value, "EEEE d MMMM y" if year else "EEEE d MMMM", locale=self._cldr))

    def short_day(self, value: date) -> str:
        """``gio 19 apr``: for lists and buttons."""
        return str(format_date(value, "EEE d MMM", locale=self._cldr)).replace(".", "")

    def month(self, value: date) -> str:
        """``aprile 2018``."""
        return str(format_skeleton("yMMMM", datetime.combine(value, time()), locale=self._cldr))

    def hour(self, value: datetime | time) -> str:
        """``17:30``."""
        return value.strftime("%H:%M")

    def city(self, zone: ZoneInfo) -> str:
        """The city that names a zone: ``Roma``, ``Gerusalemme``."""
        if zone.key in {"UTC", "Etc/UTC"}:
            return "UTC"
        return str(get_timezone_location(zone, locale=self._cldr, return_city=True))

    def moment(self, instant: datetime, zone: ZoneInfo, *, reader: ZoneInfo | None = None, year: bool = False) -> str:
        """A point in time where it happens, and at the reader's where that differs.

        ``giovedì 17 maggio, 10:00 (ora di Gerusalemme; 09:00 da te)``. Without a reader's zone, or where both clocks
        agree at that moment, the zone is left out.
        """
        local = instant.astimezone(zone)
        text = f"{self.day(local, year=year)}, {self.hour(local)}"
        return text + self._elsewhere(instant, zone, reader)

    def span(self, start: datetime, end: datetime, zone: ZoneInfo, *, reader: ZoneInfo | None = None) -> str:
        """From when to when: the day once where both are on the same."""
        first, last = start.astimezone(zone), end.astimezone(zone)
        if first.date() == last.date():
            text = f"{self.day(first)}, {self.hour(first)}–{self.hour(last)}"
        else:
            text = f"{self.day(first)}, {self.hour(first)} – {self.day(last)}, {self.hour(last)}"
        return text + self._elsewhere(start, zone, reader)

    def days(self, first: date, last: date) -> str:
        """``14–17 maggio 2018``; one day where both are the same."""
        if first == last:
            return self.day(first, year=True)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {self.month(first)}"
        return f"{self.day(first)} – {self.day(last, year=True)}"

    def stamp(self, instant: datetime, zone: ZoneInfo) -> str:
        """Date and time in the shortest form that cannot be misread: ``3 apr 2018, 09:00``."""
        return str(format_datetime(instant.astimezone(zone), "d MMM y, HH:mm", locale=self._cldr))

    def duration(self, span: timedelta) -> str:
        """A length of time in its largest unit, rounded: ``3 giorni``, ``1 ora``."""
        minutes = round(span.total_seconds() / 60)
        if minutes >= 48 * 60:
            return self.n("{n} day", "{n} days", round(minutes / (24 * 60)))
        if minutes >= 60:
            return self.n("{n} hour", "{n} hours", round(minutes / 60))
        return self.n("{n} minute", "{n} minutes", minutes)

    def language(self, code: str) -> str:
        """The name of a language (ISO 639): ``inglese``."""
        return str(CldrLocale.parse(self._cldr).languages.get(code, code))

    def _elsewhere(self, instant: datetime, zone: ZoneInfo, reader: ZoneInfo | None) -> str:
        if reader is None or instant.astimezone(zone).utcoffset() == instant.astimezone(reader).utcoffset():
            return ""
        theirs, t = instant.astimezone(reader), self
        if theirs.date() == instant.astimezone(zone).date():
            return " " + t("({city} time; {hour} where you are)", city=self.city(zone), hour=self.hour(theirs))
        return " " + t(
            "({city} time; {day} {hour} where you are)",
            city=self.city(zone),
            day=self.short_day(theirs),
            hour=self.hour(theirs),
        )


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    try:
        return sentence.format_map(values) if values else sentence
    except KeyError as error:
        raise TextError(f"no value for {error} in {sentence!r}") from error


@cache
def texts_for(locale: Locale | str) -> Texts:
    """The texts of a language; a code that is not spoken here gets English."""
    code = str(locale).split("-", maxsplit=1)[0].split("_", maxsplit=1)[0].lower()
    return Texts(Locale(code) if code in set(Locale) else Locale.ENGLISH)
