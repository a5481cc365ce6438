"""Who joins, and how: by invitation, by a work address, or by asking the staff."""

from enum import Enum

from handlers.conversation.codes import ATTEMPT_WINDOW, INVITE_ATTEMPTS
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.conversation.privacy_notice import CONSENT_VERSION, NOTICE_VERSION
from handlers.conversation.texts import PLATFORM_NAMES
from handlers.identity.screens import Profile
from storage.engine import lock
from storage.enums import CodeUse, ConsentPurpose, Locale, OrganisationCategory, PersonStatus, SubjectKind
from storage.models import Account, AuditEntry, CodeAttempt, Invite, Organisation, Person
from storage.queries import consents, identity, lists, organisations, people
from storage.queries.digests import schedule_first

REQUEST_CARD = "join"


class Entry(Enum):
    """What an invitation does for somebody."""

    NONE = "none"  # there is no invitation
    OPEN = "open"  # it lets them in
    FULL = "full"  # it is good, but the organisation's places are taken: the staff decide
    WRONG = "wrong"  # it is not valid, or no longer
    BLOCKED = "blocked"  # too many wrong ones came from this account


async def note_attempt(ctx: Context, use: CodeUse, digest: str) -> None:
    """Count something that has a limit."""
    ctx.session.add(CodeAttempt(use=use, digest=digest, at=ctx.now))
    await ctx.session.flush()


def account_digest(ctx: Context) -> str:
    """What stands for the account that acts."""
    address = ctx.event.address
    return ctx.community.codes.account(address.platform, address.account, ctx.event.user)


async def look_at_invitation(ctx: Context, code: str) -> tuple[Entry, Invite | None, Organisation | None]:
    """What an invitation would do, without using it up; wrong ones are counted, and after too many none is looked at.

    The invitation is held until the end of the transaction, so that two do not take its last use.
    """
    if not code:
        return Entry.NONE, None, None
    who = account_digest(ctx)
    if await identity.attempts(ctx.session, CodeUse.INVITE, who, ctx.now - ATTEMPT_WINDOW) >= INVITE_ATTEMPTS:
        return Entry.BLOCKED, None, None
    invite = await identity.live_invite(ctx.session, ctx.community.codes.digest(code), ctx.now, hold=True)
    if invite is None:
        await note_attempt(ctx, CodeUse.INVITE, who)
        return Entry.WRONG, None, None
    organisation = await ctx.session.get_one(Organisation, invite.organisation_id)
    free = await has_seat(ctx, organisation)
    return (Entry.OPEN if free else Entry.FULL), invite, organisation


async def has_seat(ctx: ReadContext, organisation: Organisation) -> bool:
    """Whether an organisation may have one more member by invitation or address."""
    if organisation.seats is None:
        return True
    return await organisations.count_members(ctx.session, organisation.id) < organisation.seats


async def agree(ctx: Context, locale: Locale, code: str) -> tuple[Person, Entry]:
    """Somebody accepted the notice: from here on they are known. Pressing twice changes nothing."""
    if ctx.person is not None:
        return ctx.person, Entry.NONE
    entry, invite, organisation = await look_at_invitation(ctx, code)
    if invite is not None and entry is Entry.OPEN:
        invite.uses_left -= 1
    person = Person(
        status=PersonStatus.JOINING,
        name="",
        organisation_id=organisation.id if organisation else None,
        invited=entry is Entry.OPEN,
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
    ctx.account = new_account(ctx, person.id)
    ctx.session.add(ctx.account)
    await ctx.session.flush()
    ctx.person, ctx.locale = person, locale
    return person, entry


def new_account(ctx: Context, person_id: int) -> Account:
    """The account that acts, as this person's."""
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
    asked = await organisations.waiting_request(ctx.session, person.id)
    wanted = ""
    if asked is not None:
        house = await ctx.session.get(Organisation, asked.organisation_id) if asked.organisation_id else None
        wanted = house.name if house else asked.claim
    seats = ""
    if person.organisation is not None and person.organisation.seats is not None:
        taken = await organisations.count_members(ctx.session, person.organisation.id)
        seats = ctx.t("{taken} of {seats} taken", taken=taken, seats=person.organisation.seats)
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
        topics=[ctx.t.of(topic, "name") for topic in await identity.interests_of(ctx.session, person.id)],
        languages=[ctx.t.language(code) for code in person.languages],
        work_address=person.work_address,
        known_organisation=person.organisation_id is not None,
        seats=seats,
        wanted=wanted,
    )


async def complete_profile(ctx: Context) -> None:
    """The profile is filled in: whoever an organisation let in is a member, the others wait for the staff."""
    person = ctx.me
    if person.status is not PersonStatus.JOINING:
        return
    if person.invited and person.organisation_id is not None and await take_seat(ctx, person, person.organisation_id):
        return
    person.status = PersonStatus.WAITING
    await ctx.session.flush()
    await tell_staff_of_request(ctx, person)


async def tell_staff_of_request(ctx: Context, person: Person) -> None:
    """Every member of the staff gets the request, once."""
    staff = await people.people_with(ctx.session, sorted(ROLES_FOR[Permission.STAFF]))
    await notify_all(
        ctx, staff, "identity.request", dedup=lambda one: f"join:{person.id}:{one}", data={"person": person.id}
    )


async def take_seat(ctx: Context, person: Person, organisation_id: int) -> bool:
    """Make somebody a member of an organisation that lets them in, if it has a place left.

    The organisation is held while its members are counted, so that two cannot take the last place. When it is full, or
    takes nobody any more, they need the staff's answer from here on, and the staff are told.
    """
    organisation = await lock(ctx.session, Organisation, Organisation.id, organisation_id)
    if organisation is not None and organisation.active and await has_seat(ctx, organisation):
        person.organisation_id, person.organisation_claim = organisation.id, ""
        await admit(ctx, person)
        return True
    person.invited = False
    await ctx.session.flush()
    return False


async def admit(ctx: Context, person: Person) -> None:
    """They are a member from now on."""
    person.status = PersonStatus.MEMBER
    if person.joined_at is None:
        person.joined_at = ctx.now
        schedule_first(person, ctx.now)
    await ctx.session.flush()


async def decide(
    ctx: Context, person_id: int, *, accept: bool, reason: str = "", organisation_id: int | None = None
) -> str:
    """Staff answer a request to join. The first answer counts; returns what to tell who pressed.

    Args:
        ctx: whose person decides.
        person_id: who asked.
        accept: the answer.
        reason: why not; they read it.
        organisation_id: where they belong, when the staff know better than the request.
    """
    person = await lock(ctx.session, Person, Person.id, person_id)
    if person is None:
        raise Refusal(ctx.t("This request is no longer there."))
    if person.status is not PersonStatus.WAITING:
        await refresh_card(ctx, CardKey(REQUEST_CARD, person_id))
        return ctx.t("Somebody has answered this request already.")
    if accept:
        if organisation_id is not None:
            person.organisation_id = organisation_id
        elif person.organisation_id is None and person.organisation_claim:
            person.organisation_id = await organisation_named(ctx, person.organisation_claim)
        person.organisation_claim = ""
        await admit(ctx, person)
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


async def organisation_named(ctx: Context, name: str) -> int:
    """The organisation of that name, today's or a former one; a new one where there is none."""
    known = await organisations.named(ctx.session, name)
    if known is not None:
        return known.id
    organisation = Organisation(name=name, category=OrganisationCategory.COMPANY)
    ctx.session.add(organisation)
    await ctx.session.flush()
    return organisation.id


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
