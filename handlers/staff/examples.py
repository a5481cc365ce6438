"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.staff import staff_examples  # noqa: F401 - registers its examples
from handlers.staff.forms import build_invite_form, invite_screen


@example("staff.invite")
def form_example(t: Texts) -> Form:
    """The form."""
    return build_invite_form([Option("1", "Biofilande"), Option("2", "Ospedale della Martesana")], t=t)


@example("staff.invitation")
def invitation_example(t: Texts) -> Screen:
    """The code."""
    return invite_screen("Biofilande", "FILANDE462", "https://t.me/cluster_bot?start=FILANDE462", t=t)
