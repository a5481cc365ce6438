"""What of a search its buttons carry: its words, its filters and the page.

Nothing is stored about who looked for what, and the pages of a year-old message still turn.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.conversation.screen import MAX_ACTION_BYTES, one_line
from storage.enums import Locale, SubjectKind
from storage.queries.search import NO_FILTERS, Filters
from storage.queries.search_kinds import KINDS

HITS_A_PAGE = 5
MOST_PAGES = 36**2
"""Two digits to the base 36."""
LONGEST_FILTERS = len("p99.999.zzzz.b")
WORDS_BYTES = MAX_ACTION_BYTES - len("find.by:k::") - LONGEST_FILTERS
"""What of a search fits into its buttons beside the filters: four to six words."""
QUESTION_BYTES = MAX_ACTION_BYTES - len("post.ask:")
"""What of a question fits into the button that asks it."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LANGUAGES = (None, Locale.ITALIAN, Locale.ENGLISH)
_LARGEST = {"subkind": 36**2 - 1, "sector": 36**3 - 1, "topic": 36**4 - 1}


class By(StrEnum):
    """What a search is narrowed by."""

    KIND = "k"
    SECTOR = "s"
    TOPIC = "t"
    LANGUAGE = "l"


class Switch(StrEnum):
    """What is on or off."""

    OPEN = "o"
    MINE = "m"


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its buttons carry it. ``page`` counts from 0."""

    words: str
    filters: Filters = NO_FILTERS
    page: int = 0

    def narrowed(self, **changes: object) -> "Asked":
        """The same with other filters, from the first page."""
        return replace(self, filters=replace(self.filters, **changes), page=0)  # type: ignore[arg-type]  # dataclasses.replace checks the names

    def switched(self, switch: Switch) -> "Asked":
        """The same with one switch turned."""
        if switch is Switch.OPEN:
            return self.narrowed(still_open=not self.filters.still_open)
        return self.narrowed(mine=not self.filters.mine)


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _read(written: str, largest: int) -> int:
    if not written.isascii() or not written.isalnum() or len(written) > len(_written(largest)):
        return 0
    return int(written, 36)


def in_button(filters: Filters) -> str:
    """Filters as a button carries them, such as ``p4.2.1c.3``; an id too large to be carried filters nothing."""
    sort = ""
    if filters.kind is not None:
        subkind = filters.subkind if filters.subkind <= _LARGEST["subkind"] else 0
        sort = KINDS[filters.kind].code + _written(subkind)
    sector = filters.sector_id if filters.sector_id <= _LARGEST["sector"] else 0
    topic = filters.topic_id if filters.topic_id <= _LARGEST["topic"] else 0
    flags = _LANGUAGES.index(filters.language) + 3 * filters.still_open + 6 * filters.mine
    return ".".join([sort, _written(sector), _written(topic), _written(flags)]).rstrip(".")


def from_button(carried: str) -> Filters:
    """The filters that a button carries; what no button could have carried filters nothing."""
    sort, sector, topic, flags = (carried.split(".") + [""] * 4)[:4]
    kind = next((one.kind for one in KINDS.values() if sort.startswith(one.code)), None)
    switches = _read(flags, 11)
    switches = switches if switches < 12 else 0
    return Filters(
        kind=kind,
        subkind=_read(sort[1:], _LARGEST["subkind"]) if kind is SubjectKind.POST else 0,
        sector_id=_read(sector, _LARGEST["sector"]),
        topic_id=_read(topic, _LARGEST["topic"]),
        language=_LANGUAGES[switches % 3],
        still_open=switches // 3 % 2 == 1,
        mine=switches >= 6,
    )


def page_in_button(page: int) -> str:
    """A page's number as a button carries it."""
    return _written(min(max(page, 0), MOST_PAGES - 1)) or "0"


def page_from_button(carried: str) -> int:
    """The page; the first for what no button could have carried."""
    return _read(carried, MOST_PAGES - 1)


def question_in_button(query: str) -> str:
    """What was asked, as a button carries it: the first words, without the colon that parts an action's words."""
    return cut(query.encode(errors="ignore").decode().replace(":", " "), QUESTION_BYTES)


def cut(text: str, most_bytes: int) -> str:
    """The first words of a text that fit into so many bytes of UTF-8; part of a word when not even one fits."""
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}" if kept else word
        if len(longer.encode()) > most_bytes:
            break
        kept = longer
    return kept or text.strip().encode()[:most_bytes].decode(errors="ignore")


def clipped(text: str, length: int = 60) -> str:
    """A text on one line, cut with an ellipsis where it is too long for a button."""
    return one_line(text, length)
