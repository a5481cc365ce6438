"""Who joins, under which code, and which accounts are one person."""

from handlers.conversation.codes import (
    ATTEMPT_WINDOW,
    ATTEMPTS,
    LINK_LENGTH,
    LINK_LIFE,
    code_hash,
    new_code,
    user_hash,
)
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.conversation.privacy_notice import CONSENT_VERSION, NOTICE_VERSION
from handlers.conversation.texts import PLATFORM_NAMES
from handlers.identity.screens import Profile
from storage.engine import lock
from storage.enums import ConsentPurpose, Locale, OrganisationCategory, PersonStatus, SubjectKind
from storage.models import Account, AuditEntry, CodeAttempt, LinkCode, Organisation, Person
from storage.queries import consents, identity, lists, people
from storage.queries.digests import schedule_first

REQUEST_CARD = "join"


async def inviting_organisation(ctx: ReadContext, code: str) -> str:
    """The organisation whose invite this code is; empty when it is none."""
    if not code:
        return ""
    invite = await identity.live_invite(ctx.session, code_hash(code), ctx.now)
    if invite is None:
        return ""
    organisation = await ctx.session.get(Organisation, invite.organisation_id)
    return organisation.name if organisation else ""


async def agree(ctx: Context, locale: Locale, code: str) -> Person:
    """Somebody accepted the notice: from here on they are known. Pressing twice changes nothing."""
    if ctx.person is not None:
        return ctx.person
    invite = await identity.live_invite(ctx.session, code_hash(code), ctx.now, hold=True) if code else None
    if invite is not None:
        invite.uses_left -= 1
    person = Person(
        status=PersonStatus.JOINING,
        name="",
        organisation_id=invite.organisation_id if invite else None,
        invited=invite is not None,
        locale=locale,
        timezone=ctx.community.zone.key,
        notice_version=NOTICE_VERSION,
        notice_accepted_at=ctx.now,
        created_at=ctx.now,
    )
    ctx.session.add(person)
    await ctx.session.flush()
    if invite is not None:
        await lists.claim(ctx.session, invite.id, person)
    ctx.account = _new_account(ctx, person.id)
    ctx.session.add(ctx.account)
    await ctx.session.flush()
    ctx.person, ctx.locale = person, locale
    return person


def _new_account(ctx: Context, person_id: int) -> Account:
    address = ctx.event.address
    return Account(
        platform=address.platform,
        account=address.account,
        user=ctx.event.user,
        chat=ctx.event.user if ":" in address.chat else address.chat,
        person_id=person_id,
        last_acted_at=ctx.now,
    )


async def profile_of(ctx: ReadContext, person_id: int) -> Profile | None:
    """A person as their profile shows them."""
    person = await identity.with_organisation(ctx.session, person_id)
    if person is None:
        return None
    return Profile(
        person_id=person.id,
        name=person.name,
        organisation=person.organisation.name if person.organisation else person.organisation_claim,
        job_title=person.job_title,
        sectors=[ctx.t.of(sector, "name") for sector in await identity.sectors_of(ctx.session, person.id)],
        offers=person.offers,
        seeks=person.seeks,
        status=person.status,
        platforms=[PLATFORM_NAMES[one.platform] for one in await identity.accounts_of(ctx.session, person.id)],
    )


async def complete_profile(ctx: Context) -> None:
    """The profile is filled in: the invited are members, the others wait for the staff."""
    person = ctx.me
    if person.status is not PersonStatus.JOINING:
        return
    if person.invited and person.organisation_id is not None:
        await _admit(ctx, person)
        return
    person.status = PersonStatus.WAITING
    await ctx.session.flush()
    staff = await people.people_with(ctx.session, sorted(ROLES_FOR[Permission.STAFF]))
    await notify_all(
        ctx, staff, "identity.request", dedup=lambda one: f"join:{person.id}:{one}", data={"person": person.id}
    )


async def _admit(ctx: Context, person: Person) -> None:
    person.status = PersonStatus.MEMBER
    person.joined_at = ctx.now
    schedule_first(person, ctx.now)
    await ctx.session.flush()


