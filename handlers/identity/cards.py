"""The request to join, as every member of the staff sees it: the first answer takes the buttons away everywhere."""

from sqlalchemy import select

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.identity import screens
from handlers.identity.service import REQUEST_CARD, profile_of
from storage.enums import PersonStatus, SubjectKind
from storage.models import AuditEntry, Person


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
    who = entry or ctx.community.name
    if profile.status is PersonStatus.REFUSED:
        return ctx.t("✗ Not accepted, by {who}", who=who)
    return ctx.t("✓ Accepted by {who}", who=who)
