"""What every screen says, word by word: a changed word is a changed line in a review.

``UPDATE_SNAPSHOTS=1`` writes the files anew.
"""

import difflib
import os
import re
from pathlib import Path

import pytest

from storage.enums import Locale
from tests.gallery.examples import as_text, made

SNAPSHOTS = Path(__file__).parent / "snapshots"
LINES_SHOWN = 80

BOTH = pytest.mark.parametrize("locale", list(Locale), ids=str)


def all_texts(locale: Locale) -> str:
    return "\n\n".join(f"=== {name}\n{as_text(one)}" for name, one in made(locale)) + "\n"


@BOTH
def test_screens_say_what_they_said(locale: Locale) -> None:
    path = SNAPSHOTS / f"{locale}.txt"
    now = all_texts(locale)
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.write_text(now, encoding="utf-8")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    changed = list(
        difflib.unified_diff(before.splitlines(), now.splitlines(), "as it was", "as it is", lineterm="", n=2)
    )
    shown = "\n".join(changed[:LINES_SHOWN])
    assert not changed, f"{path.name} differs; UPDATE_SNAPSHOTS=1 keeps what is new:\n{shown}"


@BOTH
def test_examples_are_the_same_every_time(locale: Locale) -> None:
    assert all_texts(locale) == all_texts(locale)


def test_both_languages_have_the_same_screens_and_different_words() -> None:
    italian, english = dict(made(Locale.ITALIAN)), dict(made(Locale.ENGLISH))
    assert italian.keys() == english.keys()
    same = [name for name in italian if as_text(italian[name]) == as_text(english[name])]
    # The first screen of all speaks both languages at once.
    assert set(same) <= {"identity.welcome", "home.language"}


@BOTH
def test_no_placeholder_is_left_unfilled(locale: Locale) -> None:
    for name, one in made(locale):
        text = as_text(one)
        assert "{" not in text, f"{name}: {text}"
        assert not re.search(r"[:=(] ?None\b", text), f"{name}: {text}"
