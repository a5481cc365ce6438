"""Organisations: who may see and change what of them, and the changes."""

from collections.abc import Sequence

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.permissions import Permission
from handlers.organisations.screens import House
from storage.engine import lock
from storage.enums import OrganisationCategory, PersonStatus, SubjectKind
from storage.models import AuditEntry, Organisation, Person
from storage.queries import organisations


async def found(ctx: ReadContext, organisation_id: int) -> Organisation:
    """An organisation.

    Raises:
        Refusal: it is gone: merged into another, most likely.
    """
    row = await ctx.session.get(Organisation, organisation_id)
    if row is None:
        raise Refusal(ctx.t("This organisation is no longer there: it may be part of another one now."))
    return row


async def runs(ctx: ReadContext, organisation_id: int) -> bool:
    """Whether the reader may see an organisation's members and make its invitations: its contact, or the staff."""
    if ctx.may(Permission.STAFF):
        return True
    return ctx.person is not None and await organisations.speaks_for(ctx.session, ctx.person) == organisation_id


async def must_run(ctx: ReadContext, organisation_id: int) -> Organisation:
    """The organisation, for those who may run it.

    Raises:
        Refusal: they may not. What there is of it is not told.
    """
    if not await runs(ctx, organisation_id):
        raise Refusal(ctx.t("Only the staff and the organisation's contact person can do this."))
    return await found(ctx, organisation_id)


async def house_of(ctx: ReadContext, row: Organisation) -> House:
    """An organisation as staff and contact see it."""
    contact = await organisations.contact_of(ctx.session, row.id)
    return House(
        id=row.id,
        name=row.name,
        category=row.category,
        city=row.city,
        sectors=[ctx.t.of(sector, "name") for sector in await organisations.sectors_of(ctx.session, row.id)],
        domains=list(row.domains),
        contact=contact.name if contact else "",
        members=await organisations.count_members(ctx.session, row.id),
        seats=row.seats,
        active=row.active,
        former_names=await organisations.aliases_of(ctx.session, row.id),
    )


def audit(ctx: Context, action: str, organisation_id: int, reason: str = "") -> None:
    """Who changed what about an organisation."""
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action=action,
            subject_kind=SubjectKind.ORGANISATION,
            subject_id=organisation_id,
            reason=reason,
        )
    )


async def create(ctx: Context, name: str, category: OrganisationCategory, city: str) -> Organisation:
    """A new organisation.

    Raises:
        Refusal: one is, or was, called so.
    """
    known = await organisations.named(ctx.session, name)
    if known is not None:
        raise Refusal(ctx.t("{name} is there already.", name=known.name))
    row = Organisation(name=name, category=category, city=city)
    ctx.session.add(row)
    await ctx.session.flush()
    audit(ctx, "organisation.new", row.id)
    return row


async def rename(ctx: Context, row: Organisation, name: str) -> None:
    """Another name; under the former one it is still found.

    Raises:
        Refusal: another one is, or was, called so.
    """
    known = await organisations.named(ctx.session, name)
    if known is not None and known.id != row.id:
        raise Refusal(ctx.t("{name} is there already. If the two are the same, merge them instead.", name=known.name))
    if name.casefold() != row.name.casefold():
        await organisations.add_alias(ctx.session, row.id, row.name)
    row.name = name


async def clashing_domain(ctx: ReadContext, row: Organisation, domains: Sequence[str]) -> tuple[str, str] | None:
    """A domain that another organisation has already, and which that is."""
    for other in await organisations.active(ctx.session):
        if other.id != row.id:
            for one in domains:
                if one in other.domains:
                    return one, other.name
    return None


async def set_contact(ctx: Context, row: Organisation, person_id: int | None) -> Person | None:
    """Who speaks for an organisation.

    Raises:
        Refusal: they are not one of its members (any more).
    """
    person = await ctx.session.get(Person, person_id) if person_id is not None else None
    if person_id is not None and (
        person is None or person.organisation_id != row.id or person.status is not PersonStatus.MEMBER
    ):
        raise Refusal(ctx.t("The contact person must be one of its members."))
    await organisations.set_contact(ctx.session, row.id, person_id, ctx.now)
    return person


async def merge(ctx: Context, duplicate_id: int, into_id: int) -> Organisation:
    """Two are the same: everything of the first goes to the second.

    Raises:
        Refusal: one of them is gone, or both are one.
    """
    if duplicate_id == into_id:
        raise Refusal(ctx.t("That's the same organisation."))
    for one in sorted((duplicate_id, into_id)):  # always in this order, so that two merges do not wait for each other
        await lock(ctx.session, Organisation, Organisation.id, one)
    duplicate, into = await found(ctx, duplicate_id), await found(ctx, into_id)
    audit(ctx, "organisation.merge", into.id, duplicate.name)
    await organisations.merge(ctx.session, duplicate, into)
    return into
