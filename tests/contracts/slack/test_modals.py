import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.modals import form_view, notice_view, refilled, waiting_view
from bot.platforms.slack.view_state import error_blocks, form_of, values_of
from handlers.conversation.form import Field, FieldKind, Form, Option, Value
from handlers.conversation.texts import texts_for
from tests.standins.slack.blocks import check_view
from tests.standins.slack.forms import starting_values

IT = texts_for("it")
EN = texts_for("en")


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(str(number), f"Voce {number}") for number in range(count))


def form(*fields: Field, **changes: Any) -> Form:
    return Form("share", changes.pop("title", "Condividi"), fields, changes.pop("submit", "Pubblica"), **changes)


def checked(view: dict[str, Any]) -> dict[str, Any]:
    check_view(copy.deepcopy(view), "modal")
    return view


def one(field: Field) -> dict[str, Any]:
    (block,) = checked(form_view(form(field), IT))["blocks"]
    assert block["block_id"] == field.name
    element: dict[str, Any] = block["element"]
    return element


def opened(view: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it back when nobody has changed anything."""
    sent = check_view(copy.deepcopy(view), "modal")
    return {**sent, "id": "V1", "state": {"values": starting_values(sent["blocks"], {})}}


def test_texts_are_limited_as_the_form_says() -> None:
    line = one(Field("line", "Titolo", initial="Bozza"))
    text = one(Field("text", "Testo", FieldKind.TEXT))
    assert (line["type"], line["multiline"], line["max_length"], line["initial_value"]) == (
        "plain_text_input",
        False,
        200,
        "Bozza",
    )
    assert (text["multiline"], text["max_length"]) == (True, 3000)
    assert one(Field("x", "X", FieldKind.TEXT, max_length=9000))["max_length"] == 3000


def test_what_is_filled_in_already_is_kept_even_when_it_is_too_long() -> None:
    assert one(Field("x", "X", max_length=10, initial="y" * 50))["max_length"] == 50


def test_numbers() -> None:
    element = one(Field("n", "Quanti", FieldKind.NUMBER, minimum=1, maximum=40, initial=12))
    assert element == {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "40",
        "initial_value": "12",
        "action_id": "value",
    }


@pytest.mark.parametrize(
    ("count", "kind", "expected"),
    [
        (1, FieldKind.CHOICE, "radio_buttons"),
        (10, FieldKind.CHOICE, "radio_buttons"),
        (11, FieldKind.CHOICE, "static_select"),
        (100, FieldKind.CHOICE, "static_select"),
        (101, FieldKind.CHOICE, "plain_text_input"),
        (0, FieldKind.CHOICE, "plain_text_input"),
        (10, FieldKind.CHOICES, "checkboxes"),
        (11, FieldKind.CHOICES, "multi_static_select"),
        (250, FieldKind.CHOICES, "multi_static_select"),
        (0, FieldKind.CHOICES, "plain_text_input"),
        (5, FieldKind.PERSON, "static_select"),
        (101, FieldKind.PERSON, "plain_text_input"),
    ],
)
def test_choices_take_the_element_that_holds_them(count: int, kind: FieldKind, expected: str) -> None:
    element = one(Field("pick", "Quale", kind, options=options(count)))
    assert element["type"] == expected
    offered = element.get("options") or [o for g in element.get("option_groups") or [] for o in g["options"]]
    if expected != "plain_text_input":
        assert [option["value"] for option in offered] == [str(number) for number in range(count)]


def test_initial_choices_are_chosen() -> None:
    assert one(Field("a", "A", FieldKind.CHOICE, options=options(3), initial="1"))["initial_option"]["value"] == "1"
    many = one(Field("a", "A", FieldKind.CHOICES, options=options(30), initial=["2", "7", "gone"]))
    assert [option["value"] for option in many["initial_options"]] == ["2", "7"]
    assert one(Field("a", "A", FieldKind.PERSON, options=options(200), initial="150"))["initial_value"] == "Voce 150"


def test_long_and_hostile_options_are_taken() -> None:
    field = Field(
        "a", "A", FieldKind.CHOICE, options=(Option("1", "x" * 200), Option("2", "<!channel> &amp;"), Option("3", " "))
    )
    labels = [option["text"]["text"] for option in one(field)["options"]]
    assert labels == ["x" * 74 + "…", "<!channel> &amp;amp;", "3"]


@pytest.mark.parametrize("value", ["", "x" * 151])
def test_values_that_slack_refuses_are_typed_instead(value: str) -> None:
    assert one(Field("a", "A", FieldKind.CHOICE, options=(Option(value, "A"), Option("b", "B"))))["type"] == (
        "plain_text_input"
    )


@pytest.mark.parametrize(
    ("initial", "day", "hour"),
    [
        ("2018-04-19T17:30", "2018-04-19", "17:30"),
        ("2018-04-19", "2018-04-19", None),
        ("T17:30", None, "17:30"),
        ("someday", None, None),
        (None, None, None),
    ],
)
def test_a_moment_is_asked_as_day_and_time_and_read_back(initial: Value, day: str | None, hour: str | None) -> None:
    view = checked(form_view(form(Field("start", "Inizio", FieldKind.WHEN, initial=initial, required=False)), IT))
    date, time = view["blocks"]
    assert (date["block_id"], time["block_id"]) == ("start.date", "start.time")
    assert (date["label"]["text"], time["label"]["text"]) == ("Inizio: giorno", "Inizio: ora")
    assert (date["element"].get("initial_date"), time["element"].get("initial_time")) == (day, hour)
    assert values_of(opened(view), "T1") == {"start": initial if initial != "someday" else None}


def test_a_day_alone_ends_in_midnight() -> None:
    view = checked(form_view(form(Field("on", "Il", FieldKind.WHEN, date_only=True, initial="2018-05-14T00:00")), IT))
    (block,) = view["blocks"]
    assert (block["block_id"], block["label"]["text"]) == ("on.date", "Il")
    assert values_of(opened(view), "T1") == {"on": "2018-05-14T00:00"}


def test_titles_and_labels_are_cut_only_where_the_whole_stands_nearby() -> None:
    view = checked(
        form_view(
            form(
                Field("a", "Domanda " * 400, hint="Aiuto " * 500),
                title="Condividi una nuova competenza",
                submit="Pubblica subito per tutti i soci",
                intro="Intro <!here> " * 300,
            ),
            IT,
        )
    )
    assert view["title"]["text"] == "Condividi una nuova com…"
    assert view["blocks"][0] == {
        "type": "header",
        "text": {"type": "plain_text", "text": "Condividi una nuova competenza", "emoji": False},
    }
    assert len(view["submit"]["text"]) == 24
    assert "".join(
        e["text"] for b in view["blocks"] if b["type"] == "rich_text" for s in b["elements"] for e in s["elements"]
    ) == ("Intro <!here> " * 300)


def test_optional_and_hint() -> None:
    view = checked(form_view(form(Field("a", "A", required=False, hint="Breve"), Field("b", "B")), EN))
    first, second = view["blocks"]
    assert (first["optional"], first["hint"]["text"], second["optional"]) == (True, "Breve", False)
    assert "hint" not in second


def test_the_form_is_named_in_the_view_and_read_from_it() -> None:
    made = form(Field("a", "A"), context={"mission": "7", "note": 'è <x> "y"'})
    view = checked(form_view(made, IT, channel="C1"))
    assert form_of(view) == ("share", {"mission": "7", "note": 'è <x> "y"'}, "C1")
    assert view["notify_on_close"] is True


@pytest.mark.parametrize("metadata", ["", "[]", "null", "{", "7", '{"form": 3, "context": [1]}', None])
def test_strange_metadata_names_no_form(metadata: Any) -> None:
    assert form_of({"private_metadata": metadata}) == ("", {}, "")


def test_a_form_that_no_modal_holds_is_refused_here() -> None:
    with pytest.raises(ValueError, match="blocks"):
        form_view(form(*(Field(f"f{number}", "F") for number in range(101))), IT)
    with pytest.raises(ValueError, match="context"):
        form_view(form(Field("a", "A"), context={"x": "y" * 3000}), IT)


def test_values_are_those_of_the_elements() -> None:
    file = {"id": "F1", "name": "cv.pdf", "mimetype": "application/pdf", "size": 12, "url_private": "https://x"}
    state = {
        "line": {"value": {"type": "plain_text_input", "value": "a &lt;b&gt; &amp; c"}},
        "none": {"value": {"type": "plain_text_input", "value": None}},
        "number": {"value": {"type": "number_input", "value": "-12"}},
        "odd": {"value": {"type": "number_input", "value": "1.5"}},
        "radio": {"value": {"type": "radio_buttons", "selected_option": {"value": "b"}}},
        "unset": {"value": {"type": "static_select", "selected_option": None}},
        "boxes": {"value": {"type": "checkboxes", "selected_options": [{"value": "x"}, {"value": "y"}, {}]}},
        "cv": {"value": {"type": "file_input", "files": [file]}},
        "nofile": {"value": {"type": "file_input", "files": []}},
        "t.date": {"value": {"type": "datepicker", "selected_date": "2018-05-14"}},
        "t.time": {"value": {"type": "timepicker", "selected_time": "09:00"}},
        "broken": "x",
        "other": {"elsewhere": {"value": "x"}},
    }
    assert values_of({"state": {"values": state}}, "T1") == {
        "line": "a <b> & c",
        "none": None,
        "number": -12,
        "odd": "1.5",
        "radio": "b",
        "unset": None,
        "boxes": ["x", "y"],
        "cv": {
            "platform": "slack",
            "account": "T1",
            "reference": "F1",
            "name": "cv.pdf",
            "mime": "application/pdf",
            "size": 12,
        },
        "nofile": None,
        "t": "2018-05-14T09:00",
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(
    st.fixed_dictionaries({}, optional={"state": json_values, "private_metadata": json_values, "blocks": json_values})
)
def test_any_view_is_read_without_an_error(view: dict[str, Any]) -> None:
    values_of(view, "T1")
    form_of(view)
    error_blocks(view, {"x": "y"})


@given(st.dictionaries(st.sampled_from(["a", "a.date", "a.time", "b"]), st.dictionaries(st.just("value"), json_values)))
def test_any_state_is_read_without_an_error(state: dict[str, Any]) -> None:
    values_of({"state": {"values": state}}, "T1")


def test_errors_stand_at_their_fields() -> None:
    view = form_view(form(Field("a", "A"), Field("t", "T", FieldKind.WHEN)), IT)
    assert error_blocks(view, {"a": "Serve", "t": "Nel passato"}) == {"a": "Serve", "t.date": "Nel passato"}
    assert error_blocks(view, {"": "Tutto", "a": "Serve"}) == {"a": "Tutto Serve"}
    assert error_blocks(notice_view(IT, "x"), {"a": "Serve"}) == {}


def test_a_submitted_window_is_filled_again_with_what_is_wrong_above() -> None:
    made = form(
        Field("line", "L", initial="old"),
        Field("n", "N", FieldKind.NUMBER),
        Field("pick", "P", FieldKind.CHOICE, options=options(3), initial="0"),
        Field("many", "M", FieldKind.CHOICES, options=options(150)),
        Field("t", "T", FieldKind.WHEN),
        Field("cv", "CV", FieldKind.FILE),
        context={"k": "v"},
    )
    view = opened(form_view(made, IT))
    state = view["state"]["values"]
    state["line"]["value"]["value"] = "new &lt;b&gt;"
    state["n"]["value"]["value"] = "4"
    state["pick"]["value"]["selected_option"] = {"text": {"type": "plain_text", "text": "other words"}, "value": "2"}
    state["many"]["value"]["selected_options"] = [{"value": "140"}]
    state["t.date"]["value"]["selected_date"] = "2018-05-14"
    again = refilled(view, ["L: troppo corto", "N: troppo"])
    before = values_of(view, "T1")
    assert values_of(opened(again), "T1") == before
    assert before["line"] == "new <b>"
    assert again["blocks"][0]["elements"][0]["elements"][0]["text"] == "⚠ L: troppo corto\n⚠ N: troppo"
    assert form_of(again) == ("share", {"k": "v"}, "")
    third = refilled(opened(again), ["N: ancora"])
    assert len(third["blocks"]) == len(again["blocks"])


def test_waiting_speaks_the_readers_language() -> None:
    assert "Un attimo…" in json.dumps(checked(waiting_view(IT)), ensure_ascii=False)
    assert "Just a moment…" in json.dumps(checked(waiting_view(EN)), ensure_ascii=False)
    assert "submit" not in waiting_view(IT)


labels = st.text(max_size=120)
fields = st.builds(
    Field,
    st.text("abcdefgh_1", min_size=1, max_size=20),
    labels.map(lambda text: text.strip() or "x"),
    st.sampled_from(FieldKind),
    st.booleans(),
    st.lists(st.builds(Option, st.text(max_size=160), labels), max_size=15).map(tuple),
    labels,
    st.integers(0, 5000),
    initial=st.one_of(
        st.none(), st.text(max_size=3500), st.integers(-10, 10), st.lists(st.text(max_size=5), max_size=3)
    ),
)


@given(st.lists(fields, max_size=6, unique_by=lambda field: field.name), labels, labels, st.text(max_size=4000))
def test_any_form_is_one_that_slack_takes(some: list[Field], title: str, submit: str, intro: str) -> None:
    checked(form_view(Form("x", title, tuple(some), submit, {}, intro), IT, problems=("p",)))
