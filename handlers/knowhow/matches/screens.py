"""An offer and a request that fit each other, as each of the two authors reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.blind.marks import interest_button
from handlers.knowhow.screens import clipped

TEXT_LENGTH = 300
"""Characters of the other post's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """A pair, for one of its authors.

    Attributes:
        offers: whether the reader is the one who offers.
        mine: the title of their own post.
        post, title, author, text: the other's.
        words: what both speak of.
        person: whom they can ask to be introduced to; ``None`` where the other is not in the directory for them.
        blind: the other's post carries no name: one is introduced by saying that one is interested.
    """

    id: int
    offers: bool
    mine: str
    post: int
    title: str
    author: str
    text: str
    words: Sequence[str]
    person: int | None = None
    blind: bool = False


def told(view: MatchView, t: Texts) -> Screen:
    """To one of the two: what fits theirs, and why."""
    title = t("Somebody seeks what you offer") if view.offers else t("Somebody offers what you seek")
    out = screen(summary=f"{title}: {clipped(view.title, 80)}").heading(title)
    out.para(Bold(view.title), f"\n{view.author}")
    out.para(clipped(view.text, TEXT_LENGTH))
    yours = t("You offer") if view.offers else t("You seek")
    out.facts((yours, view.mine), (t("In common"), ", ".join(view.words)))
    out.row(Button(t("See it"), press("post.open", view.post), Style.PRIMARY))
    out.row(
        interest_button(view.post, t) if view.blind else None,
        Button(t("Ask for an introduction"), press("intro.ask", view.person), opens_form=True) if view.person else None,
        Button(t("Nothing for me"), press("match.no", view.id)),
    )
    return out.build()
