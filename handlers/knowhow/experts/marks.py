"""What a question's own screen offers to whoever may have others asked about it, drawn from data alone."""

from dataclasses import dataclass

from handlers.conversation.screen import Button, ScreenBuilder, press
from handlers.conversation.texts import Texts


@dataclass(frozen=True, slots=True)
class ExpertStanding:
    """An open question for who may have others asked about it: whether that was begun, and how many were asked."""

    begun: bool = False
    asked: int = 0


def expert_buttons(out: ScreenBuilder, post_id: int, experts: ExpertStanding | None, t: Texts) -> None:
    """To have those asked who may know, and to see who was."""
    if experts is None:
        return
    if experts.begun:
        label = t("Who is asked · {n}", n=t.number(experts.asked)) if experts.asked else t("Who is asked")
        out.row(Button(label, press("expert.show", post_id)))
    else:
        out.row(Button(t("Ask those who know"), press("expert.begin", post_id)))
