"""The part of MiniZinc's data syntax that the published instances use: assignments of numbers, lists, sets, matrices.

The syntax is that of the MiniZinc handbook's data files: ``name = value;``, comments with ``%`` and ``/* */``. A value
is an integer, a set ``{1, 2}`` or ``1..4``, a list ``[1, 2]`` of integers or sets, or a matrix ``[| 1, 2 | 3, 4 |]``.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from handlers.sheets.faults import InputError, InputFault

TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>%[^\n]*|/\*.*?\*/)|(?P<number>-?\d+(?!\w|\.\d))|(?P<name>[A-Za-z]\w*)"
    r"|(?P<mark>\.\.|\[\||\|\]|[\[\]{}|,;=])",
    re.DOTALL,
)
MOST_DIGITS = 12
"""Longer numbers count nothing that a fair has; Python itself refuses to read very long ones."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a name or a mark, and the line it stands on (from 1)."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Number:
    """An integer as written."""

    value: int
    line: int


@dataclass(frozen=True, slots=True)
class NumberSet:
    """A set; ``numbers`` in the order of the file."""

    numbers: tuple[Number, ...]
    line: int


@dataclass(frozen=True, slots=True)
class NumberList:
    """A list of integers or of sets."""

    items: tuple["Number | NumberSet", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of integers; they may differ in length, which the reader judges."""

    rows: tuple[tuple[Number, ...], ...]
    line: int


Value = Number | NumberSet | NumberList | Matrix
LONGEST_RANGE = 100_000
"""Numbers that ``a..b`` may stand for, so that a slip of the finger does not fill the memory."""


def assignments(text: str, *, source: str) -> dict[str, tuple[int, Value]]:
    """Every name's line and value. Raises InputError at the first place where the syntax breaks."""
    return _Parser(_tokens(text, source), source).assignments()


def _tokens(text: str, source: str) -> list[Token]:
    tokens: list[Token] = []
    at, line = 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            what = f"{text[at : at + 12].split()[0]!r} is not MiniZinc data"
            raise InputError([InputFault(what=what, source=source, row=line)])
        kind, found = str(match.lastgroup), match.group()
        if kind == "number" and len(found) > MOST_DIGITS:
            what = f"a number of {len(found)} digits"
            raise InputError([InputFault(what=what, source=source, row=line)])
        if kind not in ("space", "comment"):
            tokens.append(Token(kind, found, line))
        line += found.count("\n")
        at = match.end()
    tokens.append(Token("end", "", line))
    return tokens


@dataclass(slots=True)
class _Parser:
    tokens: list[Token]
    source: str
    at: int = field(default=0, init=False)

    def assignments(self) -> dict[str, tuple[int, Value]]:
        found: dict[str, tuple[int, Value]] = {}
        while self._next.kind != "end":
            name = self._take_kind("name", "a name")
            if name.text in found:
                self._fail(f"{name.text} is given twice, first on line {found[name.text][0]}", name)
            self._take("=")
            found[name.text] = (name.line, self._value())
            self._take(";")
        return found

    @property
    def _next(self) -> Token:
        return self.tokens[self.at]

    def _fail(self, what: str, token: Token | None = None) -> NoReturn:
        raise InputError([InputFault(what=what, source=self.source, row=(token or self._next).line)])

    def _take_kind(self, kind: str, expected: str) -> Token:
        token = self._next
        if token.kind != kind:
            self._fail(f"expected {expected}, found {token.text or 'the end of the file'}")
        self.at += 1
        return token

    def _take(self, mark: str) -> Token:
        token = self._next
        if token.kind != "mark" or token.text != mark:
            self._fail(f"expected {mark}, found {token.text or 'the end of the file'}")
        self.at += 1
        return token

    def _here(self, mark: str) -> bool:
        return self._next.kind == "mark" and self._next.text == mark

    def _value(self) -> Value:
        if self._here("[|"):
            return self._matrix()
        if self._here("["):
            return self._list()
        return self._item()

    def _number(self) -> Number:
        token = self._take_kind("number", "a whole number")
        return Number(int(token.text), token.line)

    def _item(self) -> Number | NumberSet:
        if self._here("{"):
            line = self._take("{").line
            numbers: list[Number] = []
            while not self._here("}"):
                numbers.append(self._number())
                if not self._here("}"):
                    self._take(",")
            self._take("}")
            return NumberSet(tuple(numbers), line)
        first = self._number()
        if not self._here(".."):
            return first
        self._take("..")
        last = self._number()
        if last.value - first.value > LONGEST_RANGE:
            self._fail(f"{first.value}..{last.value} is too long")
        return NumberSet(tuple(Number(value, first.line) for value in range(first.value, last.value + 1)), first.line)

    def _list(self) -> NumberList:
        line = self._take("[").line
        items: list[Number | NumberSet] = []
        while not self._here("]"):
            items.append(self._item())
            if not self._here("]"):
                self._take(",")
        self._take("]")
        return NumberList(tuple(items), line)

    def _matrix(self) -> Matrix:
        line = self._take("[|").line
        rows: list[tuple[Number, ...]] = []
        row: list[Number] = []
        while not self._here("|]"):
            if self._here("|"):
                self._take("|")
                rows.append(tuple(row))
                row = []
                continue
            row.append(self._number())
            if not (self._here("|") or self._here("|]")):
                self._take(",")
        self._take("|]")
        if row:
            rows.append(tuple(row))
        return Matrix(tuple(rows), line)
