"""A form: one declaration that is a window on Slack, an HTML form on the web and a talk on Telegram."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any

Value = str | int | list[str] | dict[str, Any] | None
"""A field's value as stored in a draft and handed to ``submit``; its shape depends on the kind."""

Values = dict[str, Value]


class FieldKind(StrEnum):
    """What a field asks for, and the shape of its value."""

    LINE = "line"  # str, one line
    TEXT = "text"  # str, several lines
    NUMBER = "number"  # int
    WHEN = "when"  # str: local wall time "2018-04-19T17:30", in the field's zone
    CHOICE = "choice"  # str: an option's value
    CHOICES = "choices"  # list[str]: options' values
    PERSON = "person"  # str: an option's value; as CHOICE, and found by typing part of a name
    FILE = "file"  # dict: platform, account, reference, name, mime, size (bytes)


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer. ``label`` is at most 75 characters (Slack's limit on an option's text)."""

    value: str
    label: str


DEFAULT_LENGTH: Mapping[FieldKind, int] = {FieldKind.LINE: 200, FieldKind.TEXT: 3000}
"""Characters. 3,000 is what a Slack input holds, the narrowest of the platforms."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Attributes:
        name: the key of its value; letters, digits and underscores.
        label: the question, in the reader's language.
        kind: what is asked for.
        required: whether an answer is needed; the others can be skipped.
        options: for CHOICE, CHOICES and PERSON.
        hint: a line of help below the question.
        max_length: characters, for LINE and TEXT; 0 takes the kind's default.
        minimum, maximum: bounds of a NUMBER, both included.
        zone: IANA zone in which a WHEN is understood.
        date_only: a WHEN that needs no time of day; its value then ends in T00:00.
        initial: what is filled in at first.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    required: bool = True
    options: tuple[Option, ...] = ()
    hint: str = ""
    max_length: int = 0
    minimum: int = 0
    maximum: int = 1_000_000
    zone: str = "Europe/Rome"
    date_only: bool = False
    initial: Value = None

    @property
    def length_limit(self) -> int:
        """Characters that the answer may have."""
        return self.max_length or DEFAULT_LENGTH.get(self.kind, 200)

    def label_of(self, value: str) -> str:
        """What an option's value is called; the value itself when there is no such option."""
        return next((option.label for option in self.options if option.value == value), value)


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that are answered together.

    ``name`` and ``context`` identify it: the form is built anew from them at every step, in the language that
    its reader has then. ``context`` holds short strings only.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    submit: str
    context: Mapping[str, str] = dataclass_field(default_factory=dict)
    intro: str = ""

    def field(self, name: str) -> Field:
        """The field of that name.

        Raises:
            KeyError: there is none.
        """
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)