async def decide(ctx: Context, person_id: int, *, accept: bool, reason: str = "") -> str:
    """Staff answer a request to join. The first answer counts; returns what to tell who pressed."""
    person = await lock(ctx.session, Person, Person.id, person_id)
    if person is None:
        raise Refusal(ctx.t("This request is no longer there."))
    if person.status is not PersonStatus.WAITING:
        await refresh_card(ctx, CardKey(REQUEST_CARD, person_id))
        return ctx.t("Somebody has answered this request already.")
    if accept:
        if person.organisation_id is None and person.organisation_claim:
            person.organisation_id = await _organisation_named(ctx, person.organisation_claim)
        await _admit(ctx, person)
    else:
        person.status = PersonStatus.REFUSED
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action="join.approve" if accept else "join.refuse",
            subject_kind=SubjectKind.PERSON,
            subject_id=person.id,
            reason=reason,
        )
    )
    await ctx.session.flush()
    kind = "identity.joined" if accept else "identity.refused"
    await notify(ctx, person.id, kind, dedup=f"joined:{person.id}:{accept}", data={} if accept else {"reason": reason})
    await refresh_card(ctx, CardKey(REQUEST_CARD, person_id))
    name = person.name.split()[0] if person.name else ""
    return ctx.t("{name} is in.", name=name) if accept else ctx.t("{name} was told.", name=name)


async def _organisation_named(ctx: Context, name: str) -> int:
    for known in await identity.organisations(ctx.session):
        if known.name.casefold() == name.casefold():
            return known.id
    organisation = Organisation(name=name, category=OrganisationCategory.COMPANY)
    ctx.session.add(organisation)
    await ctx.session.flush()
    return organisation.id


async def new_link_code(ctx: Context) -> str:
    """A fresh one-time code for linking another platform; earlier ones stop working."""
    await identity.drop_link_codes(ctx.session, ctx.me.id)
    code = new_code(LINK_LENGTH)
    ctx.session.add(
        LinkCode(
            code_hash=code_hash(code),
            person_id=ctx.me.id,
            platform=ctx.event.address.platform,
            created_at=ctx.now,
            expires_at=ctx.now + LINK_LIFE,
        )
    )
    return code


async def read_link_code(ctx: Context, code: str) -> tuple[LinkCode, Person]:
    """The code's owner, or a refusal; wrong codes are counted, too many close the door for an hour.

    Raises:
        Refusal: the code cannot be used here.
    """
    address, t = ctx.event.address, ctx.t
    who = user_hash(address.platform, address.account, ctx.event.user)
    since = ctx.now - ATTEMPT_WINDOW
    if await identity.wrong_codes(ctx.session, address.platform, address.account, who, since) >= ATTEMPTS:
        raise Refusal(t("Too many wrong codes. Please wait an hour, then ask for a new one."))
    found = await identity.live_link_code(ctx.session, code_hash(code), ctx.now)
    owner = await ctx.session.get(Person, found.person_id) if found else None
    if found is None or owner is None:
        raise WrongCodeError
    if ctx.person is not None and ctx.person.id == owner.id:
        raise Refusal(t("This account is linked to that profile already."))
    if ctx.person is not None:
        raise Refusal(t("This account belongs to another profile. I never merge two people; the staff can help you."))
    for account in await identity.accounts_of(ctx.session, owner.id):
        if account.platform is address.platform and account.account == address.account:
            raise Refusal(
                t(
                    "{platform} is linked to that profile with another account.",
                    platform=PLATFORM_NAMES[address.platform],
                )
            )
    return found, owner


class WrongCodeError(Exception):
    """The code does not exist, was used, or has run out: one answer for all three, so nothing can be learnt."""


def note_wrong_code(ctx: Context) -> None:
    """Count a wrong code."""
    address = ctx.event.address
    ctx.session.add(
        CodeAttempt(
            platform=address.platform,
            account=address.account,
            user_hash=user_hash(address.platform, address.account, ctx.event.user),
            at=ctx.now,
        )
    )


async def link(ctx: Context, code: str) -> Person:
    """Make this account the same person as the code's owner.

    Raises:
        Refusal: it cannot be.
        WrongCodeError: no such code.
    """
    found, owner = await read_link_code(ctx, code)
    found.used_at = ctx.now
    await notify(
        ctx,
        owner.id,
        "identity.linked",
        dedup=f"linked:{found.id}",
        data={"platform": ctx.event.address.platform.value},
    )
    ctx.account = _new_account(ctx, owner.id)
    ctx.session.add(ctx.account)
    await ctx.session.flush()
    ctx.person, ctx.locale = owner, owner.locale
    return owner


async def record_consents(ctx: Context, allowed: list[str]) -> None:
    """Keep what the profile's form said about each purpose."""
    await consents.record(
        ctx.session,
        ctx.me.id,
        {purpose: purpose.value in allowed for purpose in ConsentPurpose},
        version=CONSENT_VERSION,
        locale=ctx.locale,
        platform=ctx.event.address.platform,
        now=ctx.now,
    )
