"""What a list would change: pure, from the rows of a file and what is known. Nothing is done here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.conversation.answers import fold
from handlers.staff.list_columns import COLUMNS
from handlers.staff.list_faults import ListFault
from handlers.staff.list_reading import ListContent, ListRow
from storage.enums import ListKind

KEYS: Mapping[ListKind, Sequence[str]] = {
    ListKind.ORGANISATIONS: ("id", "external_id", "vat_number", "name"),
    ListKind.MEMBERS: ("id", "external_id", "work_email"),
}
"""By which columns a row finds what is known already; the first that says something names the row's subject."""
THEIR_OWN = frozenset({"language"})
"""What somebody who has joined chose themselves, and no list changes."""
NEEDS_ONE_OF = ("work_email", "external_id")
"""A person who comes in by a list needs one of these, or the next list would bring them in again."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody or something.

    Attributes:
        id: its number as lists write it: ``O12``, ``P7``, ``I3``.
        values: by field, as :mod:`storage.queries.lists` gives them.
        joined: a person who has joined, and decides on their own language.
    """

    id: str
    values: Mapping[str, str]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that changes what is known: by field, the old value and the new one."""

    row: int
    known: Known
    fields: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class Differences:
    """What a list would change.

    Attributes:
        new: rows that nothing is known of.
        changed: rows that change something.
        unchanged: how many rows say what is known.
        missing: what is known and not in the list, by name. It stays.
        faults: why nothing of it can be taken over.
    """

    new: list[ListRow] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The same for the same differences: 12 hexadecimal digits."""
        what = (
            [[row.number, dict(row.values)] for row in self.new],
            [[one.row, one.known.id, dict(one.fields)] for one in self.changed],
        )
        return hashlib.blake2b(json.dumps(what, sort_keys=True).encode(), digest_size=6).hexdigest()


def compare(
    kind: ListKind, content: ListContent, known: Sequence[Known], organisations: Mapping[str, str]
) -> Differences:
    """Compare a list with what is known.

    Args:
        kind: of what.
        content: the file's rows, without faults.
        known: everything that is known.
        organisations: by folded name, number or VAT number, each organisation's name: for lists of members.
    """
    return _Comparison(kind, content, known, organisations).differences()


class _Comparison:
    def __init__(
        self, kind: ListKind, content: ListContent, known: Sequence[Known], organisations: Mapping[str, str]
    ) -> None:
        self._kind = kind
        self._content = content
        self._known = known
        self._organisations = organisations
        self._found = Differences(faults=list(content.faults))
        self._by_key: dict[tuple[str, str], Known] = {}
        for one in known:
            self._by_key[("id", one.id)] = one
            for key in KEYS[kind]:
                if value := one.values.get(key, ""):
                    self._by_key[(key, fold(value))] = one
        self._claimed: dict[str, int] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._unreadable = {(fault.row, fault.column) for fault in content.faults}

    def differences(self) -> Differences:
        for row in self._content.rows:
            self._look(row)
        self._found.missing = [one.values.get("name", "") for one in self._known if one.id not in self._claimed]
        self._found.faults.sort()
        return self._found

    def _fault(self, row: ListRow, column: str, code: str, value: str = "") -> None:
        self._found.faults.append(ListFault(row.number, self._content.titles.get(column, ""), code, value))

    def _reads(self, row: ListRow, column: str) -> bool:
        """Whether the cell could be read; what is wrong with it is said once."""
        return (row.number, self._content.titles.get(column, "")) not in self._unreadable

    def _look(self, row: ListRow) -> None:
        before = len(self._found.faults)
        values = dict(row.values)
        if self._kind is ListKind.MEMBERS and values.get("organisation"):
            named = self._organisations.get(fold(values["organisation"]))
            if named is None:
                self._fault(row, "organisation", "no_organisation", values["organisation"])
            values["organisation"] = named or ""
        known = self._subject(row, values)
        self._once(row, values, known)
        for column in COLUMNS[self._kind]:
            needed = column.required and (known is None or column.field in row.values)
            if needed and not row.values.get(column.field) and self._reads(row, column.field):
                self._fault(row, column.field, "empty")
        keyless = self._kind is ListKind.MEMBERS and not any(values.get(key) for key in NEEDS_ONE_OF)
        if known is None and keyless and all(self._reads(row, key) for key in NEEDS_ONE_OF):
            self._fault(row, "", "no_key")
        if len(self._found.faults) > before:
            return
        if known is None:
            self._found.new.append(ListRow(row.number, values))
            return
        fields = self._changes(values, known)
        if fields:
            self._found.changed.append(Changed(row.number, known, fields))
        else:
            self._found.unchanged += 1

    def _subject(self, row: ListRow, values: Mapping[str, str]) -> Known | None:
        subject: Known | None = None
        for key in KEYS[self._kind]:
            value = values.get(key, "")
            if not value:
                continue
            one = self._by_key.get((key, value if key == "id" else fold(value)))
            if one is None:
                if key == "id":
                    self._fault(row, key, "unknown_id", value)
            elif subject is None:
                subject = one
            elif one.id != subject.id:
                self._fault(row, key, "disagree", value)
        return subject

    def _once(self, row: ListRow, values: Mapping[str, str], known: Known | None) -> None:
        """No two rows are about the same."""
        if known is not None:
            first = self._claimed.setdefault(known.id, row.number)
            if first != row.number:
                self._fault(row, "", "same_as", str(first))
                return
        for key in KEYS[self._kind]:
            if key != "id" and values.get(key):
                first = self._seen.setdefault((key, fold(values[key])), row.number)
                if first != row.number:
                    self._fault(row, key, "same_as", str(first))
                    return

    def _changes(self, values: Mapping[str, str], known: Known) -> dict[str, tuple[str, str]]:
        keys = set(KEYS[self._kind]) - {"name"}
        changes: dict[str, tuple[str, str]] = {}
        for column in COLUMNS[self._kind]:
            name = column.field
            if name not in values or name == "id" or column.read_only or (known.joined and name in THEIR_OWN):
                continue
            new, old = values[name], known.values.get(name, "")
            # A key that is left empty says nothing; another cell that is emptied does.
            if new != old and not (name in keys and not new):
                changes[name] = (old, new)
        return changes
