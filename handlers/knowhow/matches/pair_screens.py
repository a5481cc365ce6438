"""A pair of which at least one side is a profile, all pairs together, and the answer to "nothing for me"."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.blind.marks import interest_button
from handlers.knowhow.matches.screens import TEXT_LENGTH, MatchView
from handlers.knowhow.screens import clipped


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair of which at least one side is a profile, for one of the two.

    Attributes:
        offers: whether the reader is the one who offers.
        mine: the title of their own post, or what they wrote in their profile.
        my_words, words: what both speak of, as each wrote it.
        who: the other's name and organisation, as they show them.
        post, title: the other's; ``None`` and empty where it is their profile.
        text: what the other wrote.
        person: whom they can look up and ask to be introduced to; ``None`` where the other is not in the directory.
        from_profile: that their own side is their profile.
        blind: the other's is a post without a name: one is introduced by saying that one is interested.
    """

    id: int
    offers: bool
    mine: str
    my_words: Sequence[str]
    words: Sequence[str]
    who: str
    text: str
    post: int | None = None
    title: str = ""
    person: int | None = None
    from_profile: bool = True
    blind: bool = False

    def reason(self, t: Texts) -> str:
        """Why the two fit, in a sentence."""
        mine, theirs = ", ".join(self.my_words), ", ".join(self.words)
        if self.offers:
            return t("You offer {mine}; {who} seeks {theirs}.", mine=mine, who=self.who, theirs=theirs)
        return t("You seek {mine}; {who} offers {theirs}.", mine=mine, who=self.who, theirs=theirs)


def told(view: PairView, t: Texts) -> Screen:
    """To one of the two: what fits, and why."""
    title = t("Somebody seeks what you offer") if view.offers else t("Somebody offers what you seek")
    out = screen(summary=f"{title}: {clipped(view.who, 80)}").heading(title)
    out.para(Bold(view.reason(t)))
    if view.title:
        out.para(Bold(view.title))
    out.para(clipped(view.text, TEXT_LENGTH))
    if view.from_profile:
        mine = t("Your profile: you offer") if view.offers else t("Your profile: you seek")
    else:
        mine = t("You offer") if view.offers else t("You seek")
    out.facts((mine, clipped(view.mine, TEXT_LENGTH)))
    if view.post is not None:
        out.row(Button(t("See the post"), press("post.open", view.post), Style.PRIMARY))
    elif view.person is not None:
        out.row(Button(t("See the profile"), press("people.open", view.person), Style.PRIMARY))
    out.row(
        interest_button(view.post, t) if view.blind and view.post is not None else None,
        Button(t("Ask for an introduction"), press("intro.ask", view.person), opens_form=True) if view.person else None,
        Button(t("Nothing for me"), press("match.pass", view.id)),
    )
    return out.build()


def listed(views: Sequence[MatchView | PairView], t: Texts) -> Screen:
    """All pairs of the reader, of posts and of profiles, the best first."""
    title = t("What fits what you offer and seek")
    out = screen(summary=title).heading(title)
    if not views:
        out.para(
            t(
                "Nothing yet. Share what you offer or seek, or write it in your profile and show it in the directory: "
                "I'll tell you when something fits."
            )
        )
    out.bullets(_line(view, t) for view in views)
    for view in views:
        if isinstance(view, PairView):
            out.row(Button(clipped(view.title or view.who), press("match.see", view.id)))
        else:
            out.row(Button(clipped(view.title), press("match.open", view.id)))
    out.row(
        Button(t("Share know-how"), press("post.share"), opens_form=True),
        Button(t("How I appear"), press("people.mine")),
    )
    return out.build()


def _line(view: MatchView | PairView, t: Texts) -> tuple[Bold | str, ...]:
    if isinstance(view, PairView):
        return (Bold(view.title), f"\n{view.reason(t)}") if view.title else (view.reason(t),)
    reason = t("fits your “{title}”: {words}", title=view.mine, words=", ".join(view.words))
    return (Bold(view.title), f"\n{view.author}\n", reason)


def refused(words: Sequence[str], *, ended: bool, t: Texts) -> Screen:
    """The reader wants nothing of it: what that changes.

    Args:
        words: what the two had in common.
        ended: whether nothing with the same other person is told any more.
        t: the reader's language.
    """
    out = screen().para(t("Noted: I won't show you these two together again. The other one is not told."))
    if words:
        out.para(t("For three months I'll look less for {words}.", words=", ".join(words)))
    if ended:
        out.para(t("You've said so of the same person before: I won't suggest the two of you to each other any more."))
    return out.row(Button(t("What else fits"), press("match.list"))).build()
