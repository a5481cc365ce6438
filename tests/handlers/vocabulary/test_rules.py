"""Keys and the order of the lists."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.screen import press
from handlers.vocabulary.rules import KEY_LENGTH, key_for, moved


@given(st.text(min_size=1, max_size=75), st.sets(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)))
def test_a_key_is_new_and_fits_a_button(name: str, taken: set[str]) -> None:
    key = key_for(name, taken)
    assert key not in taken
    assert key.isascii()
    assert len(key) <= KEY_LENGTH + 4
    press("post.sectors", key)


def test_keys() -> None:
    assert key_for("Food & health", ()) == "food_health"
    assert key_for("Food & health", {"food_health", "food_health_2"}) == "food_health_3"
    assert key_for("健康", ()) == "item"


@given(st.lists(st.integers(), min_size=1, unique=True), st.data())
def test_an_order_keeps_everything_and_moves_one(items: list[int], data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(items))
    by = data.draw(st.sampled_from([-1, 1]))
    order = moved(items, item, by)
    assert sorted(order) == sorted(items)
    at = items.index(item)
    assert order.index(item) == min(max(at + by, 0), len(items) - 1)
    assert [one for one in order if one != item] == [one for one in items if one != item]
