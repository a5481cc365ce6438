"""Belonging to another organisation: at once where its invitation or address shows it, else by the staff's answer."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, refresh_card
from handlers.conversation.organisation_requests import MOVE_CARD, ask_staff, settle, staff_ids
from handlers.identity import service
from storage.engine import lock
from storage.enums import PersonStatus, RequestState, SubjectKind
from storage.models import AuditEntry, Organisation, OrganisationRequest, Person
from storage.queries import organisations


async def show_request_anew(ctx: ReadContext, person: Person) -> None:
    """What the staff see of a request to join has changed."""
    await refresh_card(ctx, CardKey(service.REQUEST_CARD, person.id))


async def move(ctx: Context, person: Person, organisation: Organisation) -> bool:
    """A member shows that they belong to an organisation. False when it is full: then the staff are asked."""
    if person.organisation_id == organisation.id:
        await settle(ctx, person.id)
        return True
    if not await service.take_seat(ctx, person, organisation.id):
        await ask_staff(ctx, person, organisation_id=organisation.id, claim="")
        return False
    await organisations.drop_contact(ctx.session, person.id)
    await forget_former_address(ctx, person)
    await settle(ctx, person.id)
    return True


async def forget_former_address(ctx: Context, person: Person) -> None:
    """An address of the organisation that they came from proves nothing any more; one of nobody's domain is kept."""
    if person.work_address:
        owner = await organisations.of_domain(ctx.session, person.work_address.rpartition("@")[2])
        if owner is not None and owner.id != person.organisation_id:
            person.work_address = ""
    await ctx.session.flush()


async def answer(
    ctx: Context, request_id: int, *, accept: bool, reason: str = "", organisation_id: int | None = None
) -> str:
    """Staff answer such a wish. The first answer counts; returns what to tell who pressed.

    Nobody answers their own, unless there is nobody else.
    """
    request = await lock(ctx.session, OrganisationRequest, OrganisationRequest.id, request_id)
    person = await ctx.session.get(Person, request.person_id) if request else None
    if request is None or person is None:
        raise Refusal(ctx.t("This request is no longer there."))
    if request.state is not RequestState.WAITING or person.status is not PersonStatus.MEMBER:
        await refresh_card(ctx, CardKey(MOVE_CARD, request_id))
        return ctx.t("Somebody has answered this request already.")
    if person.id == ctx.me.id and len(await staff_ids(ctx)) > 1:
        raise Refusal(ctx.t("This is about you: please leave it to a colleague."))
    name = ""
    if accept:
        target = organisation_id or request.organisation_id
        if target is None and not request.claim:
            raise Refusal(ctx.t("Please say which organisation: press “Choose the organisation”."))
        target = target or await service.organisation_named(ctx, request.claim)
        organisation = await ctx.session.get(Organisation, target)
        if organisation is None:
            raise Refusal(ctx.t("That organisation is no longer there."))
        name = organisation.name
        if person.organisation_id != organisation.id:
            await organisations.drop_contact(ctx.session, person.id)
        person.organisation_id, person.organisation_claim = organisation.id, ""
        await forget_former_address(ctx, person)
    request.state = RequestState.ACCEPTED if accept else RequestState.DECLINED
    request.decided_by, request.decided_at, request.reason = ctx.me.id, ctx.now, reason
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action="organisation.move" if accept else "organisation.keep",
            subject_kind=SubjectKind.PERSON,
            subject_id=person.id,
            reason=reason,
        )
    )
    await ctx.session.flush()
    await notify(
        ctx,
        person.id,
        "identity.moved",
        dedup=f"moved:{request.id}",
        data={"organisation": name, "reason": reason},
    )
    await refresh_card(ctx, CardKey(MOVE_CARD, request_id))
    return ctx.t("{name} was told.", name=person.name.split()[0] if person.name else "")
