"""What the screen and the card of a blind post offer, drawn from data alone."""

from dataclasses import dataclass
from datetime import datetime

from handlers.conversation.screen import Button, ScreenBuilder, Style, press
from handlers.conversation.texts import Texts
from storage.enums import InterestState


@dataclass(frozen=True, slots=True)
class BlindStanding:
    """A blind post for one reader.

    Attributes:
        is_author: whether it is theirs.
        waiting: for its author: how many wait for their answer.
        state: what became of the reader's own interest; ``None`` without one.
        interest: its id.
        again_at: from when on they can say it again.
    """

    is_author: bool = False
    waiting: int = 0
    state: InterestState | None = None
    interest: int = 0
    again_at: datetime | None = None


def interest_button(post_id: int, t: Texts, style: Style = Style.PRIMARY) -> Button:
    """To say that one is interested."""
    return Button(t("I'm interested"), press("blind.want", post_id), style, opens_form=True)


def blind_line(out: ScreenBuilder, t: Texts) -> None:
    """What a blind post is."""
    out.para(t("A blind post: names appear only when both say yes."))


def blind_buttons(out: ScreenBuilder, post_id: int, blind: BlindStanding | None, t: Texts) -> None:
    """To say that one is interested, or to see who is."""
    if blind is None:
        return
    if blind.is_author:
        label = t.n("{n} is interested", "{n} are interested", blind.waiting)
        out.row(
            Button(label, press("blind.list"), Style.PRIMARY) if blind.waiting else None,
            Button(t("Put my name on it"), press("blind.unveil", post_id)),
        )
        return
    match blind.state:
        case InterestState.OPEN:
            out.para(t("✓ You said that you are interested."))
            out.row(Button(t("Not interested any more"), press("blind.withdraw", blind.interest)))
        case InterestState.ACCEPTED:
            out.para(t("✓ You both said yes."))
            out.row(Button(t("Introductions"), press("intro.list")))
        case InterestState.DECLINED:
            pass
        case InterestState.WITHDRAWN | InterestState.ENDED | None:
            if blind.again_at is None:
                out.row(interest_button(post_id, t))
