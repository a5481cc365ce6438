"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.groups import notices, screens
from handlers.groups.forms import group_questions, people_questions
from handlers.groups.screens import GroupView
from storage.models import WorkingGroup

MDR = GroupView(
    id=2,
    name="Regolamento MDR",
    about="Chi prepara la documentazione dei dispositivi, e chi l'ha già fatto.",
    members=("Giulia Serra, Ospedale della Martesana", "Paolo Riva, Cardiotec"),
    total=2,
    is_mine=True,
)
DATA = GroupView(id=3, name="Dati clinici", about="Registri, consenso, riuso.", total=9, is_open=False)


@example("group.list")
def listed(t: Texts) -> Screen:
    """The groups."""
    return screens.listed([MDR, DATA], t, runs=False)


@example("group.one")
def one(t: Texts) -> Screen:
    """A group of one's own."""
    return screens.one(MDR, t)


@example("group.closed")
def closed(t: Texts) -> Screen:
    """A group that the staff fill."""
    return screens.one(DATA, t)


@example("group.run")
def run(t: Texts) -> Screen:
    """What the staff see."""
    return screens.one(GroupView(id=2, name=MDR.name, about=MDR.about, members=MDR.members, total=2, runs=True), t)


@example("group.added")
def added(t: Texts) -> Screen:
    """To who was added."""
    return notices.told_added(2, MDR.name, t)


@example("group.new")
def new(t: Texts) -> Form:
    """A new group."""
    return group_questions(t)


@example("group.edit")
def edit(t: Texts) -> Form:
    """A group that is changed."""
    return group_questions(t, WorkingGroup(name=MDR.name, about=MDR.about, is_open=False))


@example("group.out")
def out(t: Texts) -> Form:
    """Take members out."""
    return people_questions(t, "group.out", MDR.name, submit=t("Take members out"))


@example("group.add")
def add(t: Texts) -> Form:
    """Add members."""
    return people_questions(t, "group.add", MDR.name, submit=t("Add members"))
