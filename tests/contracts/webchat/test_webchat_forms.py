"""What comes back from the inputs of a form, and who is shown on the page."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.webchat.elements import safe_url
from bot.platforms.webchat.forms import initial_values, read_values
from bot.platforms.webchat.page import preferred_locale
from bot.platforms.webchat.people import Cast, Persona, cast_of, chosen_panes
from bot.platforms.webchat.rendering import file_url, files_of
from handlers.conversation.form import Field, FieldKind, Form, Option, Value, Values
from handlers.conversation.screen import File
from handlers.conversation.texts import texts_for
from storage.enums import Locale
from tests.contracts.webchat.harness import PERSONAS, gallery, hostile, sample_form

OPTIONS = (Option("a", "A"), Option("b", "B"))


def one(kind: FieldKind, initial: Value = None, *, date_only: bool = False) -> Form:
    return Form("f", "F", (Field("x", "X", kind, options=OPTIONS, initial=initial, date_only=date_only),), "Go")


@pytest.mark.parametrize(
    ("kind", "given_values", "value"),
    [
        (FieldKind.LINE, ["  Saggio "], "  Saggio "),
        (FieldKind.LINE, [" "], None),
        (FieldKind.TEXT, ["due\r\nrighe"], "due\nrighe"),
        (FieldKind.NUMBER, ["12"], 12),
        (FieldKind.NUMBER, ["1e9x"], "1e9x"),
        (FieldKind.NUMBER, [""], None),
        (FieldKind.WHEN, ["2018-04-19T17:30"], "2018-04-19T17:30"),
        (FieldKind.WHEN, ["2018-04-19T17:30:00.000"], "2018-04-19T17:30"),
        (FieldKind.CHOICE, ["b"], "b"),
        (FieldKind.CHOICE, [], None),
        (FieldKind.CHOICES, ["a", "b"], ["a", "b"]),
        (FieldKind.CHOICES, [], []),
        (FieldKind.PERSON, ["Giu"], "Giu"),
        (FieldKind.FILE, ["not json"], None),
        (FieldKind.FILE, ["[1]"], None),
    ],
)
def test_each_kind_has_its_own_value(kind: FieldKind, given_values: list[str], value: Value) -> None:
    assert read_values(one(kind), {"x": given_values}) == {"x": value}


def test_a_day_alone_ends_at_midnight() -> None:
    form = one(FieldKind.WHEN, date_only=True)
    assert read_values(form, {"x": ["2018-04-19"]}) == {"x": "2018-04-19T00:00"}


def test_a_browser_can_only_name_uploads() -> None:
    forged = {"platform": "telegram", "account": "42", "reference": "r", "name": "n", "mime": "m", "size": 3}
    read = read_values(one(FieldKind.FILE), {"x": [json.dumps(forged)]})
    assert read == {"x": forged | {"platform": "web", "account": "web"}}


def test_a_file_from_a_draft_of_another_platform_keeps_its_home() -> None:
    theirs: dict[str, object] = {"platform": "telegram", "account": "42", "reference": "r", "name": "n"}
    form = one(FieldKind.FILE, theirs)
    assert read_values(form, {"x": [json.dumps(theirs)]}) == {"x": theirs}


@pytest.mark.parametrize(
    ("kind", "initial"),
    [
        (FieldKind.LINE, "Saggio"),
        (FieldKind.TEXT, "due\nrighe"),
        (FieldKind.NUMBER, 0),
        (FieldKind.WHEN, "2018-04-19T17:30"),
        (FieldKind.CHOICE, "b"),
        (FieldKind.CHOICES, ["a", "b"]),
        (FieldKind.PERSON, "a"),
        (FieldKind.FILE, {"platform": "web", "account": "web", "reference": "r", "name": "", "mime": "", "size": 1}),
    ],
)
def test_a_draft_comes_back_unchanged(kind: FieldKind, initial: Value) -> None:
    assert initial_values(one(kind, initial)) == {"x": initial}


def test_an_untouched_form_is_not_a_draft() -> None:
    form = sample_form()
    empty: Values = {field.name: [] if field.kind is FieldKind.CHOICES else None for field in form.fields}
    assert initial_values(form) == empty


@given(
    st.dictionaries(st.sampled_from([field.name for field in sample_form().fields]), st.lists(st.text())) | st.text()
)
def test_whatever_a_browser_sends_every_field_has_a_value(raw: object) -> None:
    form = sample_form()
    values = read_values(form, raw)
    assert set(values) == {field.name for field in form.fields}
    json.dumps(values)


# --- screens


def test_files_are_counted_pictures_first() -> None:
    assert [file.name for file in files_of(gallery())] == ["andamento.svg"]
    assert [file.mime for file in files_of(hostile())] == ["text/html", "text/html"]


def test_a_redrawn_picture_has_another_address() -> None:
    before, after = (file_url("a/b", "m?1", 0, File("p.svg", "image/svg+xml", content)) for content in (b"1", b"2"))
    assert before != after
    assert before.startswith("/webchat/files/a%2Fb/m%3F1/0?")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        (" http://example.org ", True),
        ("HTTPS://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,<script>", False),
        ("//example.org", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_links_lead_to_the_web_only(url: str, *, kept: bool) -> None:
    assert safe_url(url) == (url.strip() if kept else None)


# --- who is shown


@pytest.fixture
async def cast() -> Cast:
    async def personas() -> list[Persona]:
        return PERSONAS

    return await cast_of(personas, "ospite", texts_for(Locale.ENGLISH))


@pytest.mark.parametrize(
    ("query", "chats"),
    [
        ("", ["giulia"]),
        ("nobody,<script>", ["giulia"]),
        ("noa", ["noa"]),
        ("marco, giulia,marco", ["marco", "giulia"]),
        ("ospite,community", ["ospite", "community"]),
        ("giulia,marco,noa,davide", ["giulia", "marco", "noa"]),
    ],
)
def test_an_address_opens_the_chats_it_names(cast: Cast, query: str, chats: list[str]) -> None:
    assert chosen_panes(query, cast) == chats


async def test_a_newcomer_who_joined_is_called_by_their_name() -> None:
    joined = Persona("ospite", "Elena Conti", {}, "Laboratori Adda", Locale.ITALIAN)

    async def personas() -> list[Persona]:
        return [*PERSONAS, joined]

    cast = await cast_of(personas, "ospite", texts_for(Locale.ITALIAN))
    assert cast.newcomer is joined
    assert cast.personas == tuple(PERSONAS)
    assert joined.speaker.name == "Elena Conti"


def test_the_bot_is_not_told_the_name_of_a_stranger(cast: Cast) -> None:
    assert cast.newcomer.speaker.name == ""
    assert cast.name_of("ospite-9") == "ospite-9"


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("en-GB,en;q=0.9", Locale.ENGLISH),
        ("de-DE,de;q=0.9,en;q=0.5,it;q=0.3", Locale.ENGLISH),
        ("it-IT", Locale.ITALIAN),
        ("de", Locale.ITALIAN),
        ("", Locale.ITALIAN),
    ],
)
def test_the_page_speaks_the_browsers_language(header: str, locale: Locale) -> None:
    assert preferred_locale(header) is locale
