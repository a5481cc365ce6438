"""What goes with a text: a picture, a file and link buttons. Pure: JSON in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from handlers.conversation.screen import File, FileReference, UrlButton
from storage.enums import Locale

MOST_LINKS = 3
"""Link buttons below one announcement; more are not read."""
LABEL_LENGTH = 40
"""Characters of a link button's label."""
LONGEST_URL = 500
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What every platform shows as a picture."""
LARGEST = 10 << 20
"""Bytes of a picture or file: Telegram takes no larger picture (Bot API, sendPhoto), and everybody downloads it."""


class Part(StrEnum):
    """What can be attached as a file."""

    PICTURE = "picture"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens a web address, with its label in both languages; one of them may be empty."""

    url: str
    label_it: str = ""
    label_en: str = ""

    def label(self, locale: Locale) -> str:
        """Its label in a language, or in the other."""
        own, other = (self.label_it, self.label_en) if locale is Locale.ITALIAN else (self.label_en, self.label_it)
        return own or other or self.url[:LABEL_LENGTH]

    def button(self, locale: Locale) -> UrlButton:
        """The button as its reader sees it."""
        return UrlButton(self.label(locale), self.url)


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes with a text."""

    picture: File | None = None
    file: File | None = None
    links: tuple[LinkButton, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.picture or self.file or self.links)

    def with_file(self, part: Part, file: File | None) -> "Extras":
        """The same with another picture or file, or without one."""
        return replace(self, picture=file) if part is Part.PICTURE else replace(self, file=file)

    def with_link(self, link: LinkButton) -> "Extras":
        """The same with one more link button; the label must be new, since two alike cannot be told apart."""
        return replace(self, links=(*self.links, link))

    def without_link(self, position: int) -> "Extras":
        """The same without the link button at that position (from 0)."""
        return replace(self, links=tuple(one for number, one in enumerate(self.links) if number != position))

    def to_json(self) -> dict[str, Any]:
        """In JSON's types; empty for nothing."""
        data: dict[str, Any] = {}
        if self.picture:
            data["picture"] = _file_to_json(self.picture)
        if self.file:
            data["file"] = _file_to_json(self.file)
        if self.links:
            data["links"] = [{"url": one.url, "it": one.label_it, "en": one.label_en} for one in self.links]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "Extras":
        """What :meth:`to_json` wrote."""
        data = data or {}
        return cls(
            _file_from_json(data.get("picture")),
            _file_from_json(data.get("file")),
            tuple(LinkButton(one["url"], one["it"], one["en"]) for one in data.get("links", [])),
        )


def _file_to_json(file: File) -> dict[str, str]:
    reference = file.reference
    if reference is None:
        raise ValueError("only a file that a platform keeps can be attached")
    return {
        "name": file.name,
        "mime": file.mime,
        "platform": reference.platform,
        "account": reference.account,
        "reference": reference.reference,
    }


def _file_from_json(data: Mapping[str, str] | None) -> File | None:
    if not data:
        return None
    return File(
        data["name"],
        data["mime"],
        reference=FileReference(data["platform"], data["account"], data["reference"]),
    )


def file_of(value: Mapping[str, Any]) -> File:
    """The file in a form's FILE value."""
    reference = FileReference(str(value["platform"]), str(value["account"]), str(value["reference"]))
    return File(str(value["name"]), str(value["mime"]), reference=reference)


def is_web_address(url: str) -> bool:
    """Whether every platform makes a button of it: http or https, with a host that has a dot."""
    if len(url) > LONGEST_URL or any(char.isspace() for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and "." in host.strip(".") and "@" not in parts.netloc
