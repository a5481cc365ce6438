"""The decisions about posts, without a database."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.screen import press
from handlers.knowhow import rules
from handlers.knowhow.rules import NotALinkError, TooManyTopicsError, TopicTooLongError, Why
from storage.enums import PostStatus
from storage.search_words import terms


def test_topics_are_parted_by_commas_and_each_is_kept_once() -> None:
    assert rules.topics_of(" #MDR, dati  clinici ;mdr,, #FHIR ") == ["MDR", "dati clinici", "FHIR"]
    assert rules.topics_of("") == []
    assert rules.topics_of(" , ;") == []


def test_too_many_and_too_long_topics_are_refused() -> None:
    assert len(rules.topics_of(",".join(f"t{number}" for number in range(8)))) == 8
    with pytest.raises(TooManyTopicsError):
        rules.topics_of(",".join(f"t{number}" for number in range(9)))
    assert rules.topics_of("x" * 40) == ["x" * 40]
    with pytest.raises(TopicTooLongError, match="xxx"):
        rules.topics_of("x" * 41)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.example.org/page?a=1&b=2#c",
        "http://example.org",
        "https://università.example/bandi",
        "https://sub.domain.example:8443/x",
        "HTTPS://EXAMPLE.ORG/X",
    ],
)
def test_web_addresses_are_taken_as_they_are(link: str) -> None:
    assert rules.link_of(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.org",
        "www.example.org/page",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https://localhost/x",
        "https://user:secret@example.org",
        "https://example.org@evil.example",
        "https://exa mple.org",
        "https://example.org/a\nb",
        "https://-bad.example",
        "https://example.org:port",
        "https://[::1]/",
        "https://[",
        "https://10.0.0.1/",
        "https://.example",
        "https://" + "a" * 64 + ".example",
        "https://example.org/" + "a" * 1000,
        "tg://user?id=1",
    ],
)
def test_what_no_button_can_open_is_no_link(link: str) -> None:
    with pytest.raises(NotALinkError):
        rules.link_of(link)


@given(st.text(max_size=80))
def test_any_text_is_a_link_or_is_not(typed: str) -> None:
    try:
        assert rules.link_of("https://" + typed)
    except NotALinkError:
        return


def test_a_deadline_ends_with_its_day() -> None:
    assert rules.end_of_day(date(2018, 5, 25), ZoneInfo("Europe/Rome")) == datetime(2018, 5, 25, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "is_author", "moderates", "right"),
    [
        (PostStatus.PUBLISHED, True, False, Why.AUTHOR),
        (PostStatus.PUBLISHED, True, True, Why.AUTHOR),
        (PostStatus.PUBLISHED, False, True, Why.MODERATOR),
        (PostStatus.PUBLISHED, False, False, None),
        (PostStatus.PENDING, True, False, Why.AUTHOR),
        (PostStatus.PENDING, False, True, None),
        (PostStatus.REJECTED, True, True, None),
        (PostStatus.REMOVED, True, True, None),
    ],
)
def test_who_may_remove(status: PostStatus, is_author: bool, moderates: bool, right: Why | None) -> None:
    assert rules.may_remove(status, is_author=is_author, moderates=moderates) is right


def test_who_may_read() -> None:
    readers = [(False, False), (True, False), (False, True)]
    readable = {
        status: [rules.may_read(status, is_author=author, moderates=moderates) for author, moderates in readers]
        for status in PostStatus
    }
    assert readable == {
        PostStatus.PENDING: [False, True, True],
        PostStatus.PUBLISHED: [True, True, True],
        PostStatus.REJECTED: [False, True, True],
        PostStatus.REMOVED: [False, False, False],
    }


@given(st.text(max_size=300), st.integers(0, 9999), st.integers(0, 999_999), st.integers(0, 999_999))
def test_any_search_fits_into_its_buttons(query: str, page: int, sector: int, kind: int) -> None:
    words = rules.searchable(query)
    press("post.find", page, sector, kind, words)
    press("post.sectors", sector, kind, words)
    press("post.kinds", sector, kind, words)
    assert rules.searchable(words) == words or not terms(words)
