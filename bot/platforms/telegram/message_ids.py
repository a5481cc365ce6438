"""The ids of our messages as the rest of the program keeps them: they remember what kind of message it was.

Telegram edits a text, a picture's caption and a document's caption by different methods, and does not say which one a
message needs. So ``15`` is a text, ``15p8f14e45f`` a picture and ``15d8f14e45f`` a document; the digits behind the
letter are a fingerprint of the file, so that a redraw knows whether it is still the right one.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.conversation.screen import File

MARK_LENGTH = 8
_WRITTEN = re.compile(r"(?P<number>[0-9]{1,19})(?:(?P<kind>[pd])(?P<mark>[0-9a-f]*))?")


class SentKind(StrEnum):
    """What a message of ours is; the value is its letter in the id."""

    TEXT = ""
    PHOTO = "p"
    DOCUMENT = "d"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message of ours. ``mark`` is the fingerprint of its file, empty when it is unknown."""

    number: int
    kind: SentKind = SentKind.TEXT
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.number}{self.kind.value}{self.mark}"


def read_ids(written: str) -> list[SentMessage]:
    """The messages of a screen from their ids, joined by commas.

    Raises:
        ValueError: these are not ids of ours.
    """
    return [_read(one) for one in written.split(",")]


def _read(written: str) -> SentMessage:
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"not the id of a message: {written!r}")
    return SentMessage(int(found["number"]), SentKind(found["kind"] or ""), found["mark"] or "")


def write_ids(messages: list[SentMessage]) -> str:
    """The ids joined by commas."""
    return ",".join(str(message) for message in messages)


def file_digest(file: File) -> str:
    """A fingerprint of a file's name and content."""
    digest = hashlib.sha256(f"{file.name}\0{file.mime}\0{file.reference}\0".encode(errors="replace"))
    digest.update(file.content)
    return digest.hexdigest()


def file_mark(file: File) -> str:
    """The same, short."""
    return file_digest(file)[:MARK_LENGTH]
