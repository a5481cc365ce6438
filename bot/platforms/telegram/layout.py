"""Formatted text of any length as messages that Telegram accepts whole.

Text is split at block boundaries, then at line breaks, then between words, and inside a word only when it alone is
longer than a message. Markup is written after splitting, so a message never begins or ends inside a tag.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""Characters of a text and of a caption, counted after the markup is parsed (Bot API, sendMessage and sendPhoto). They
are counted here in UTF-16 units: never fewer than code points, so either way of counting is kept."""
ENTITY_LIMIT = 100
"""Formatted stretches in a message; Telegram drops what comes after (python-telegram-bot's MessageLimit)."""
SOURCE_LIMIT = 1 << 15
"""Bytes of a text with its markup; the Bot API server refuses longer ones."""

# Telegram marks these by itself, and its marks count against the hundred. Counting too many only splits earlier.
_MARKED_BY_TELEGRAM = re.compile(r"[@#$/]\w|\w[@.]\w|\+?\d{7,}")
# The Bot API server takes these out of a text (clean_input_string in tdlib): line separators and marks that turn the
# direction of all that follows. The rest are control characters, and halves of surrogate pairs, which have no UTF-8.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\ud800-\udfff]")
# Letters and a symbol that Unicode does not call invisible, and that Telegram does not take for text.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_ZERO_WIDTH_JOINER = chr(0x200D)
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_WORD = re.compile(r"\S+\s*|\s+")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram measures."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def clean(text: str) -> str:
    """The text as Telegram would keep it."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def is_visible(text: str) -> bool:
    """Whether there is anything to see; Telegram refuses a message without."""
    return any(unicodedata.category(char) not in _INVISIBLE_CATEGORIES and char not in _BLANK for char in text)


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one formatting."""

    text: str
    bold: bool = False
    url: str = ""

    @property
    def entities(self) -> int:
        """How many formatted stretches Telegram will count."""
        return self.bold + bool(self.url) + len(_MARKED_BY_TELEGRAM.findall(self.text))

    @property
    def html(self) -> str:
        """With markup; whatever is typed stays text."""
        written = html.escape(self.text, quote=False)
        if self.bold:
            written = f"<b>{written}</b>"
        return f'<a href="{html.escape(self.url)}">{written}</a>' if self.url else written

    def continues(self, other: "Run") -> bool:
        """Whether both are formatted alike."""
        return (self.bold, self.url) == (other.bold, other.url)

    def with_text(self, text: str) -> "Run":
        """Other words in this formatting."""
        return Run(text, self.bold, self.url)


Line = tuple[Run, ...]
Section = tuple[Line, ...]
"""Lines that stay in one message if they fit into one."""

BREAK = Run("\n")
GAP = Run("\n\n")


@dataclass(slots=True)
class _Page:
    """One message while it is filled."""

    limit: int
    runs: list[Run] = field(default_factory=list)
    units: int = 0
    entities: int = 0
    size: int = 0

    def takes(self, runs: Iterable[Run]) -> bool:
        """Whether these still fit."""
        added = list(runs)
        return (
            self.units + sum(utf16_length(run.text) for run in added) <= self.limit
            and self.entities + self._new_entities(added) <= ENTITY_LIMIT
            and self.size + sum(len(run.html.encode()) for run in added) <= SOURCE_LIMIT
        )

    def _new_entities(self, added: Sequence[Run]) -> int:
        """A stretch that goes on is not counted again."""
        before = [*self.runs[-1:], *added]
        merged = sum(one.bold + bool(one.url) for previous, one in pairwise(before) if one.continues(previous))
        return sum(run.entities for run in added) - merged

    def add(self, runs: Iterable[Run]) -> None:
        for run in runs:
            self.entities += self._new_entities([run])
            self.units += utf16_length(run.text)
            self.size += len(run.html.encode())
            if self.runs and run.continues(self.runs[-1]):
                self.runs[-1] = run.with_text(self.runs[-1].text + run.text)
            else:
                self.runs.append(run)

    @property
    def written(self) -> str:
        return "".join(run.html for run in self.runs).strip()

    @property
    def visible(self) -> bool:
        return any(is_visible(run.text) for run in self.runs)


class _Book:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._page = _Page(limit)
        self._done: list[str] = []

    def add(self, section: Section) -> None:
        flat = _flat(section)
        gap = [GAP] if self._page.runs else []
        if self._page.takes([*gap, *flat]):
            self._page.add([*gap, *flat])
        elif _Page(self._limit).takes(flat):
            self._turn()
            self._page.add(flat)
        else:
            for index, line in enumerate(section):
                self._add_line(line, GAP if index == 0 else BREAK)

    def _add_line(self, line: Line, separator: Run) -> None:
        before = [separator] if self._page.runs else []
        if self._page.takes([*before, *line]):
            self._page.add([*before, *line])
            return
        if _Page(self._limit).takes(line):
            self._turn()
            self._page.add(line)
            return
        for token in _tokens(line, self._limit):
            if not self._page.takes([*before, token]):
                self._turn()
                before = []
            self._page.add([*before, token])
            before = []

    def _turn(self) -> None:
        if self._page.visible:
            self._done.append(self._page.written)
        self._page = _Page(self._limit)

    def pages(self) -> list[str]:
        self._turn()
        return self._done


def _flat(section: Section) -> list[Run]:
    runs: list[Run] = []
    for index, line in enumerate(section):
        if index:
            runs.append(BREAK)
        runs.extend(line)
    return runs


def _tokens(line: Line, limit: int) -> list[Run]:
    """The smallest pieces that are not taken apart: words, and links and bold stretches that fit into a message."""
    tokens: list[Run] = []
    for run in line:
        if (run.bold or run.url) and _Page(limit).takes([run]):
            tokens.append(run)
            continue
        for word in _WORD.findall(run.text):
            tokens.extend(run.with_text(piece) for piece in _chopped(word, limit))
    return tokens


def _chopped(word: str, limit: int) -> list[str]:
    """A word in pieces of at most ``limit`` UTF-16 units; what is drawn as one sign stays together."""
    pieces: list[str] = []
    while utf16_length(word) > limit:
        end = _cut(word, limit)
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word] if word else pieces


def _cut(word: str, limit: int) -> int:
    units = end = 0
    for char in word:
        units += 2 if char > "\uffff" else 1
        if units > limit:
            break
        end += 1
    # Signs are put together from a few code points at most; a longer chain is somebody's joke and is cut.
    for candidate in range(end, max(end - 16, 0), -1):
        following = word[candidate] if candidate < len(word) else ""
        joins = following in _JOINERS or unicodedata.combining(following or " ") > 0
        if not joins and word[candidate - 1] != _ZERO_WIDTH_JOINER:
            return candidate
    return end


def paginate(sections: Iterable[Section], limit: int = TEXT_LIMIT) -> list[str]:
    """Sections as Telegram HTML, an empty line between them, in as few messages as they need; none if nothing shows."""
    book = _Book(limit)
    for section in sections:
        book.add(section)
    return book.pages()
