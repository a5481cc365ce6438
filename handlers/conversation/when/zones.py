"""Time zones as people name them: a city, a country, an abbreviation, an offset, an IANA name."""

from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from .meaning import OffsetZone

# Zone by place, in Italian and English. A country stands here only when it has one zone.
PLACES: dict[str, str] = {
    **dict.fromkeys(
        ("roma", "rome", "milano", "milan", "italia", "italy", "italiana", "italian", "bergamo", "brescia", "pavia"),
        "Europe/Rome",
    ),
    **dict.fromkeys(
        ("tel aviv", "tel-aviv", "gerusalemme", "jerusalem", "haifa", "israele", "israel", "israeliana", "israeli"),
        "Asia/Jerusalem",
    ),
    **dict.fromkeys(("londra", "london", "inglese"), "Europe/London"),
    **dict.fromkeys(("dublino", "dublin"), "Europe/Dublin"),
    **dict.fromkeys(("parigi", "paris", "lione", "lyon"), "Europe/Paris"),
    **dict.fromkeys(("berlino", "berlin", "francoforte", "frankfurt", "tedesca", "german"), "Europe/Berlin"),
    **dict.fromkeys(("bruxelles", "brussels"), "Europe/Brussels"),
    **dict.fromkeys(("madrid", "barcellona", "barcelona"), "Europe/Madrid"),
    **dict.fromkeys(("lisbona", "lisbon"), "Europe/Lisbon"),
    **dict.fromkeys(
        ("zurigo", "zurich", "basilea", "basel", "ginevra", "geneva", "lugano", "svizzera", "switzerland", "swiss"),
        "Europe/Zurich",
    ),
    "vienna": "Europe/Vienna",
    "amsterdam": "Europe/Amsterdam",
    **dict.fromkeys(("copenaghen", "copenhagen"), "Europe/Copenhagen"),
    **dict.fromkeys(("stoccolma", "stockholm"), "Europe/Stockholm"),
    **dict.fromkeys(("atene", "athens"), "Europe/Athens"),
    **dict.fromkeys(("new york", "boston"), "America/New_York"),
    **dict.fromkeys(("san francisco", "los angeles"), "America/Los_Angeles"),
    "tokyo": "Asia/Tokyo",
    "singapore": "Asia/Singapore",
}

# Abbreviations with one meaning only. (IST is Israel, India and Ireland; CST the United States and China.)
# GMT and UTC are not here: they are zones of their own, good on every date.
_ABBREVIATIONS: dict[str, tuple[str, int]] = {
    "cet": ("Europe/Rome", 60),
    "cest": ("Europe/Rome", 120),
    "idt": ("Asia/Jerusalem", 180),
    "bst": ("Europe/London", 60),
    "est": ("America/New_York", -300),
    "edt": ("America/New_York", -240),
    "pst": ("America/Los_Angeles", -480),
    "pdt": ("America/Los_Angeles", -420),
}
ABBREVIATIONS: dict[str, OffsetZone] = {
    name: OffsetZone(timedelta(minutes=minutes), name.upper(), ZoneInfo(key))
    for name, (key, minutes) in _ABBREVIATIONS.items()
}
UNIVERSAL = frozenset({"utc", "gmt"})


@lru_cache(maxsize=1)
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if "/" in name}


def iana_zone(key: str) -> ZoneInfo | None:
    """The zone with this IANA name, whatever its case; None when there is none."""
    name = _iana_names().get(key.casefold())
    return ZoneInfo(name) if name else None
