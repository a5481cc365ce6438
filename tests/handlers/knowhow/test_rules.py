"""The decisions about posts, without a database."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.screen import press
from handlers.knowhow import rules
from handlers.knowhow.rules import NotALinkError, TooManyTopicsError, TopicTooLongError, Why
from storage.enums import Moderation, PostStatus
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
    # Somebody for whom it is not meant, one for whom it is, its author, a moderator.
    readers = [(False, False, False), (True, False, False), (False, True, False), (False, False, True)]
    readable = {
        status: [
            rules.may_read(status, addressed=addressed, is_author=author, moderates=moderates)
            for addressed, author, moderates in readers
        ]
        for status in PostStatus
    }
    assert readable == {
        PostStatus.PENDING: [False, False, True, True],
        PostStatus.CHANGES: [False, False, True, True],
        PostStatus.PUBLISHED: [False, True, True, True],
        PostStatus.CLOSED: [False, True, True, True],
        PostStatus.REJECTED: [False, False, True, True],
        PostStatus.REMOVED: [False, False, False, False],
    }


@pytest.mark.parametrize(
    ("moderation", "moderates", "published", "first"),
    [
        (Moderation.ALL, False, 50, True),
        (Moderation.ALL, True, 0, False),
        (Moderation.FIRST, False, 2, True),
        (Moderation.FIRST, False, 3, False),
        (Moderation.FIRST, True, 0, False),
        (Moderation.AFTER, False, 0, False),
        (Moderation.NONE, False, 0, False),
    ],
)
def test_which_posts_are_looked_at_first(moderation: Moderation, moderates: bool, published: int, first: bool) -> None:
    assert rules.looked_at_first(moderation, moderates=moderates, published=published, first_posts=3) is first


@pytest.mark.parametrize(
    ("moderation", "moderates", "approved", "later"),
    [
        (Moderation.AFTER, False, False, True),
        (Moderation.AFTER, True, False, False),
        (Moderation.ALL, False, True, True),
        (Moderation.FIRST, False, False, False),
        (Moderation.NONE, False, True, False),
    ],
)
def test_which_posts_are_looked_at_later(moderation: Moderation, moderates: bool, approved: bool, later: bool) -> None:
    assert rules.looked_at_later(moderation, moderates=moderates, was_approved=approved) is later


def test_how_long_a_post_holds() -> None:
    rome = ZoneInfo("Europe/Rome")
    since = datetime(2018, 1, 31, 12, tzinfo=UTC)
    assert rules.holds_until(since, 0, rome) is None
    assert rules.holds_until(since, 1, rome) == datetime(2018, 2, 28, 22, 59, tzinfo=UTC)
    assert rules.holds_until(since, 12, rome) == datetime(2019, 1, 31, 22, 59, tzinfo=UTC)
    assert rules.holds_until(since, 6, rome) == datetime(2018, 7, 31, 21, 59, tzinfo=UTC)


def test_what_is_alike() -> None:
    assert rules.alike({"bioreattor", "monous", "pul"}, {"bioreattor", "monous"}) == 1.0
    assert rules.alike({"bioreattor", "monous"}, {"bioreattor", "pul", "acqua"}) == 0.0  # one word says too little
    assert rules.alike({"a", "b", "c", "d"}, {"a", "b", "x", "y"}) == 0.5
    assert rules.alike(set(), {"a", "b"}) == 0.0


@given(st.text(max_size=300), st.integers(0, 9999), st.integers(0, 999_999), st.integers(0, 999_999))
def test_any_search_fits_into_its_buttons(query: str, page: int, sector: int, kind: int) -> None:
    words = rules.searchable(query)
    press("post.find", page, sector, kind, words)
    press("post.sectors", sector, kind, words)
    press("post.kinds", sector, kind, words)
    assert rules.searchable(words) == words or not terms(words)
