import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.markup import (
    decoded,
    escaped,
    from_slack,
    pieces,
    plain_text,
    verbatim,
    without_mention,
)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt; stays", "&lt; stays"),
        ("see <https://example.org/a?b=1&amp;c=2>", "see https://example.org/a?b=1&c=2"),
        ("<https://example.org|the page>", "the page (https://example.org)"),
        ("<http://example.org|example.org>", "http://example.org"),
        ("<mailto:anna@example.org|anna@example.org>", "anna@example.org"),
        ("<tel:+3902|call>", "call (+3902)"),
        ("hello <@U123|anna>", "hello @anna"),
        ("hello <@U123>", "hello @U123"),
        ("in <#C42|general> or <#C43>", "in #general or #C43"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@board> <!subteam^S2>", "@board @S2"),
        ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
        ("3 < 4, unclosed", "3 < 4, unclosed"),
    ],
)
def test_incoming_markup_becomes_plain_text(raw: str, plain: str) -> None:
    assert from_slack(raw) == plain


@given(st.text())
def test_what_a_person_types_comes_back_letter_by_letter(text: str) -> None:
    assert from_slack(escaped(text)) == text


@given(st.text(alphabet="&;<>amplgt*_ x", max_size=200), st.integers(1, 80))
def test_a_plain_text_object_fits_and_shows_the_beginning_of_the_text(text: str, limit: int) -> None:
    made = str(plain_text(text, limit)["text"])
    assert len(made) <= limit
    shown = decoded(made)
    assert text == shown or shown == "" or text.startswith(shown.removesuffix("…"))


@given(st.text(alphabet="&;amplgt", max_size=60))
def test_entities_that_somebody_typed_are_shown_as_typed(text: str) -> None:
    assert decoded(verbatim(text)) == text


@given(st.text(alphabet="ab \n", max_size=300), st.integers(1, 40))
def test_pieces_fit_and_lose_nothing(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == text
    assert all(0 < len(piece) <= limit for piece in found)


@pytest.mark.parametrize("raw", ["<@U9> ciao", "<@U9|bot>, ciao", "<@U9>: ciao", "ciao <@U9>", "<@U9>   ciao"])
def test_the_mention_of_the_bot_is_taken_away(raw: str) -> None:
    assert without_mention(raw, "U9") == "ciao"


def test_mentions_of_others_stay() -> None:
    assert without_mention("<@U9> thank <@U8|leo>", "U9") == "thank <@U8|leo>"
