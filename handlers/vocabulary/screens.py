"""How the lists look to the staff who keep them."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import PartneringProfile
from storage.queries.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list."""

    id: int
    name_it: str
    name_en: str
    active: bool
    uses: int = 0
    deadline: bool = False
    profile: PartneringProfile | None = None
    first: bool = False
    last: bool = False


def list_name(which: Vocabulary, t: Texts) -> str:
    """What a list is called."""
    match which:
        case Vocabulary.SECTORS:
            return t("Sectors")
        case Vocabulary.TOPICS:
            return t("Topics")
        case Vocabulary.KINDS:
            return t("Kinds of post")


def profile_name(profile: PartneringProfile, t: Texts) -> str:
    """A kind of profile of the Enterprise Europe Network, with the network's short name for it."""
    match profile:
        case PartneringProfile.TECHNOLOGY_OFFER:
            return t("Technology offer (TO)")
        case PartneringProfile.TECHNOLOGY_REQUEST:
            return t("Technology request (TR)")
        case PartneringProfile.BUSINESS_OFFER:
            return t("Business offer (BO)")
        case PartneringProfile.BUSINESS_REQUEST:
            return t("Business request (BR)")
        case PartneringProfile.RESEARCH_REQUEST:
            return t("Partners for a research project (RDR)")


def lists(*, t: Texts) -> Screen:
    """All of them."""
    out = screen(summary=t("Lists")).heading(t("Lists")).para(t("What profiles, posts and announcements choose from."))
    for which in Vocabulary:
        out.row(Button(list_name(which, t), press("list.show", which)))
    return out.row(Button(t("Menu"), press("home.show"))).build()


def one_list(which: Vocabulary, rows: Sequence[Line], *, t: Texts) -> Screen:
    """One of them, in its order."""
    out = screen(summary=list_name(which, t)).heading(list_name(which, t))
    if not rows:
        out.para(t("It is empty."))
    for row in rows:
        name = row.name_it if t.locale == "it" else row.name_en
        label = name if row.active else t("{name} (retired)", name=name)
        out.row(Button(label[:75], press("list.line", which, row.id)))
    return out.row(
        Button(t("Add one"), press("list.add", which), Style.PRIMARY, opens_form=True),
        Button(t("All lists"), press("list.all")),
    ).build()


def line(which: Vocabulary, row: Line, *, t: Texts) -> Screen:
    """One line, and what can be done with it."""
    name = row.name_it if t.locale == "it" else row.name_en
    out = (
        screen(summary=name)
        .heading(name)
        .facts((t("In Italian"), row.name_it), (t("In English"), row.name_en))
        .para(t.n("Named by {n} thing.", "Named by {n} things.", row.uses))
    )
    if row.deadline:
        out.para(t("Posts of this kind have a deadline."))
    if row.profile is not None:
        out.facts((t("Enterprise Europe Network"), profile_name(row.profile, t)))
    if not row.active:
        out.para(Bold(t("Retired: what names it stays as it is, nobody chooses it any more.")))
        out.row(
            Button(t("Take up again"), press("list.restore", which, row.id), Style.PRIMARY),
            Button(t("Rename"), press("list.rename", which, row.id), opens_form=True),
        )
        return out.row(Button(t("‹ Back"), press("list.show", which))).build()
    return (
        out.row(
            Button(t("↑ Up"), press("list.up", which, row.id)) if not row.first else None,
            Button(t("↓ Down"), press("list.down", which, row.id)) if not row.last else None,
        )
        .row(
            Button(t("Rename"), press("list.rename", which, row.id), opens_form=True),
            Button(t("Retire"), press("list.retire", which, row.id)),
        )
        .row(Button(t("‹ Back"), press("list.show", which)))
        .build()
    )
