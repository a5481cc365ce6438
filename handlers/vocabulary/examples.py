"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.vocabulary import forms, screens
from handlers.vocabulary.screens import Line
from storage.enums import PartneringProfile
from storage.queries.vocabulary import Vocabulary

ICT = Line(3, "ICT per la salute", "ICT for health", active=True, uses=14, first=True)
CALL = Line(6, "Bando", "Funding call", active=True, uses=4, deadline=True, last=True)
OFFER = Line(
    7, "Offerta di tecnologia", "Technology offer", active=True, uses=9, profile=PartneringProfile.TECHNOLOGY_OFFER
)
OLD = Line(4, "Nanotecnologie", "Nanotechnology", active=False, uses=2)


@example("vocabulary.lists")
def lists(t: Texts) -> Screen:
    """All of them."""
    return screens.lists(t=t)


@example("vocabulary.list")
def one_list(t: Texts) -> Screen:
    """One of them."""
    return screens.one_list(Vocabulary.SECTORS, [ICT, OLD], t=t)


@example("vocabulary.line")
def line(t: Texts) -> Screen:
    """A line."""
    return screens.line(Vocabulary.KINDS, CALL, t=t)


@example("vocabulary.line_profile")
def line_profile(t: Texts) -> Screen:
    """A kind of post that goes to the Enterprise Europe Network."""
    return screens.line(Vocabulary.KINDS, OFFER, t=t)


@example("vocabulary.retired")
def retired(t: Texts) -> Screen:
    """A retired line."""
    return screens.line(Vocabulary.SECTORS, OLD, t=t)


@example("list.add")
def add(t: Texts) -> Form:
    """A new line."""
    return forms.add_questions(Vocabulary.KINDS, t=t)


@example("list.rename")
def rename(t: Texts) -> Form:
    """Other names."""
    return forms.rename_questions("Bando", "Funding call", t=t)
