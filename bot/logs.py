"""Logs that machines or people read, without message texts, tokens or names.

Our own lines carry counts, kinds and row ids. Libraries that would log addresses with tokens in them (httpx at INFO)
are kept at WARNING.
"""

import json
import logging
import re
import sys
from typing import ClassVar, Literal

TOKEN = re.compile(r"(bot)?\d{6,}:[\w-]{20,}|xox[a-z]-[\w-]+|xapp-[\w-]+")
"""What a Telegram or Slack token looks like, should a library put one in an exception's text."""
QUIET = (
    "httpx",
    "httpcore",
    "apscheduler",
    "slack_bolt",
    "slack_sdk",
    "uvicorn.access",
    "aiohttp.access",
    "telegram.ext",
)
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in STANDARD}


class TextFormatter(logging.Formatter):
    """One line for people."""

    LEVELS: ClassVar[dict[str, str]] = {"INFO": "·", "WARNING": "!", "ERROR": "✗", "CRITICAL": "✗", "DEBUG": " "}

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        extra = " ".join(f"{key}={value}" for key, value in _extra(record).items())
        when, mark = self.formatTime(record, "%H:%M:%S"), self.LEVELS[record.levelname]
        line = f"{when} {mark} {record.name}: {record.getMessage()}"
        line = f"{line} ({extra})" if extra else line
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return TOKEN.sub("[token]", line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        entry: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return TOKEN.sub("[token]", json.dumps(entry, ensure_ascii=False, default=str))


def set_up(form: Literal["text", "json"], level: str) -> None:
    """Send all logs to standard error in that form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
