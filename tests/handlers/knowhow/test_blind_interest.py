"""What each of the two sees of an interest, before and after both said yes."""

from datetime import UTC, datetime

import pytest

from handlers.knowhow.blind.service import shown_to_author, shown_to_interested
from storage.enums import InterestState
from storage.models import BlindInterest, Organisation, Person, Post


def interest(state: InterestState, *, shows_name: bool = False) -> BlindInterest:
    author = Person(name="Ludmilla Pervincari", organisation=Organisation(name="Arboreto Chimico"))
    person = Person(name="Elena Marchetti", organisation=None)
    post = Post(id=3, title="Cerchiamo", author=author, blind=True)
    return BlindInterest(
        id=8, post_id=3, post=post, person=person, about="Un ateneo", message="",
        state=state, shows_name=shows_name, expires_at=datetime(2018, 4, 17, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("state", sorted(set(InterestState) - {InterestState.ACCEPTED}))
def test_nobody_knows_before_both_said_yes(state: InterestState) -> None:
    assert shown_to_interested(interest(state)).who == ""
    assert shown_to_author(interest(state)).who == ""
    assert shown_to_interested(interest(state, shows_name=True)).who == "", "the other's name is theirs to show"
    assert shown_to_author(interest(state, shows_name=True)).who == "Elena Marchetti"


def test_both_know_when_both_said_yes() -> None:
    row = interest(InterestState.ACCEPTED)
    assert shown_to_interested(row).who == "Ludmilla Pervincari, Arboreto Chimico"
    assert shown_to_author(row).who == "Elena Marchetti"
