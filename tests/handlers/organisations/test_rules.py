"""What is decided about organisations from values alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.organisations.rules import MOST_DOMAINS, DomainProblem, InviteState, invite_state, read_domains

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("uses_left", "hours", "revoked", "state"),
    [
        (1, 1, False, InviteState.LIVE),
        (0, 1, False, InviteState.USED_UP),
        (1, 0, False, InviteState.OVER),
        (1, -1, False, InviteState.OVER),
        (0, -1, True, InviteState.REVOKED),
        (5, 5, True, InviteState.REVOKED),
    ],
)
def test_invite_state(uses_left: int, hours: int, *, revoked: bool, state: InviteState) -> None:
    expires = NOW + timedelta(hours=hours)
    revoked_at = NOW if revoked else None
    assert invite_state(uses_left=uses_left, expires_at=expires, revoked_at=revoked_at, now=NOW) is state


def test_domains_are_read_from_any_line() -> None:
    assert read_domains("Clinica.it, @lab.clinica.it; anna@clinica.it\nclinica.com.") == [
        "clinica.it",
        "lab.clinica.it",
        "clinica.com",
    ]
    assert read_domains("  ") == []
    with pytest.raises(DomainProblem) as free:
        read_domains("clinica.it gmail.com")
    assert (free.value.word, free.value.free) == ("gmail.com", True)
    with pytest.raises(DomainProblem) as bad:
        read_domains("clinica")
    assert (bad.value.word, bad.value.free) == ("clinica", False)


@given(st.text(max_size=200))
def test_any_text_is_domains_or_a_problem(text: str) -> None:
    try:
        found = read_domains(text)
    except DomainProblem:
        return
    assert len(found) == len(set(found)) <= MOST_DOMAINS
    assert read_domains(" ".join(found)) == found
