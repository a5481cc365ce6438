"""Reading JSON strictly: every value is asked for by its type, and what does not fit is named by its path."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from handlers.sheets.faults import InputError, InputFault

Choice = TypeVar("Choice", bound=StrEnum)
Part = TypeVar("Part")


@dataclass(slots=True)
class JsonObject:
    """One object of a JSON file. Whatever is asked for is noted, and ``close`` names keys nobody asked for.

    All readers note a fault and give a harmless value instead of raising, so that one reading finds all faults.
    """

    values: dict[str, Any]
    path: str
    source: str
    faults: list[InputFault]
    asked: set[str] = field(default_factory=set, init=False)

    def fault(self, key: str, what: str) -> None:
        """Note that something is wrong with a key's value (or with the object, for an empty key)."""
        where = f"{self.path}.{key}" if self.path and key else self.path or key
        self.faults.append(InputFault(what=what, source=self.source, column=where))

    def has(self, key: str) -> bool:
        """Whether there is such a key, with anything but null."""
        self.asked.add(key)
        return self.values.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """A string; one that has to be there when no default is given."""
        if not self.has(key) and default is not None:
            return default
        value = self.values.get(key)
        if isinstance(value, str):
            return value
        self.fault(key, "it is missing" if value is None else "it is not text")
        return ""

    def id(self, key: str) -> str:
        """An id: text, or a whole number, which then is an id as written."""
        return self.optional_id(key, needed=True) or ""

    def optional_id(self, key: str, *, needed: bool = False) -> str | None:
        """An id, or None when the key is missing or null."""
        if not self.has(key):
            if needed:
                self.fault(key, "it is missing")
            return None
        return self._id_of(key, self.values[key])

    def ids(self, key: str) -> tuple[str, ...]:
        """A list of ids in its order; empty when there is none."""
        return tuple(self._id_of(f"{key}[{index}]", one) for index, one in enumerate(self.items(key)))

    def id_set(self, key: str) -> frozenset[str]:
        """A list of ids that are all different."""
        found = self.ids(key)
        for index, one in enumerate(found):
            if one in found[:index]:
                self.fault(f"{key}[{index}]", f"{one!r} is given twice")
        return frozenset(found)

    def optional_id_set(self, key: str) -> frozenset[str] | None:
        """As ``id_set``, but None when the key is missing or null: an empty list is something else."""
        return self.id_set(key) if self.has(key) else None

    def _id_of(self, key: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.fault(key, "it is not an id: text or a whole number")
        return ""

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        found = self.optional_whole(key)
        return default if found is None else found

    def optional_whole(self, key: str) -> int | None:
        """A whole number, or None when the key is missing or null."""
        if not self.has(key):
            return None
        value = self.values[key]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.fault(key, "it is not a whole number")
        return None

    def number(self, key: str, default: float) -> float:
        """A number."""
        if not self.has(key):
            return default
        value = self.values[key]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.fault(key, "it is not a number")
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        if not self.has(key):
            return default
        value = self.values[key]
        if not isinstance(value, bool):
            self.fault(key, "it is not true or false")
            return default
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of the words of an enumeration; it has to be there when no default is given."""
        found = self.text(key, default)
        try:
            return kind(found)
        except ValueError:
            if self.has(key) and isinstance(self.values[key], str):
                self.fault(key, f"{found!r} is none of {', '.join(kind)}")
            return default or next(iter(kind))

    def moment(self, key: str) -> datetime | None:
        """An ISO 8601 time with its offset, or None when the key is missing or null."""
        if not self.has(key):
            return None
        value = self.values[key]
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.utcoffset() is None:
            self.fault(key, "it is not a time with its offset, such as 2018-04-10T09:30+02:00")
            return None
        return found

    def items(self, key: str) -> list[Any]:
        """A list as it is; empty when there is none."""
        if not self.has(key):
            return []
        value = self.values[key]
        if not isinstance(value, list):
            self.fault(key, "it is not a list")
            return []
        return value

    def objects(self, key: str, read: Callable[["JsonObject"], Part]) -> tuple[Part, ...]:
        """A list of objects, each read with ``read``; those that are no object are noted and left out."""
        found: list[Part] = []
        for index, value in enumerate(self.items(key)):
            part = self._inner(f"{key}[{index}]", value)
            if part is not None:
                found.append(read(part))
                part.close()
        return tuple(found)

    def inner(self, key: str, read: Callable[["JsonObject"], Part]) -> Part | None:
        """An object within; None when the key is missing or null."""
        part = self._inner(key, self.values[key]) if self.has(key) else None
        if part is None:
            return None
        found = read(part)
        part.close()
        return found

    def _inner(self, key: str, value: object) -> "JsonObject | None":
        if not isinstance(value, dict):
            self.fault(key, "it is not an object in braces")
            return None
        return JsonObject(value, f"{self.path}.{key}" if self.path else key, self.source, self.faults)

    def ignore(self, keys: Iterable[str]) -> None:
        """Accept keys that say nothing new."""
        self.asked.update(keys)

    def close(self) -> None:
        """Name the keys that nobody asked for: a slip of the pen is else a rule that is silently not kept."""
        for key in self.values:
            if key not in self.asked:
                self.fault(key, "this key is not known here")


def read_object(text: str, *, source: str, form: str, version: int) -> JsonObject:
    """The object that a file holds. Raises InputError when it is none, or of another form or a later version."""
    if not text.strip():
        raise InputError([InputFault(what="the file is empty", source=source)])
    try:
        value = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg} (at character {error.colno})"
        raise InputError([InputFault(what=what, source=source, row=error.lineno)]) from error
    except (_TwinKeyError, ValueError, RecursionError) as error:
        raise InputError([InputFault(what=f"not JSON: {error}", source=source)]) from error
    if not isinstance(value, dict):
        raise InputError([InputFault(what="not an object in braces", source=source)])
    top = JsonObject(value, "", source, [])
    if (named := top.text("format", form)) != form:
        raise InputError([InputFault(what=f"it is {named!r}, not {form!r}", source=source, column="format")])
    found = top.whole("version", version)
    if found != version:
        what = f"it is {found}; this release reads version {version}"
        raise InputError([InputFault(what=what, source=source, column="version")])
    return top


def raise_faults(top: JsonObject) -> None:
    """Close the file's object, and raise InputError with everything that was found."""
    top.close()
    if top.faults:
        raise InputError(top.faults)


class _TwinKeyError(Exception):
    pass


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for index, key in enumerate(keys) if key in keys[:index])
        raise _TwinKeyError(f"the key {twin!r} comes twice in one object")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")
