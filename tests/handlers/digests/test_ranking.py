"""Which posts a digest names, and in which order."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.digests.ranking import LEFT_OUT, Shelf, Taste, why
from storage.enums import TopicLevel
from storage.post_topics import topic_of_author, topic_of_organisation, topic_of_sector, topic_of_word, topics_of_post
from storage.queries.digest_posts import FreshPost

NOW = datetime.fromisoformat("2018-04-09T06:00+00:00")
WEEK_AGO = NOW - timedelta(days=7)
READER = 1


def fresh(number: int, *, days: float = 1, author: int = 50, words: tuple[str, ...] = (), sector: int | None = None,
          organisation: int | None = None, useful: int = 0) -> FreshPost:  # fmt: skip
    topics = topics_of_post(author_id=author, organisation_id=organisation, sector_id=sector, words=words)
    return FreshPost(number, author, NOW - timedelta(days=days), topics, useful)


def best(posts: list[FreshPost], taste: Taste, *, read: tuple[int, ...] = (), most: int = 9) -> list[int]:
    return Shelf(posts, NOW).best(READER, taste, read=read, since=WEEK_AGO, most=most)


def level(topics: Mapping[str, TopicLevel]) -> Taste:
    return Taste(levels=topics)


def test_the_newest_come_first_and_the_useful_before_them() -> None:
    posts = [fresh(1, days=3), fresh(2, days=1), fresh(3, days=2), fresh(4, days=4, useful=7)]
    assert best(posts, Taste()) == [4, 2, 3, 1]
    assert best(posts, Taste(), most=2) == [4, 2]


def test_what_is_followed_comes_first_the_narrower_before_the_wider() -> None:
    posts = [
        fresh(1),
        fresh(2, sector=3),
        fresh(3, words=("CAR-T",)),
        fresh(4, author=9),
        fresh(5, organisation=4),
        fresh(6, sector=8),
    ]
    digest = TopicLevel.DIGEST
    taste = Taste(
        levels={
            topic_of_sector(3): digest,
            topic_of_word("car-t"): digest,
            topic_of_author(9): TopicLevel.NOW,
            topic_of_organisation(4): digest,
        },
        sectors={topic_of_sector(8)},
    )
    assert best(posts, taste) == [4, 3, 5, 2, 6, 1]


def test_what_is_muted_is_left_out_however_much_is_followed() -> None:
    post = fresh(1, author=9, words=("MDR",))
    followed = {topic_of_word("mdr"): TopicLevel.NOW}
    assert best([post], level(followed)) == [1]
    assert best([post], level({**followed, topic_of_author(9): TopicLevel.MUTED})) == []


def test_own_opened_and_old_posts_are_not_new() -> None:
    posts = [fresh(1, author=READER), fresh(2), fresh(3, days=8)]
    assert best(posts, Taste(), read=(2,)) == []


def test_less_like_this_lowers_and_then_leaves_out() -> None:
    unwanted, other = fresh(1, days=1, author=9, words=("MDR",), sector=3), fresh(2, days=6)
    assert best([unwanted, other], Taste()) == [1, 2]
    assert best([unwanted, other], Taste(less={topic_of_sector(3): 1})) == [2, 1], "lower"
    gone = Taste(less={topic_of_author(9): 1, topic_of_word("mdr"): 1})
    assert best([unwanted, other], gone) == [2], "what is like it in two ways"
    followed = Taste(levels={topic_of_word("mdr"): TopicLevel.DIGEST}, less=gone.less)
    assert best([unwanted, other], followed) == [1, 2], "unless it is followed"


def test_the_reason_is_the_most_telling_thing_that_is_followed() -> None:
    post = fresh(1, author=9, words=("MDR",), sector=3)
    assert why(post.topics, Taste()) == ""
    assert why(post.topics, Taste(sectors={topic_of_sector(3)})) == topic_of_sector(3)
    taste = Taste(levels={topic_of_author(9): TopicLevel.DIGEST}, sectors={topic_of_sector(3)})
    assert why(post.topics, taste) == topic_of_author(9)
    assert why(post.topics, Taste(levels={topic_of_sector(3): TopicLevel.MUTED}, sectors={topic_of_sector(3)})) == ""


posts_of = st.builds(
    lambda days, author, sector, useful: (days, author, sector, useful),
    st.floats(0, 9),
    st.integers(1, 6),
    st.one_of(st.none(), st.integers(1, 4)),
    st.integers(0, 9),
)
topics = st.one_of(st.integers(1, 6).map(topic_of_author), st.integers(1, 4).map(topic_of_sector))


@given(
    st.lists(posts_of, max_size=40),
    st.dictionaries(topics, st.sampled_from(list(TopicLevel)), max_size=5),
    st.dictionaries(topics, st.integers(1, 5), max_size=5),
    st.sets(st.integers(0, 39)),
    st.integers(1, 9),
)
def test_looking_at_few_posts_finds_what_looking_at_all_would(
    drawn: list[tuple[float, int, int | None, int]],
    levels: dict[str, TopicLevel],
    less: dict[str, int],
    read: set[int],
    most: int,
) -> None:
    posts = [
        fresh(number, days=days, author=author, sector=sector, useful=useful)
        for number, (days, author, sector, useful) in enumerate(drawn)
    ]
    taste = Taste(levels=levels, less=less)
    shelf = Shelf(posts, NOW)
    added, taken, muted = taste.added(), taste.taken(), taste.muted()
    # Each alone on a shelf of its own says whether it may be named; the order is that of the sums.
    change = {one.id: sum(added.get(topic, 0) + taken.get(topic, 0) for topic in one.topics) for one in posts}
    touched = {one.id for one in posts if any(topic in added or topic in taken for topic in one.topics)}
    expected = {
        one.id
        for one in posts
        if one.published_at > WEEK_AGO
        and one.author_id != READER
        and one.id not in read
        and not muted & set(one.topics)
        and (one.id not in touched or change[one.id] > LEFT_OUT)
    }
    everything = shelf.best(READER, taste, read=read, since=WEEK_AGO, most=len(posts) + 1)
    assert set(everything) == expected
    assert shelf.best(READER, taste, read=read, since=WEEK_AGO, most=most) == everything[:most]
