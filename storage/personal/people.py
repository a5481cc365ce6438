"""Members: accounts, profile, roles, consents, codes."""

from sqlalchemy import select

from storage.enums import DigestFrequency, Locale, PersonStatus, QuietChoice
from storage.models import (
    Account,
    CodeAttempt,
    Consent,
    Invite,
    LinkCode,
    Organisation,
    OrganisationSector,
    Person,
    PersonRole,
    PersonSector,
    Sector,
)
from storage.personal.terms import (
    ANONYMOUS,
    Chapter,
    Declared,
    Erase,
    Link,
    Moment,
    Period,
    columns,
    is_person,
)

PEOPLE = (
    Declared(
        model=Person,
        chapter=Chapter.PROFILE,
        says=columns(
            plain="status invited locale timezone notice_version notice_accepted_at joined_at created_at "
            "digest_frequency digest_weekday digest_hour next_digest_at last_digest_at channel quiet quiet_from "
            "quiet_until quiet_days quiet_weekends suspended_from",
            address="work_address",
            words="name organisation_claim job_title offers seeks languages",
            person="id",
            house="organisation_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(Person.id),
                export=(
                    Person.id,
                    Person.status,
                    Person.name,
                    Person.organisation_claim,
                    Person.job_title,
                    Person.offers,
                    Person.seeks,
                    Person.languages,
                    Person.locale,
                    Person.timezone,
                    Person.notice_version,
                    Person.notice_accepted_at,
                    Person.joined_at,
                    Person.created_at,
                    Person.digest_frequency,
                    Person.digest_weekday,
                    Person.digest_hour,
                    Person.next_digest_at,
                    Person.last_digest_at,
                    Person.work_address,
                    Person.channel,
                    Person.quiet,
                    Person.quiet_from,
                    Person.quiet_until,
                    Person.quiet_days,
                    Person.quiet_weekends,
                    Person.suspended_from,
                ),
                beside={
                    "organisation": lambda: (
                        select(Organisation.name).where(Organisation.id == Person.organisation_id).scalar_subquery()
                    )
                },
                erase=Erase.CHANGE,
                blank={
                    Person.status: PersonStatus.ERASED,
                    Person.name: ANONYMOUS,
                    Person.organisation_id: None,
                    Person.organisation_claim: "",
                    Person.invited: False,
                    Person.job_title: "",
                    Person.offers: "",
                    Person.seeks: "",
                    Person.languages: [],
                    Person.locale: Locale.ITALIAN,
                    Person.timezone: "UTC",
                    Person.notice_version: "",
                    Person.notice_accepted_at: Moment.ERASURE,
                    Person.joined_at: None,
                    Person.created_at: Moment.ERASURE,
                    Person.digest_frequency: DigestFrequency.OFF,
                    Person.digest_weekday: 0,
                    Person.work_address: "",
                    Person.channel: None,
                    Person.quiet: QuietChoice.DEFAULT,
                    Person.quiet_from: 0,
                    Person.quiet_until: 0,
                    Person.quiet_days: "",
                    Person.quiet_weekends: False,
                    Person.suspended_from: None,
                    Person.digest_hour: 0,
                    Person.next_digest_at: None,
                    Person.last_digest_at: None,
                },
            ),
        ),
        kept=Period.PERSON,
        why="The row stays as a number without a name, so that what is counted stays counted.",
    ),
    Declared(
        model=Account,
        chapter=Chapter.ACCOUNTS,
        says=columns(plain="id platform account reachable last_acted_at", person="person_id", address="user chat"),
        links=(
            Link(
                role="holder",
                rows=is_person(Account.person_id),
                export=(Account.platform, Account.user, Account.chat, Account.reachable, Account.last_acted_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Where somebody is written to; with it goes the only way back to who they were.",
    ),
    Declared(
        model=PersonSector,
        chapter=Chapter.PROFILE,
        says=columns(person="person_id", house="sector_id"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonSector.person_id),
                export=(PersonSector.sector_id,),
                beside={
                    "sector": lambda: (
                        select(Sector.name_en).where(Sector.id == PersonSector.sector_id).scalar_subquery()
                    )
                },
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Interests.",
    ),
    Declared(
        model=PersonRole,
        chapter=Chapter.PROFILE,
        says=columns(plain="role granted_at", person="person_id granted_by"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonRole.person_id),
                export=(PersonRole.role, PersonRole.granted_at),
                erase=Erase.DELETE,
            ),
            Link(
                role="granted by me",
                rows=is_person(PersonRole.granted_by),
                erase=Erase.CHANGE,
                blank={PersonRole.granted_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="What somebody may do, and who said so.",
    ),
    Declared(
        model=Consent,
        chapter=Chapter.CONSENTS,
        says=columns(plain="id purpose given text_version locale platform at", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(Consent.person_id),
                export=(
                    Consent.purpose,
                    Consent.given,
                    Consent.text_version,
                    Consent.locale,
                    Consent.platform,
                    Consent.at,
                ),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="The proof of each consent; it proves nothing of anybody once the person is a number.",
    ),
    Declared(
        model=Invite,
        chapter=Chapter.SECURITY,
        says=columns(
            plain="id created_at expires_at uses uses_left revoked_at",
            person="created_by",
            digest="code_hash hint",
            house="organisation_id",
        ),
        links=(
            Link(
                role="made by me",
                rows=is_person(Invite.created_by),
                export=(Invite.created_at, Invite.expires_at, Invite.uses_left),
                erase=Erase.CHANGE,
                blank={Invite.created_by: None},
            ),
        ),
        kept=Period.CODES,
        why="An organisation's code; it goes on working without its maker.",
    ),
    Declared(
        model=LinkCode,
        chapter=Chapter.SECURITY,
        says=columns(plain="id platform created_at expires_at used_at", person="person_id", digest="code_hash"),
        links=(
            Link(
                role="self",
                rows=is_person(LinkCode.person_id),
                export=(LinkCode.platform, LinkCode.created_at, LinkCode.expires_at, LinkCode.used_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.CODES,
        why="A one-time code.",
    ),
    Declared(
        model=CodeAttempt,
        chapter=Chapter.SECURITY,
        says=columns(plain="id use at", digest="digest"),
        links=(
            Link(
                role="tried",
                rows=lambda who: CodeAttempt.digest.in_(who.digests),
                export=(CodeAttempt.use, CodeAttempt.at),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.ATTEMPTS,
        why="Wrong codes, by a digest of the account.",
    ),
    Declared(
        model=Sector,
        chapter=Chapter.NONE,
        says=columns(plain="id key position active", house="name_it name_en"),
        kept=Period.COMMUNITY,
        why="The community's vocabulary.",
    ),
    Declared(
        model=Organisation,
        chapter=Chapter.NONE,
        says=columns(plain="id category seats active", house="name city domains about_it about_en"),
        kept=Period.COMMUNITY,
        why="Organisations are not people.",
    ),
    Declared(
        model=OrganisationSector,
        chapter=Chapter.NONE,
        says=columns(house="organisation_id sector_id"),
        kept=Period.COMMUNITY,
        why="Organisations are not people.",
    ),
)
