"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow.matches import screens
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


@example("knowhow.matches")
def matches(t: Texts) -> Screen:
    """All of one's own."""
    return screens.listed([PAIR], t)


@example("knowhow.matches_none")
def matches_none(t: Texts) -> Screen:
    """None yet."""
    return screens.listed([], t)


@example("knowhow.match_refused")
def match_refused(t: Texts) -> Screen:
    """Nothing for them."""
    return screens.refused(t)
