"""How posts look."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.conversation.screen import Bold, Bullets, Button, Screen, plain
from handlers.conversation.texts import texts_for
from handlers.knowhow import list_screens, screens
from handlers.knowhow.list_screens import Choice, PostLine, PostList
from handlers.knowhow.screens import PostView
from storage.enums import Locale, PostStatus

T = texts_for(Locale.ENGLISH)
VIEW = PostView(
    id=7,
    status=PostStatus.PUBLISHED,
    title="Twelve <b>ugly</b> messages",
    body="First line.\n\nSecond line.",
    kind="Best practice",
    author="Anna, Aurora",
    language=Locale.ENGLISH,
    day=date(2018, 4, 3),
)
LINE = PostLine(
    id=7,
    title="Twelve",
    kind="Best practice",
    author="Anna",
    day=date(2018, 4, 3),
    excerpt=(("an ", False), ("ugly", True)),
)


def labels(shown: Screen) -> list[str]:
    return [button.label for button in shown.buttons]


def test_a_channel_card_is_short_and_offers_reading_and_answering() -> None:
    card = screens.card(replace(VIEW, body="word " * 500, answers_total=3), T)
    assert len(plain(card)) < 500
    assert "Answers: 3" in plain(card)
    assert [(b.label, b.opens_form) for b in card.buttons if isinstance(b, Button)] == [
        ("Read it all", False),
        ("Answer", True),
        ("👍 Useful", False),
        ("Save it", False),
    ]


def test_a_removed_post_leaves_nothing_of_itself_in_the_channel() -> None:
    card = screens.card(replace(VIEW, status=PostStatus.REMOVED), T)
    assert plain(card) == "This post was removed."
    assert card.line == "This post was removed."
    assert not card.buttons


@pytest.mark.parametrize("status", [PostStatus.PENDING, PostStatus.PUBLISHED, PostStatus.REJECTED, PostStatus.REMOVED])
def test_only_a_pending_post_can_be_decided(status: PostStatus) -> None:
    shown = screens.review(replace(VIEW, status=status, decided_by="Sara", reason="why"), T)
    assert ("Approve" in labels(shown)) is (status is PostStatus.PENDING)
    assert ("Reject" in labels(shown)) is (status is PostStatus.PENDING)
    assert ("Sara" in plain(shown)) is (status is not PostStatus.PENDING)


def test_words_found_are_bold() -> None:
    shown = list_screens.found(PostList(lines=[LINE], total=1, words="ugly"), T)
    (bullets,) = [block for block in shown.blocks if isinstance(block, Bullets)]
    assert bullets.items[0][-2:] == ("an ", Bold("ugly"))


def test_pages_are_turned_with_the_words_and_filters_kept() -> None:
    posts = PostList(lines=[LINE], total=12, page=1, words="ugly", sector=Choice(3, "ICT"), kind=Choice(2, "Question"))
    actions = {b.label: b.action for b in list_screens.found(posts, T).buttons if isinstance(b, Button)}
    assert (actions["‹"], actions["›"]) == ("post.find:0:3:2:ugly", "post.find:2:3:2:ugly")
    assert actions["Sector: ICT"] == "post.sectors:3:2:ugly"
    last = list_screens.found(replace(posts, page=2), T)
    assert "›" not in labels(last)
    assert "3/3" in labels(last)
    assert "1/1" not in labels(list_screens.found(replace(posts, page=0, total=5), T))
