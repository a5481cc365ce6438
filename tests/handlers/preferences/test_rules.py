"""Zones by name, times as they are typed, and what a tap makes of a level."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.preferences.rules import REMINDERS, levels_for, next_level, typed_time
from handlers.preferences.zone_search import MOST, USUAL, zone_named, zones_like
from storage.enums import NoticeTopic, TopicLevel


@pytest.mark.parametrize(
    ("query", "zone"),
    [
        ("Haifa", "Asia/Jerusalem"),
        ("italia", "Europe/Rome"),
        ("ITALY", "Europe/Rome"),
        ("Giappone", "Asia/Tokyo"),
        ("japan", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("boston", "America/New_York"),
        ("Milano", "Europe/Rome"),
        ("gerusa", "Asia/Jerusalem"),
        ("uk", "Europe/London"),
    ],
)
def test_a_city_or_country_finds_its_zone(query: str, zone: str) -> None:
    assert [one.key for one in zones_like(query)] == [zone]


def test_a_city_that_is_in_no_list_is_not_guessed_at() -> None:
    assert zones_like("Busto Arsizio") == []


def test_a_country_with_several_zones_offers_them() -> None:
    assert {one.key for one in zones_like("portogallo")} == {"Atlantic/Azores", "Atlantic/Madeira", "Europe/Lisbon"}
    found = zones_like("stati uniti")
    assert len(found) == MOST + 1, "more than fit"
    assert {"America/New_York", "America/Los_Angeles"} <= {one.key for one in found[:2]}


@given(st.text(max_size=60))
def test_whatever_is_searched_gives_zones_that_exist(query: str) -> None:
    for zone in zones_like(query):
        assert isinstance(zone, ZoneInfo)


def test_only_real_zones_are_taken_from_a_button() -> None:
    assert zone_named("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")
    for made_up in ("", "Europe/Atlantis", "../../etc/passwd", "UTC", "localtime", "/Europe/Rome"):
        assert zone_named(made_up) is None
    assert all(zone_named(key) for key in USUAL)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("21", time(21)),
        ("21:30", time(21, 30)),
        (" 21.30 ", time(21, 30)),
        ("7h30", time(7, 30)),
        ("0730", time(7, 30)),
        ("24", time(0)),
        ("24:30", None),
        ("25", None),
        ("7:60", None),
        ("sera", None),
        ("", None),
    ],
)
def test_a_typed_time(text: str, meant: time | None) -> None:
    assert typed_time(text) == meant


def test_a_tap_goes_round_what_a_topic_allows() -> None:
    for topic in NoticeTopic:
        allowed = levels_for(topic, has_digest=True)
        assert (TopicLevel.DIGEST in allowed) is (topic not in REMINDERS)
        seen = [allowed[0]]
        for _ in allowed:
            seen.append(next_level(seen[-1], allowed))
        assert set(seen) == set(allowed)
        assert seen[-1] is seen[0]
    assert next_level(TopicLevel.DIGEST, (TopicLevel.NOW, TopicLevel.MUTED)) is TopicLevel.NOW
    assert TopicLevel.DIGEST not in levels_for(NoticeTopic.EVENTS, has_digest=False)
