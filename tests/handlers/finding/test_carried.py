"""What of a search its buttons carry: always within the limit, read back as it was written."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.screen import Button, press
from handlers.conversation.texts import texts_for
from handlers.finding import carried, screens
from handlers.finding.carried import Asked, By, Switch
from handlers.finding.screens import Choice, Results, Way
from storage.enums import Locale, SubjectKind
from storage.queries.search import Filters

FILTERS = st.builds(
    Filters,
    kind=st.sampled_from([None, SubjectKind.EVENT, SubjectKind.MISSION]),
    sector_id=st.integers(0, 36**3 - 1),
    topic_id=st.integers(0, 36**4 - 1),
    language=st.sampled_from([None, *Locale]),
    still_open=st.booleans(),
    mine=st.booleans(),
) | st.builds(Filters, kind=st.just(SubjectKind.POST), subkind=st.integers(0, 36**2 - 1))
T = texts_for(Locale.ENGLISH)


@given(FILTERS)
def test_filters_come_back_as_they_were(filters: Filters) -> None:
    assert carried.from_button(carried.in_button(filters)) == filters


@given(st.text(max_size=40), st.text(max_size=10))
def test_whatever_a_client_sends_is_read(filters: str, page: str) -> None:
    read = carried.from_button(filters)
    assert carried.from_button(carried.in_button(read)) == read
    assert 0 <= carried.page_from_button(page) < carried.MOST_PAGES


@given(st.text(max_size=300), FILTERS, st.integers(0, 10**6))
def test_any_search_fits_into_its_buttons(query: str, filters: Filters, page: int) -> None:
    words = carried.cut(query.replace(":", " ").encode(errors="ignore").decode(), carried.WORDS_BYTES)
    asked = Asked(words, filters, page)
    screens.go(asked)
    for by in By:
        press("find.by", by, carried.in_button(filters), words)
    for switch in Switch:
        screens.go(asked.switched(switch))
        assert asked.switched(switch).switched(switch).filters == filters
    press("post.ask", carried.question_in_button(query))


def test_ids_too_large_to_be_carried_filter_nothing() -> None:
    assert carried.in_button(Filters(sector_id=36**3, topic_id=36**4)) == ""
    assert carried.from_button("p4.2.1c.3") == Filters(
        kind=SubjectKind.POST, subkind=4, sector_id=2, topic_id=48, still_open=True
    )
    assert carried.from_button("e4") == Filters(kind=SubjectKind.EVENT)


def test_a_question_in_a_button_ends_with_a_whole_word() -> None:
    question = carried.question_in_button("Chi ha esperienza di MDR: come si valida un software di diagnosi?")
    assert question == "Chi ha esperienza di MDR come si valida un software di"
    assert carried.question_in_button("è" * 100) == "è" * 27


def test_a_search_in_vain_offers_what_finds_something_and_to_ask_the_community() -> None:
    way = Way(Choice("Only “monoclonal”", Asked("monoclonal")), 3)
    shown = screens.nothing_found(Results(asked=Asked("monoclonal where")), "monoclonal: where?", [way], T)
    actions = {button.label: button for button in shown.buttons if isinstance(button, Button)}
    assert actions["Ask the community"].action == "post.ask:monoclonal where?"
    assert actions["Ask the community"].opens_form
    assert actions["Only “monoclonal” (3)"].action == "find.go:0::monoclonal"
    guest = screens.nothing_found(Results(asked=Asked("x"), member=False), "x", [], T)
    assert "Ask the community" not in [button.label for button in guest.buttons]


def test_pages_are_turned_with_the_words_and_filters_kept() -> None:
    filters = Filters(sector_id=3, still_open=True)
    results = Results(asked=Asked("ugly", filters, 1), total=12)
    actions = {b.label: b.action for b in screens.found(results, T).buttons if isinstance(b, Button)}
    assert (actions["‹"], actions["›"]) == ("find.go:0:.3..3:ugly", "find.go:2:.3..3:ugly")
    assert actions["✓ Only open or valid"] == "find.go:0:.3:ugly"
    assert actions["Only mine"] == "find.go:0:.3..9:ugly"
