"""Logs: readable, parseable, without tokens, and without what people wrote."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest

from bot.logs import QUIET, JsonFormatter, TextFormatter, set_up
from handlers.conversation.actions import REGISTRY
from handlers.conversation.form import Field, FieldKind, Value
from storage.enums import Locale, Role
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import WebPerson

TELEGRAM = "123456789:AAFm2hVb-x_0123456789abcdefghijklmn"
TOKENS = [
    TELEGRAM,
    f"bot{TELEGRAM}",
    "xoxb-12345-67890-abcDEF",
    "xoxp-1-2-3",
    "xapp-1-A0-123-abcdef0123",
]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What would be on standard error; the loggers are put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    stream = io.StringIO()
    monkeypatch.setattr("bot.logs.sys", SimpleNamespace(stderr=stream))
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def record(message: str, *args: object, level: int = logging.INFO, **extra: object) -> logging.LogRecord:
    return logging.getLogger("bot.test").makeRecord(
        "bot.test", level, __file__, 1, message, args, None, extra=dict(extra) or None
    )


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("form", [TextFormatter(), JsonFormatter()], ids=["text", "json"])
def test_no_token_gets_through_a_message_its_arguments_or_its_extras(form: logging.Formatter, token: str) -> None:
    for one in (
        record(f"call of https://api.telegram.org/{token}/getMe failed"),
        record("call of %s failed", token),
        record("call failed", address=f"https://far/{token}/x"),
        record("call failed", headers={"Authorization": f"Bearer {token}"}),
    ):
        line = form.format(one)
        assert token not in line
        assert "[token]" in line


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_token_gets_through_a_traceback(form: Literal["text", "json"], token: str, lines: io.StringIO) -> None:
    set_up(form, "INFO")
    try:
        try:
            Path(f"/nowhere/{token}/getMe").read_bytes()
        except OSError as error:
            raise RuntimeError("it did not work") from error
    except RuntimeError:
        logging.getLogger("bot.test").exception("failed")
    written = lines.getvalue()
    assert "RuntimeError: it did not work" in written
    assert token not in written
    assert "[token]" in written


def test_every_json_line_is_an_object_whatever_is_logged(lines: io.StringIO) -> None:
    set_up("json", "DEBUG")
    logger = logging.getLogger("bot.test")
    logger.info('quotes " and\nline breaks\\ and %s', "Città di Lodi 🧬")
    logger.warning("with extras", extra={"row": 12, "kind": "event.reminder", "path": Path("/x"), "odd": object()})
    try:
        json.loads('a "quoted"\nerror')
    except ValueError:
        logger.exception("with a traceback")
    entries = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [entry["level"] for entry in entries] == ["INFO", "WARNING", "ERROR"]
    assert entries[0]["message"] == 'quotes " and\nline breaks\\ and Città di Lodi 🧬'
    assert (entries[1]["row"], entries[1]["kind"]) == (12, "event.reminder")
    assert "JSONDecodeError" in entries[2]["exception"]
    assert all(set(entry) >= {"time", "level", "logger", "message"} for entry in entries)


def test_a_line_for_people_is_short(lines: io.StringIO) -> None:
    set_up("text", "INFO")
    logging.getLogger("bot.test").warning("told to wait", extra={"seconds": 3})
    when, rest = lines.getvalue().rstrip("\n").split(" ", 1)
    assert len(when) == len("09:00:00")
    assert rest == "! bot.test: told to wait (seconds=3)"


def test_libraries_that_would_write_addresses_with_tokens_are_quiet(lines: io.StringIO) -> None:
    set_up("text", "DEBUG")
    for name in QUIET:
        logging.getLogger(name).info("https://far/bot%s/getMe", TELEGRAM)
    assert lines.getvalue() == ""
    logging.getLogger("httpx").warning("something is wrong")
    assert "something is wrong" in lines.getvalue()


def test_the_level_is_obeyed(lines: io.StringIO) -> None:
    set_up("text", "WARNING")
    logging.getLogger("bot.test").info("nothing to see")
    assert lines.getvalue() == ""


SAID = "Zanzibar-quokka"
"""What people write in the journey below, in every message, field and name; no log may hold it."""


def filled(field: Field) -> Value:
    match field.kind:
        case FieldKind.LINE | FieldKind.TEXT:
            return f"{SAID} in a field"
        case FieldKind.NUMBER:
            return field.minimum
        case FieldKind.WHEN:
            return "2018-05-19T00:00" if field.date_only else "2018-05-19T17:30"
        case FieldKind.CHOICE | FieldKind.PERSON:
            return field.options[0].value if field.options else SAID
        case FieldKind.CHOICES:
            return [option.value for option in field.options[:1]]
        case FieldKind.FILE:
            return None


async def test_nothing_that_people_write_or_are_called_is_logged(
    community: CommunityUnderTest, lines: io.StringIO
) -> None:
    set_up("json", "INFO")
    stranger = await community.stranger(f"Newcomer {SAID}")
    member = await community.member(f"Member {SAID}", organisation=f"House of {SAID}")
    owner = await community.member(f"Owner {SAID}", roles=(Role.OWNER,))
    await stranger.says(f"/start {SAID}")
    for person in (member, owner):
        for text in (f"{SAID} as free text", f"/{SAID}", "/cancel"):
            await person.says(text)
        for spec in REGISTRY.command_list():
            await person.says(f"/{spec.names[Locale.ITALIAN]} {SAID}")
            if isinstance(person, WebPerson) and person.window.form is not None:
                values = {field.name: filled(field) for field in person.window.form.fields}
                form = person.window.form
                await person._do(person._submitted(dict(person._submission(form, values))))
        for action in (f"home.run:{SAID}", f"{SAID}.show:1", "form.send:999999"):
            await person.sends_action(action)
    logging.getLogger("bot.test").info("the journey ends")
    written = lines.getvalue()
    assert json.loads(written.splitlines()[-1])["message"] == "the journey ends"
    found = [line for line in written.splitlines() if SAID.lower() in line.lower()]
    assert found == []
