"""Every sentence has its Italian, with the same placeholders; nothing in the catalogues is dead or empty."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from handlers.conversation.texts import CATALOGUES, TextError, texts_for
from storage.enums import Locale

ROOT = Path(__file__).parent.parent.parent
KEYWORDS = {"t": None, "n": (1, 2), "N_": None}
PLACEHOLDER = re.compile(r"\{(\w+)")

Sentence = str | tuple[str, ...]


def spoken() -> dict[Sentence, str]:
    """Every sentence in the code, with where it stands."""
    found: dict[Sentence, str] = {}
    for package in ("handlers", "bot"):
        for file, line, message, _, _ in extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS):
            if message and (isinstance(message, str) or all(message)):
                found.setdefault(message, f"{package}/{file}:{line}")
    return found


def translated() -> dict[Sentence, Sentence]:
    """Every entry of the Italian catalogues."""
    entries: dict[Sentence, Sentence] = {}
    for path in sorted((CATALOGUES / "it").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="it"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else tuple(message.id)
                    value = message.string if isinstance(message.string, str) else tuple(message.string or ())
                    if key in entries:
                        assert entries[key] == value, f"{key!r} has two Italians: {entries[key]!r} and {value!r}"
                    entries[key] = value
    return entries


def forms_of(sentence: Sentence) -> Iterator[str]:
    yield from (sentence,) if isinstance(sentence, str) else sentence


def test_every_sentence_has_its_italian() -> None:
    entries = translated()
    missing = {where: sentence for sentence, where in spoken().items() if sentence not in entries}
    assert not missing, f"{len(missing)} without Italian: {missing}"


def test_no_translation_is_empty_or_dead() -> None:
    said = spoken()
    for sentence, italian in translated().items():
        assert all(form.strip() for form in forms_of(italian)), f"empty: {sentence!r}"
        assert sentence in said, f"nobody says {sentence!r} any more"


def test_placeholders_are_the_same() -> None:
    for sentence, italian in translated().items():
        wanted = {name for form in forms_of(sentence) for name in PLACEHOLDER.findall(form)}
        for form in forms_of(italian):
            given = set(PLACEHOLDER.findall(form))
            assert given <= wanted, f"{form!r} asks for {given - wanted}"
            assert wanted - given <= {"n"}, f"{form!r} leaves out {wanted - given}"
            list(string.Formatter().parse(form))


def test_typography() -> None:
    for italian in translated().values():
        for form in forms_of(italian):
            assert "..." not in form, f"three dots instead of an ellipsis: {form!r}"
            assert "  " not in form, f"two blanks: {form!r}"


@pytest.mark.parametrize("locale", list(Locale))
def test_a_missing_value_is_an_error_not_a_gap(locale: Locale) -> None:
    with pytest.raises(TextError):
        texts_for(locale)("{city} {nothing}", city="Roma")


def test_plurals() -> None:
    italian, english = texts_for("it"), texts_for("en")
    assert [italian.n("{n} day", "{n} days", n) for n in (1, 2, 1000)] == ["1 giorno", "2 giorni", "1.000 giorni"]
    assert [english.n("{n} day", "{n} days", n) for n in (1, 2, 1000)] == ["1 day", "2 days", "1,000 days"]
