"""Roles given and taken, people suspended, restored and removed: each with a reason, written down, and told."""

from handlers.conversation.actions import REGISTRY, Departure
from handlers.conversation.auditing import record
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.notify import notify, refresh_card
from handlers.staff.names import role_name
from handlers.staff.rules import Change, Obstacle, Turn, obstacle_to_change, obstacle_to_role
from handlers.staff.service import grant
from storage.engine import lock
from storage.enums import PersonStatus, Role, SubjectKind
from storage.models import Person, PersonRole
from storage.queries import people, roles


async def find(ctx: ReadContext, person_id: int) -> Person:
    """The person.

    Raises:
        Refusal: there is nobody of that number (any more).
    """
    person = await roles.person_shown(ctx.session, person_id)
    if person is None:
        raise Refusal(ctx.t("This person is no longer here. Search again with /members."))
    return person


def refusal(ctx: ReadContext, obstacle: Obstacle, name: str) -> Refusal:
    """The obstacle in words."""
    match obstacle:
        case Obstacle.ONESELF:
            text = ctx.t("You can't decide this about yourself; a colleague can.")
        case Obstacle.OWNER:
            text = ctx.t("{name} is an owner: take that role first, then try again.", name=name)
        case Obstacle.STAFF:
            text = ctx.t("{name} is one of the staff: only an owner can do this.", name=name)
        case Obstacle.ALREADY:
            text = ctx.t("That is so already; nothing has changed.")
        case Obstacle.NOT_NOW:
            text = ctx.t("{name} is not a member now, so this can't be done.", name=name)
        case Obstacle.TOO_FEW_OWNERS:
            text = ctx.t("There must be two owners at least. Make somebody else an owner first.")
    return Refusal(text)


async def check_role(ctx: Context, person: Person, role: Role, turn: Turn) -> None:
    """Refuse what cannot be done, holding the owners until the end of the transaction.

    Raises:
        Refusal: it cannot.
    """
    owners = await roles.hold_owners(ctx.session)
    held = await people.roles_of(ctx.session, person.id)
    obstacle = obstacle_to_role(turn, role, status=person.status, roles=held, owners=len(owners))
    if obstacle is not None:
        raise refusal(ctx, obstacle, person.name)


async def change_role(ctx: Context, person_id: int, role: Role, turn: Turn, reason: str) -> str:
    """Give or take a role; returns what to tell who decided.

    Raises:
        Refusal: it cannot be done, also where a colleague has just done it.
    """
    person = await lock(ctx.session, Person, Person.id, person_id) or await find(ctx, person_id)
    await check_role(ctx, person, role, turn)
    if turn is Turn.GIVE:
        await grant(ctx.session, person_id, role, by=ctx.me.id, now=ctx.now, reason=reason)
    else:
        await ctx.session.delete(await ctx.session.get_one(PersonRole, (person_id, role)))
        record(ctx, "role.take", SubjectKind.PERSON, person_id, f"{role}: {reason}")
    await ctx.session.flush()
    if person_id != ctx.me.id:
        kind = "staff.role_given" if turn is Turn.GIVE else "staff.role_taken"
        await notify(
            ctx,
            person_id,
            kind,
            dedup=f"role:{turn}:{person_id}:{role}:{int(ctx.now.timestamp() * 1000)}",
            data={"role": role.value, "reason": reason, "by": ctx.me.name},
        )
    role_word = role_name(role, ctx.t)
    if turn is Turn.GIVE:
        return ctx.t("{name} is now {role}, and was told.", name=person.name, role=role_word)
    return ctx.t("{name} is no longer {role}, and was told.", name=person.name, role=role_word)


async def check_change(ctx: Context, person: Person, change: Change) -> None:
    """Refuse what cannot be done to this person.

    Raises:
        Refusal: it cannot.
    """
    held = await people.roles_of(ctx.session, person.id)
    obstacle = obstacle_to_change(
        change, by=ctx.me.id, by_roles=ctx.roles, person=person.id, status=person.status, roles=held
    )
    if obstacle is not None:
        raise refusal(ctx, obstacle, person.name)


async def change_standing(ctx: Context, person_id: int, change: Change, reason: str) -> str:
    """Suspend, restore or remove somebody, who is told why; returns what to tell who decided.

    Raises:
        Refusal: it cannot be done.
    """
    person = await lock(ctx.session, Person, Person.id, person_id) or await find(ctx, person_id)
    await roles.hold_owners(ctx.session)  # so that nobody becomes an owner while they are shut out
    await check_change(ctx, person, change)
    match change:
        case Change.SUSPEND:
            person.suspended_from, person.status = person.status, PersonStatus.SUSPENDED
        case Change.RESTORE:
            person.status = person.suspended_from or PersonStatus.MEMBER
            person.suspended_from = None
        case Change.REMOVE:
            await _leave(ctx, person)
    record(ctx, f"person.{change}", SubjectKind.PERSON, person.id, reason)
    await ctx.session.flush()
    kinds = {
        Change.SUSPEND: "staff.suspended",
        Change.RESTORE: "staff.restored",
        Change.REMOVE: "staff.removed",
    }
    await notify(
        ctx,
        person.id,
        kinds[change],
        dedup=f"standing:{person.id}:{change}:{int(ctx.now.timestamp() * 1000)}",
        data={"reason": reason},
    )
    match change:
        case Change.SUSPEND:
            return ctx.t("{name} is suspended, and was told.", name=person.name)
        case Change.RESTORE:
            return ctx.t("{name} is back, and was told.", name=person.name)
        case Change.REMOVE:
            return ctx.t("{name} is no longer in the community, and was told.", name=person.name)


async def _leave(ctx: Context, person: Person) -> None:
    """Everything that they hold goes to others, and with it their roles; what they wrote stays."""
    theirs = ReadContext(
        ctx.session, ctx.community, ctx.clock, person, frozenset(), person.locale, ctx.event.address.platform
    )
    leaving = Departure(person.id, keep_posts=True)
    cards = [card for handler in REGISTRY.departures for card in await handler(theirs, leaving)]
    person.status, person.suspended_from = PersonStatus.LEFT, None
    for role in await people.roles_of(ctx.session, person.id):
        await ctx.session.delete(await ctx.session.get_one(PersonRole, (person.id, role)))
        record(ctx, "role.take", SubjectKind.PERSON, person.id, f"{role}")
    await ctx.session.flush()
    for card in cards:
        await refresh_card(ctx, card)
