"""Requests to join, and to belong elsewhere, as all staff see them: the first answer takes the buttons away."""

from sqlalchemy import select

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.organisation_requests import MOVE_CARD
from handlers.conversation.screen import Screen
from handlers.identity import screens
from handlers.identity.service import REQUEST_CARD, profile_of
from storage.enums import PersonStatus, RequestState, SubjectKind
from storage.models import AuditEntry, Organisation, OrganisationRequest, Person
from storage.queries import identity, organisations


@card(REQUEST_CARD)
async def request_screen(ctx: ReadContext, person_id: int) -> Screen | None:
    """A request, and who answered it how."""
    profile = await profile_of(ctx, person_id)
    if profile is None:
        return None
    return screens.request(profile, await _decided(ctx, profile), t=ctx.t)


async def _decided(ctx: ReadContext, profile: screens.Profile) -> str:
    if profile.status in {PersonStatus.WAITING, PersonStatus.JOINING}:
        return ""
    entry = (
        await ctx.session.execute(
            select(Person.name)
            .join(AuditEntry, AuditEntry.by_person_id == Person.id)
            .where(
                AuditEntry.subject_kind == SubjectKind.PERSON,
                AuditEntry.subject_id == profile.person_id,
                AuditEntry.action.in_(["join.approve", "join.refuse"]),
            )
            .order_by(AuditEntry.id.desc())
            .limit(1)
        )
    ).scalar_one_or_none()
    if profile.status is PersonStatus.ERASED and entry is None:
        return ctx.t("No longer here")
    if entry is None and profile.status is not PersonStatus.REFUSED:
        return ctx.t("✓ In, by the organisation's address or invitation")
    who = entry or ctx.community.name
    if profile.status is PersonStatus.REFUSED:
        return ctx.t("✗ Not accepted, by {who}", who=who)
    return ctx.t("✓ Accepted by {who}", who=who)


@card(MOVE_CARD)
async def move_screen(ctx: ReadContext, request_id: int) -> Screen | None:
    """A member's wish to belong elsewhere, and who answered it how."""
    row = await ctx.session.get(OrganisationRequest, request_id)
    person = await identity.with_organisation(ctx.session, row.person_id) if row else None
    if row is None or person is None:
        return None
    house = await ctx.session.get(Organisation, row.organisation_id) if row.organisation_id else None
    seats = ""
    if house is not None and house.seats is not None:
        taken = await organisations.count_members(ctx.session, house.id)
        seats = ctx.t("{taken} of {seats} taken", taken=taken, seats=house.seats)
    move = screens.Move(
        request_id=row.id,
        person=person.name,
        now_at=person.organisation.name if person.organisation else "",
        wanted=house.name if house else row.claim,
        left_from=row.left_from,
        seats=seats,
        work_address=person.work_address,
    )
    return screens.move_request(move, await _answered(ctx, row, person), t=ctx.t)


async def _answered(ctx: ReadContext, row: OrganisationRequest, person: Person) -> str:
    if row.state is RequestState.WAITING and person.status is PersonStatus.MEMBER:
        return ""
    if row.state in {RequestState.SETTLED, RequestState.WAITING}:
        return ctx.t("✓ No answer needed any more")
    decider = await ctx.session.get(Person, row.decided_by) if row.decided_by else None
    who = decider.name if decider else ctx.community.name
    if row.state is RequestState.DECLINED:
        return ctx.t("✗ Not accepted, by {who}", who=who)
    return ctx.t("✓ Accepted by {who}", who=who)
