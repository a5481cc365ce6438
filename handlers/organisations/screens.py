"""How organisations look to the staff, and to their own people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.conversation.screen import Bold, Button, Screen, Span, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import OrganisationCategory
from storage.queries.organisations import Listed


@dataclass(frozen=True, slots=True)
class House:
    """An organisation as staff and contact see it; ``seats`` is ``None`` where any number may join."""

    id: int
    name: str
    category: OrganisationCategory
    city: str
    sectors: list[str]
    domains: list[str]
    contact: str
    members: int
    seats: int | None
    active: bool
    former_names: list[str] = field(default_factory=list)


class OrganisationField(StrEnum):
    """What of an organisation staff change on its own."""

    NAME = "name"
    CATEGORY = "category"
    CITY = "city"
    SECTORS = "sectors"
    DOMAINS = "domains"
    SEATS = "seats"
    CONTACT = "contact"


def field_name(one: OrganisationField, t: Texts) -> str:
    """What it is called."""
    match one:
        case OrganisationField.NAME:
            return t("Name")
        case OrganisationField.CATEGORY:
            return t("Kind")
        case OrganisationField.CITY:
            return t("City")
        case OrganisationField.SECTORS:
            return t("Sectors")
        case OrganisationField.DOMAINS:
            return t("Addresses")
        case OrganisationField.SEATS:
            return t("Places")
        case OrganisationField.CONTACT:
            return t("Contact person")


def category_label(category: OrganisationCategory, t: Texts) -> str:
    """What one organisation of that sort is."""
    match category:
        case OrganisationCategory.COMPANY:
            return t("Company")
        case OrganisationCategory.UNIVERSITY:
            return t("University")
        case OrganisationCategory.HOSPITAL:
            return t("Hospital")
        case OrganisationCategory.RESEARCH:
            return t("Research centre")
        case OrganisationCategory.AGENCY:
            return t("Agency")


def places(house: House, t: Texts) -> str:
    """How many members it has, and may have."""
    if house.seats is None:
        return t.n("{n} member", "{n} members", house.members)
    return t("{taken} of {seats} taken", taken=house.members, seats=house.seats)


def organisation_list(rows: Sequence[Listed], total: int, page: int, pages: int, words: str, *, t: Texts) -> Screen:
    """Organisations, a page of them, or those that were looked for."""
    out = screen(summary=t("Organisations")).heading(t("Organisations"))
    if words:
        out.para(t("Found for “{words}”: {n}", words=words, n=total))
    elif not rows:
        out.para(t("There are none yet."))
    for row in rows:
        name = row.name if row.active else t("{name} (retired)", name=row.name)
        out.row(Button(f"{name[:60]} · {row.members}", press("org.show", row.id)))
    if not words and pages > 1:
        out.row(
            Button(t("‹ Back"), press("org.list", page - 1)) if page else None,
            Button(t("Next ›"), press("org.list", page + 1)) if page < pages - 1 else None,
        )
    out.row(
        Button(t("Find one"), press("org.find"), opens_form=True),
        Button(t("New organisation"), press("org.new"), opens_form=True),
    )
    return out.row(Button(t("All organisations"), press("org.list", 0)) if words else None).build()


def organisation(house: House, *, t: Texts) -> Screen:
    """One organisation, for the staff."""
    out = (
        screen(summary=house.name)
        .heading(house.name)
        .facts(
            (t("Kind"), category_label(house.category, t)),
            (t("City"), house.city),
            (t("Sectors"), ", ".join(house.sectors)),
            (t("Addresses"), ", ".join(house.domains)),
            (t("Contact person"), house.contact),
            (t("Members"), places(house, t)),
            (t("Also called"), ", ".join(house.former_names)),
        )
    )
    if not house.active:
        out.para(Bold(t("Retired: it keeps its people and takes no new ones.")))
    return (
        out.row(
            Button(t("Change"), press("org.edit", house.id), Style.PRIMARY),
            Button(t("Members"), press("org.members", house.id, 0)),
            Button(t("Invitations"), press("org.invites", house.id)),
        )
        .row(
            Button(t("It's a duplicate"), press("org.merge", house.id), opens_form=True),
            Button(t("Retire"), press("org.retire", house.id))
            if house.active
            else Button(t("Take up again"), press("org.restore", house.id)),
        )
        .row(Button(t("All organisations"), press("org.list", 0)))
        .build()
    )


def edit_choice(house_id: int, name: str, *, t: Texts) -> Screen:
    """Which part of it to change."""
    out = screen(summary=name).heading(name).para(t("What shall we change?"))
    buttons = [
        Button(field_name(one, t), press("org.field", house_id, one), opens_form=True) for one in OrganisationField
    ]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    return out.row(Button(t("‹ Back"), press("org.show", house_id))).build()


def merge_confirm(duplicate: House, into: House, *, t: Texts) -> Screen:
    """Before two become one."""
    return (
        screen(summary=t("Merge {name}", name=duplicate.name))
        .heading(t("Merge {name}", name=duplicate.name))
        .para(
            t(
                "Everything of {duplicate} goes to {into}: {people}, its invitations and its addresses. {duplicate} "
                "disappears and is found under {into}. This can't be undone.",
                duplicate=duplicate.name,
                into=into.name,
                people=t.n("{n} member", "{n} members", duplicate.members),
            )
        )
        .row(
            Button(t("Merge them"), press("org.merged", duplicate.id, into.id), Style.DANGER),
            Button(t("No"), press("org.show", duplicate.id)),
        )
        .build()
    )


def members(
    house_id: int,
    name: str,
    rows: Sequence[tuple[int, str, str, bool]],
    page: int,
    pages: int,
    *,
    for_staff: bool,
    t: Texts,
) -> Screen:
    """Its members: (id, name, role, whether they are the contact). Staff can say that one has left."""
    title = t("Members of {organisation}", organisation=name)
    out = screen(summary=title).heading(title)
    if not rows:
        out.para(t("Nobody yet."))
    lines: list[Sequence[Span]] = []
    called = t("contact person")
    for _, person, role, contact in rows:
        words = f" – {role}" if role else ""
        lines.append([Bold(person), words, f" ({called})" if contact else ""])
    out.bullets(lines)
    if for_staff:
        for person_id, person, _, _ in rows:
            label = t("{name} has left", name=person)
            out.row(Button(label[:75], press("org.gone", person_id), opens_form=True))
    if pages > 1:
        out.row(
            Button(t("‹ Back"), press("org.members", house_id, page - 1)) if page else None,
            Button(t("Next ›"), press("org.members", house_id, page + 1)) if page < pages - 1 else None,
        )
    back = press("org.show", house_id) if for_staff else press("org.mine")
    return out.row(Button(t("Invitations"), press("org.invites", house_id)), Button(t("‹ Organisation"), back)).build()


def mine(house: House, *, is_contact: bool, t: Texts) -> Screen:
    """My organisation, for its people; its contact sees more."""
    out = (
        screen(summary=house.name)
        .heading(house.name)
        .facts(
            (t("Kind"), category_label(house.category, t)),
            (t("City"), house.city),
            (t("Sectors"), ", ".join(house.sectors)),
            (t("Contact person"), house.contact),
        )
    )
    if is_contact:
        out.facts((t("Members"), places(house, t)), (t("Addresses"), ", ".join(house.domains)))
        out.row(
            Button(t("Members"), press("org.members", house.id, 0)),
            Button(t("Invitations"), press("org.invites", house.id)),
        )
    return out.row(Button(t("I'm leaving my organisation"), press("org.leave"), opens_form=True)).build()


def nowhere(*, t: Texts) -> Screen:
    """For a member without organisation."""
    return (
        screen(summary=t("Your organisation"))
        .para(t("You belong to no organisation at the moment."))
        .row(Button(t("I belong to one"), press("profile.organisation"), Style.PRIMARY))
        .build()
    )


def now_contact(organisation_name: str, *, t: Texts) -> Screen:
    """To a new contact person."""
    return (
        screen(summary=t("You are the contact person of {organisation}", organisation=organisation_name))
        .heading(t("You are the contact person of {organisation}", organisation=organisation_name))
        .para(
            t(
                "You can see who of your colleagues is here, and invite others. Write /myorganisation whenever you "
                "need it."
            )
        )
        .row(Button(t("My organisation"), press("org.mine"), Style.PRIMARY))
        .build()
    )
