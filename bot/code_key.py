"""The key under which codes are kept: from the settings, or made once and kept in a file beside the store."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.config import ConfigError, Settings

KEY_BYTES = 32
ELSEWHERE = Path("var/code.key")
"""Where the key is kept when the store is not a file on this machine."""


def key_file(settings: Settings) -> Path:
    """Where the key is kept when the settings name none."""
    address = make_url(settings.database.url)
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        return Path(f"{address.database}.key")
    return ELSEWHERE


def code_key(settings: Settings) -> bytes:
    """The key; made when there is none yet.

    Raises:
        ConfigError: the file cannot be written or read.
    """
    given = settings.security.code_key.get_secret_value()
    if given:
        return given.encode()
    path = key_file(settings)
    try:
        return _kept(path)
    except OSError as error:
        raise ConfigError(
            f"security.code_key: the key cannot be kept in {path}: {error}; set the key in the settings instead"
        ) from error


def _kept(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: of two processes that start at once one wins, none reads half a key.
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES))
            with suppress(FileExistsError):  # another process was first, and its key is the one
                path.hardlink_to(aside)
        finally:
            aside.unlink()
    return path.read_text(encoding="ascii").strip().encode()
