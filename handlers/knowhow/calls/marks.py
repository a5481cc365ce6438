"""What a call's own screen says and offers beside those of other posts, drawn from data alone."""

from dataclasses import dataclass

from handlers.conversation.screen import Button, ScreenBuilder, press
from handlers.conversation.texts import Texts


@dataclass(frozen=True, slots=True)
class CallStanding:
    """An open call for one reader: whether they follow its deadline, and how many look for a partner."""

    followed: bool = False
    partners: int = 0


def call_buttons(out: ScreenBuilder, post_id: int, call: CallStanding | None, t: Texts) -> None:
    """To follow the deadline and to find a partner, while one can still apply."""
    if call is None:
        return
    follow = t("✓ You follow this deadline") if call.followed else t("Follow this deadline")
    partners = t("Partners for it · {n}", n=t.number(call.partners)) if call.partners else t("Partners for it")
    out.row(Button(follow, press("call.follow", post_id, int(not call.followed))))
    out.row(Button(partners, press("call.partners", post_id, 0)))
