"""Examples for the gallery."""

from dataclasses import replace

from handlers.conversation.actions import example
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow.matches import pair_screens, screens
from handlers.knowhow.matches.pair_screens import PairView
from handlers.knowhow.matches.screens import MatchView

PAIR = MatchView(
    id=5,
    offers=False,
    mine="Cerchiamo una suite di classe B per sei settimane",
    post=21,
    title="Due campagne libere in suite di classe B",
    author="Sonia Travaglianti, Valseria Biologics",
    text="Un committente ha spostato lo studio all'anno prossimo: due campagne sono libere, a giugno e a settembre.",
    words=("classe b", "suite", "terapia cellulare"),
    person=7,
)


@example("knowhow.match")
def match(t: Texts) -> Screen:
    """To who seeks."""
    return screens.told(PAIR, t)


@example("knowhow.match_offer")
def match_offer(t: Texts) -> Screen:
    """To who offers; the other is not in the directory."""
    view = MatchView(
        id=5, offers=True, mine=PAIR.title, post=22, title=PAIR.mine, author="Davide Nembrotti", text="Un processo "
        "autologo con sette passaggi aperti.", words=PAIR.words,
    )  # fmt: skip
    return screens.told(view, t)


PROFILES = PairView(
    id=8,
    offers=False,
    mine="Cerco un liofilizzatore pilota per un idrogel, e partner clinici.",
    my_words=("liofilizzatore pilota", "idrogel"),
    words=("liofilizzatori pilota", "idrogel"),
    who="Chiara Rossi, Politecnico dell'Adda",
    text="Due liofilizzatori pilota, anche per idrogel e proteine; prove in una settimana.",
    person=9,
)


@example("knowhow.pair")
def pair(t: Texts) -> Screen:
    """To who seeks, from the two profiles."""
    return pair_screens.told(PROFILES, t)


@example("knowhow.pair_offer")
def pair_offer(t: Texts) -> Screen:
    """To who offers in their profile what a post seeks; its author is not in the directory."""
    view = PairView(
        id=9, offers=True, mine=PROFILES.text, my_words=PROFILES.words, words=("liofilizzatore pilota", "idrogel"),
        who="Davide Nembrotti, Biofilande", text="Ci serve per sei settimane, da giugno.", post=23,
        title="Cerchiamo un liofilizzatore pilota per un idrogel",
    )  # fmt: skip
    return pair_screens.told(view, t)


@example("knowhow.pair_post")
def pair_post(t: Texts) -> Screen:
    """To who seeks in a post what a profile offers."""
    view = replace(PROFILES, from_profile=False, mine="Cerchiamo un liofilizzatore pilota per un idrogel")
    return pair_screens.told(view, t)


@example("knowhow.matches")
def matches(t: Texts) -> Screen:
    """All of one's own, of posts and of profiles."""
    return pair_screens.listed([PAIR, PROFILES], t)


@example("knowhow.matches_none")
def matches_none(t: Texts) -> Screen:
    """None yet."""
    return pair_screens.listed([], t)


@example("knowhow.match_refused")
def match_refused(t: Texts) -> Screen:
    """Nothing for them."""
    return pair_screens.refused(PAIR.words, ended=False, t=t)


@example("knowhow.match_refused_again")
def match_refused_again(t: Texts) -> Screen:
    """Nothing for them, and the second time with the same person."""
    return pair_screens.refused(PROFILES.words, ended=True, t=t)
