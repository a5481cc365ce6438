"""What gives the author of a blind post away."""

import pytest

from handlers.knowhow.blind.rules import given_away, leads_home, telling_names

NAMES = telling_names("Ludmilla De Pervincari", "Arboreto Chimico")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Un idrogel per tre mesi.", []),
        ("Scrivi a ludmilla@example.org", ["Ludmilla"]),
        ("Siamo l'ARBORETO CHIMICO di Lodi", ["Arboreto Chimico"]),
        ("Un arboreto, e un reparto chimico", []),
        ("Pervincària, con un'altra vocale", []),
        ("«Pervincari»!", ["Pervincari"]),
        ("", []),
    ],
)
def test_a_name_is_found_word_for_word(text: str, found: list[str]) -> None:
    assert given_away(text, NAMES) == found


def test_short_parts_of_a_name_are_in_too_many_words() -> None:
    assert NAMES == ["Arboreto Chimico", "Ludmilla", "Pervincari"]
    assert telling_names("", "") == []


@pytest.mark.parametrize(
    ("link", "home"),
    [
        ("https://arboreto.example/chi-siamo", True),
        ("https://www.ARBORETO.example", True),
        ("https://nonarboreto.example", False),
        ("https://arboreto.example.org", False),
        ("", False),
    ],
)
def test_a_link_that_leads_to_ones_own_site(link: str, home: bool) -> None:
    assert leads_home(link, ["arboreto.example", ""]) is home
