"""Leaving an organisation, and what becomes of what somebody held for it."""

from zoneinfo import ZoneInfo

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.organisation_requests import ask_staff, staff_ids
from handlers.organisations import service
from storage.engine import lock
from storage.enums import HandoverState, PersonStatus, SubjectKind
from storage.models import AuditEntry, Handover, Organisation, Person
from storage.queries import handovers, organisations
from storage.queries.handovers import Holdings

HANDOVER_CARD = "handover"


def words_of(held: Holdings, contact_of: str, *, reader: ReadContext) -> list[str]:
    """What somebody holds, a line each, for that reader; ``contact_of`` is empty when they are no contact person."""
    t = reader.t
    lines = [t("contact person of {organisation}", organisation=contact_of)] if contact_of else []
    lines += [t("application to {mission}", mission=one.mission) for one in held.applications]
    for one in held.meetings:
        if one.starts_at is None:
            lines.append(t("meeting with {name}", name=one.other))
        else:
            when = t.moment(one.starts_at, ZoneInfo(one.zone), reader=reader.zone)
            lines.append(t("meeting with {name}, {when}", name=one.other, when=when))
    return lines


async def contact_name(ctx: ReadContext, person: Person) -> str:
    """The organisation that they are the contact of; empty when there is none."""
    speaks_for = await organisations.speaks_for(ctx.session, person)
    row = await ctx.session.get(Organisation, speaks_for) if speaks_for is not None else None
    return row.name if row else ""


async def leave(ctx: Context, person_id: int, *, colleague_id: int | None, gone: bool) -> tuple[str, str]:
    """Somebody leaves their organisation, or the staff say that they have.

    Args:
        ctx: who acts: they themselves, or the staff.
        person_id: who leaves.
        colleague_id: who is asked to take over what they hold.
        gone: whether they leave the community too; only they themselves can say so.

    Returns:
        The organisation's name, and the colleague's.

    Raises:
        Refusal: they belong to none (any more), or the colleague is none.
    """
    t = ctx.t
    person = await lock(ctx.session, Person, Person.id, person_id)
    organisation_id = person.organisation_id if person is not None else None
    if person is None or person.status is not PersonStatus.MEMBER or organisation_id is None:
        raise Refusal(t("There is no organisation to leave (any more)."))
    row = await service.found(ctx, organisation_id)
    speaks = await organisations.speaks_for(ctx.session, person) == row.id
    held = await handovers.holdings(ctx.session, person.id, ctx.now)
    colleague = await ctx.session.get(Person, colleague_id) if colleague_id is not None else None
    if colleague_id is not None and (
        colleague is None
        or colleague.id == person.id
        or colleague.organisation_id != row.id
        or colleague.status is not PersonStatus.MEMBER
    ):
        raise Refusal(t("That colleague is no longer there. Please choose another one."))
    await organisations.drop_contact(ctx.session, person.id)
    person.organisation_id, person.organisation_claim, person.work_address = None, "", ""
    person.invited = False
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action="organisation.leave",
            subject_kind=SubjectKind.PERSON,
            subject_id=person.id,
            reason=row.name,
        )
    )
    if gone and person.id == ctx.me.id:
        person.status = PersonStatus.LEFT
    await ctx.session.flush()
    if colleague is not None and (speaks or held):
        await _offer(ctx, row, person, colleague, contact=speaks)
    elif speaks or held:
        await _tell_staff(ctx, person, row, None, held, contact=speaks)
    if person.id != ctx.me.id:
        data = {"organisation": row.name, "by": ctx.me.name}
        await notify(ctx, person.id, "organisations.left", dedup=None, data=data)
    if person.status is PersonStatus.MEMBER:
        await ask_staff(ctx, person, organisation_id=None, claim="", left_from=row.name)
    return row.name, colleague.name if colleague else ""


async def _offer(ctx: Context, row: Organisation, person: Person, colleague: Person, *, contact: bool) -> None:
    handover = Handover(
        organisation_id=row.id,
        from_person_id=person.id,
        to_person_id=colleague.id,
        contact=contact,
        created_at=ctx.now,
    )
    ctx.session.add(handover)
    await ctx.session.flush()
    data = {"handover": handover.id}
    await notify(ctx, colleague.id, "organisations.handover", dedup=f"handover:{handover.id}", data=data)


async def _tell_staff(
    ctx: Context, person: Person, row: Organisation, colleague: Person | None, held: Holdings, *, contact: bool
) -> None:
    await notify_all(
        ctx,
        await staff_ids(ctx),
        "organisations.handed_over",
        data={
            "person": person.id,
            "organisation": row.id,
            "colleague": colleague.id if colleague else 0,
            "contact": contact,
            "applications": [one.id for one in held.applications],
            "meetings": [one.id for one in held.meetings],
        },
    )


async def answer(ctx: Context, handover_id: int, *, take: bool) -> tuple[str, list[str], int]:
    """The colleague takes over, or cannot. The first answer counts.

    Returns:
        Who had held it, what went over, and how many things could not.

    Raises:
        Refusal: it is answered, gone, or another's; or they belong elsewhere meanwhile.
    """
    t = ctx.t
    handover = await lock(ctx.session, Handover, Handover.id, handover_id)
    if handover is None or handover.to_person_id != ctx.me.id:
        raise Refusal(t("There is nothing to take over here (any more)."))
    if handover.state is not HandoverState.OFFERED:
        raise Refusal(t("You have answered this already."))
    row = await service.found(ctx, handover.organisation_id)
    # Both are held, in the order of their ids, so that nothing of theirs changes meanwhile.
    for one in sorted((handover.from_person_id, ctx.me.id)):
        await lock(ctx.session, Person, Person.id, one)
    person = await ctx.session.get_one(Person, handover.from_person_id)
    if take and ctx.me.organisation_id != row.id:
        raise Refusal(t("You belong to another organisation now, so this can't go to you."))
    handover.state = HandoverState.ACCEPTED if take else HandoverState.DECLINED
    handover.answered_at = ctx.now
    await refresh_card(ctx, CardKey(HANDOVER_CARD, handover.id), but=ctx.event.message if take else None)
    contact = handover.contact and await organisations.contact_of(ctx.session, row.id) is None
    if not take:
        held = await handovers.holdings(ctx.session, person.id, ctx.now)
        await _tell_staff(ctx, person, row, None, held, contact=contact)
        return person.name, [], 0
    if contact:
        await organisations.set_contact(ctx.session, row.id, ctx.me.id, ctx.now)
    over = await handovers.hand_over(ctx.session, person.id, ctx.me.id, ctx.now)
    for meeting in over.meetings:
        await notify(
            ctx,
            meeting.other_id,
            "organisations.substitute",
            dedup=f"substitute:{handover.id}:{meeting.id}",
            data={
                "gone": person.name,
                "colleague": ctx.me.name,
                "starts_at": meeting.starts_at.isoformat() if meeting.starts_at else "",
                "zone": meeting.zone,
            },
        )
        await refresh_card(ctx, CardKey("meeting", meeting.id))
    went = Holdings(over.applications, over.meetings)
    await _tell_staff(ctx, person, row, ctx.me, went, contact=contact)
    return person.name, words_of(went, row.name if contact else "", reader=ctx), over.left
