"""Files that personas sent, one file on disk each, named by a random number."""

import asyncio
import re
import uuid
from pathlib import Path

from bot.platforms.base import Failure, SendError
from handlers.conversation.event import IncomingFile

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
"""As much as a Telegram bot may fetch (Bot API, getFile), so that no file works here only."""

_REFERENCE = re.compile(r"[0-9a-f]{32}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f/\\]")
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.IGNORECASE)


class UploadTooLargeError(ValueError):
    """The file is larger than :data:`MAX_UPLOAD_BYTES`."""


class UploadStore:
    """A folder of uploads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, content: bytes, *, name: str, mime: str) -> IncomingFile:
        """Keep a file and return what names it from now on.

        Raises:
            UploadTooLargeError: it has too many bytes.
        """
        if len(content) > MAX_UPLOAD_BYTES:
            raise UploadTooLargeError(f"{len(content)} bytes, at most {MAX_UPLOAD_BYTES}")
        reference = uuid.uuid4().hex
        await asyncio.to_thread(self._write, reference, content)
        return IncomingFile(reference, clean_name(name), clean_mime(mime), len(content))

    async def read(self, reference: str) -> bytes:
        """The bytes of an upload.

        Raises:
            SendError: there is no such upload (GONE).
        """
        # A reference comes back from a browser, so it must not be able to name anything but an upload.
        if not _REFERENCE.fullmatch(reference):
            raise SendError(Failure.GONE, "not an upload's reference")
        try:
            return await asyncio.to_thread((self._folder / reference).read_bytes)
        except FileNotFoundError as error:
            raise SendError(Failure.GONE, "no such upload") from error

    def _write(self, reference: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / reference).write_bytes(content)


def clean_name(name: str) -> str:
    """A file name without folders and control characters, at most 120 characters; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNPRINTABLE.sub("", last).strip()[:120] or "file"


def clean_mime(mime: str) -> str:
    """The media type without parameters; ``application/octet-stream`` where it is none."""
    bare = mime.split(";", maxsplit=1)[0].strip().lower()
    return bare if _MIME.fullmatch(bare) else "application/octet-stream"
