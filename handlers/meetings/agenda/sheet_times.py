"""Dates and times as fairs write them in a sheet, in the zone of the place where the fair is."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.sheets.cells import CellValue, text_of

DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
CLOCK = re.compile(r"(?:ore |h )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
DAY, TIME = r"[\d/.-]{8,10}", r"\d{1,2}[:.]\d{2}"
STRETCH = re.compile(
    rf"(?P<day>{DAY})(?: (?P<start>{TIME}) ?[-–] ?(?:(?P<last>{DAY}) )?(?P<end>{TIME}))?(?: ?\+(?P<travel>\d{{1,4}}))?"
)
DAY_MINUTES = 24 * 60


def moment(value: CellValue, zone: ZoneInfo) -> datetime:
    """A day with a time: an Excel date, ISO 8601 (with or without an offset), or dd/mm/yyyy hh:mm.

    Raises ValueError, with what is wrong, also for a time that the clocks jump over in spring.
    """
    if isinstance(value, datetime):
        return aware(value, zone)
    text = text_of(value)
    if re.match(ISO_DAY, text):
        try:
            return aware(datetime.fromisoformat(text), zone) if len(text) > len("2018-04-10") else _no_time(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a day and a time ({error})") from error
    written_day, _, rest = text.replace(",", " ").partition(" ")
    if not rest.strip():
        return _no_time(text)
    return aware(datetime.combine(day(written_day), clock(rest.strip())), zone)


def _no_time(text: str) -> datetime:
    raise ValueError(f"{text!r} is not a day and a time: write 2018-04-10 09:30 or 10/04/2018 09:30")


def day(value: CellValue) -> date:
    """A day alone: an Excel date, ISO, or dd/mm/yyyy (never mm/dd). Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if iso := ISO_DAY.fullmatch(text):
        parts = (int(iso[1]), int(iso[2]), int(iso[3]))
    elif written := DAY_FIRST.fullmatch(text):
        parts = (int(written[3]), int(written[2]), int(written[1]))
    else:
        raise ValueError(f"{text!r} is not a day: write 2018-04-10 or 10/04/2018")
    try:
        return date(*parts)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day of the calendar") from error


def clock(value: CellValue) -> time:
    """A time of day: an Excel time, or hh:mm as well as hh.mm. Raises ValueError."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(days=1):
        return _of_minutes(round(value / timedelta(minutes=1)))
    if isinstance(value, float) and 0 <= value < 1:
        # A spreadsheet's time whose cell was never formatted as one: a fraction of the day.
        return _of_minutes(round(value * DAY_MINUTES))
    text = text_of(value)
    written = CLOCK.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not a time: write 09:30")
    try:
        return time(int(written[1]), int(written[2]), int(written[3] or 0))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time of the day") from error


def _of_minutes(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def aware(moment_read: datetime, zone: ZoneInfo) -> datetime:
    """Wall time in the zone; a time that has an offset keeps its instant and is told in the zone's time.

    Raises ValueError for a time that the zone's clocks skip. Of one that comes twice in autumn the first is meant.
    """
    if moment_read.microsecond:
        # Spreadsheets keep times as fractions of a day, so 09:30 may come as 09:29:59.999997.
        moment_read = (moment_read + timedelta(milliseconds=500)).replace(microsecond=0)
    if moment_read.tzinfo is not None:
        return moment_read.astimezone(zone)
    local = moment_read.replace(tzinfo=zone)
    there_and_back = local.astimezone(ZoneInfo("UTC")).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != moment_read:
        raise ValueError(f"{moment_read:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks go forward")
    return local


def stretch(value: CellValue, zone: ZoneInfo) -> tuple[datetime, datetime, int]:
    """A time when somebody is away: start, end, and minutes of travel before and after.

    ``10/04/2018`` is the whole day; ``10/04/2018 14:00-16:00`` a part of it, ``10/04/2018 14:00-11/04/2018 09:00`` more
    than one, and ``+45`` behind either adds travel. Raises ValueError.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return _whole_day(value, zone, 0)
    text = text_of(value)
    written = STRETCH.fullmatch(text)
    if written is None:
        raise ValueError("it is not a stretch of time such as 10/04/2018 14:00-16:00")
    first = day(written["day"])
    travel = int(written["travel"] or 0)
    if written["start"] is None:
        return _whole_day(first, zone, travel)
    last = day(written["last"]) if written["last"] else first
    start = aware(datetime.combine(first, clock(written["start"])), zone)
    end = aware(datetime.combine(last, clock(written["end"])), zone)
    if end <= start:
        raise ValueError(f"the end of {text!r} is not after its start")
    return start, end, travel


def _whole_day(one: date, zone: ZoneInfo, travel: int) -> tuple[datetime, datetime, int]:
    midnight = datetime.combine(one, time(), tzinfo=zone)
    return midnight, datetime.combine(one + timedelta(days=1), time(), tzinfo=zone), travel
