"""When what is offered and sought fits, what a refusal teaches, and what is something new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.knowhow.matches import rules
from storage.search_words import stems_of_text

EVERYWHERE = 100
"""Things that a common word is in, of 200."""


def stems(text: str) -> set[str]:
    return set(stems_of_text(text)[0])


def covered(about: str, by: str, common: str = "") -> rules.Fit:
    documents = dict.fromkeys(stems(common), EVERYWHERE)
    return rules.best_fit(rules.things_of(about), stems(by), documents, rules.LEAST_THINGS)


def test_a_profile_is_about_each_of_its_sentences() -> None:
    text = "Sequenziamento nanopore.\nUn liofilizzatore pilota; partner clinici a Brescia. Fondi"
    typed = [[word for concept in thing for word in concept.typed] for thing in rules.things_of(text)]
    assert typed == [
        ["sequenziamento", "nanopore"],
        ["liofilizzatore", "pilota"],
        ["partner", "clinici", "brescia"],
    ], "what is too short to share two things is left out"
    assert len(rules.things_of("Fondi, partner clinici, sensori")) == 1
    assert rules.things_of("") == []


def test_one_of_many_things_is_enough() -> None:
    seeks = (
        "Sequenziamento nanopore su campioni ospedalieri. Liofilizzatore pilota. Fondi europei per idrogel e sensori."
    )
    fit = covered(seeks, "Abbiamo due liofilizzatori pilota e tanta pazienza.")
    assert fit.share == 1
    assert sorted(fit.words) == ["liofilizzatore", "pilota"]
    assert covered(seeks, "Pazienza pilota").words == (), "one thing in common says too little"


def test_a_thing_must_name_some_of_what_a_post_is_about() -> None:
    things = rules.things_of("Preventivi in due giorni lavorativi")
    body, about = stems("Le impurezze arrivano in due giorni lavorativi"), stems("Impurezze elementari")
    assert rules.best_fit(things, body, {}, 0).words
    assert rules.best_fit(things, body, {}, 0, head=about).words == ()
    assert rules.best_fit(things, body, {}, 0, head=about | stems("lavorativo")).words


def test_what_is_common_counts_less_than_what_is_rare() -> None:
    about = "Progetto sensori liofilizzatore"
    assert covered(about, "progetto sensori", "progetto sensori").share < covered(about, "sensori liofilizzatore").share


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Cerco un liofilizzatore pilota per l'idrogel.",
            "Liofilizzatori pilota: anche idrogel!",
            (("liofilizzatore pilota", "l'idrogel"), ("Liofilizzatori pilota", "idrogel")),
        ),
        ("Partner clinici", "Riempimento sterile", ((), ())),
        ("", "Riempimento sterile", ((), ())),
        ("Campioni clinici; campione, sepsi", "Sepsi, campioni", (("Campioni", "sepsi"), ("Sepsi", "campioni"))),
        ("Pilota. Pilota, PILOTA! Idrogel", "pilota idrogel", (("Pilota", "Idrogel"), ("pilota idrogel",))),
    ],
)
def test_words_are_shown_as_each_wrote_them(
    one: str, other: str, expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert rules.in_common(one, other) == expected


def test_words_in_common_are_the_same_seen_from_the_other_side() -> None:
    one, other = "Intelligenza artificiale per la diagnosi", "Diagnosi con AI"
    assert rules.in_common(one, other) == rules.in_common(other, one)[::-1]
    assert rules.in_common(one, other)[1] == ("Diagnosi", "AI"), "the field's other names count"


def test_what_was_refused_weighs_less_and_the_rest_as_before() -> None:
    words = ("liofilizzatore", "pilota")
    assert rules.weight(80, words, set()) == 80
    half = rules.weight(80, words, stems("liofilizzatori"))
    every = rules.weight(80, words, stems("liofilizzatori pilota"))
    assert 80 > half > every > 0
    assert rules.is_worth_telling(half)
    assert not rules.is_worth_telling(rules.weight(100, words, stems("liofilizzatori pilota"))), "not even the best"
    assert rules.weight(100, (), set()) == 0, "without a reason there is nothing to tell"


@given(
    percent=st.integers(40, 100),
    words=st.lists(st.sampled_from(["pilota", "idrogel", "classe b", "sepsi"]), min_size=1, unique=True),
    refused=st.sets(st.sampled_from(["pilota", "idrogel", "classe", "sepsi", "fondi"])),
    more=st.sampled_from(["pilota", "idrogel", "sepsi"]),
)
def test_refusing_more_never_makes_a_pair_weigh_more(
    percent: int, words: list[str], refused: set[str], more: str
) -> None:
    before = rules.weight(percent, words, stems(" ".join(refused)))
    after = rules.weight(percent, words, stems(" ".join({*refused, more})))
    assert 0 < after <= before <= percent


@pytest.mark.parametrize(
    ("words", "known", "new"),
    [
        (["liofilizzatori", "pilota"], ["liofilizzatore", "pilota"], False),
        (["liofilizzatore", "pilota", "idrogel"], ["liofilizzatore", "pilota"], False),
        (["sepsi", "pilota"], ["liofilizzatore", "pilota"], True),
        (["sepsi", "nanopore"], [], True),
        ([], ["pilota"], False),
    ],
)
def test_half_of_the_words_must_be_new(words: list[str], known: list[str], *, new: bool) -> None:
    assert rules.says_more(words, known) is new
