"""The declarations of who belongs where: organisations, lists, codes by e-mail, and whom the staff act for."""

from storage.models import (
    ActingSession,
    AddressCode,
    DecisionHold,
    Handover,
    ImportRun,
    Mail,
    MemberRecord,
    OrganisationAlias,
    OrganisationContact,
    OrganisationRecord,
    OrganisationRequest,
    PersonInterest,
)
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, columns, is_person

MEMBERSHIP = (
    Declared(
        model=AddressCode,
        chapter=Chapter.SECURITY,
        says=columns(
            plain="id wrong created_at expires_at used_at", address="address", person="person_id", digest="nonce"
        ),
        links=(
            Link(
                role="self",
                rows=is_person(AddressCode.person_id),
                export=(AddressCode.address, AddressCode.created_at, AddressCode.expires_at, AddressCode.used_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.ATTEMPTS,
        why="A code sent to a work address; without the installation's key nobody can compute it.",
    ),
    Declared(
        model=Mail,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id kind locale message_id state created_at due_at expires_at attempts claim error finished_at",
            words="data",
            address="address",
            person="person_id",
        ),
        links=(
            Link(
                role="reader",
                rows=is_person(Mail.person_id),
                export=(Mail.kind, Mail.address, Mail.state, Mail.created_at, Mail.finished_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.OUTBOX,
        why="E-mails with codes; the address is emptied when one is settled.",
    ),
    Declared(
        model=OrganisationAlias,
        chapter=Chapter.NONE,
        says=columns(house="name organisation_id"),
        kept=Period.COMMUNITY,
        why="Organisations are not people.",
    ),
    Declared(
        model=OrganisationRecord,
        chapter=Chapter.NONE,
        says=columns(house="organisation_id external_id vat_number"),
        kept=Period.COMMUNITY,
        why="Under which keys a list from outside knows an organisation.",
    ),
    Declared(
        model=OrganisationContact,
        chapter=Chapter.PROFILE,
        says=columns(plain="since", person="person_id", house="organisation_id"),
        links=(
            Link(
                role="self",
                rows=is_person(OrganisationContact.person_id),
                export=(OrganisationContact.organisation_id, OrganisationContact.since),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Who speaks for an organisation.",
    ),
    Declared(
        model=OrganisationRequest,
        chapter=Chapter.PROFILE,
        says=columns(
            plain="id state created_at decided_at",
            words="claim left_from reason",
            person="person_id decided_by",
            house="organisation_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(OrganisationRequest.person_id),
                export=(
                    OrganisationRequest.claim,
                    OrganisationRequest.left_from,
                    OrganisationRequest.state,
                    OrganisationRequest.created_at,
                    OrganisationRequest.decided_at,
                    OrganisationRequest.reason,
                ),
                erase=Erase.DELETE,
            ),
            Link(
                role="decided by me",
                rows=is_person(OrganisationRequest.decided_by),
                export=(OrganisationRequest.state, OrganisationRequest.decided_at),
                erase=Erase.CHANGE,
                blank={OrganisationRequest.decided_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="A member's wish to belong to another organisation.",
    ),
    Declared(
        model=Handover,
        chapter=Chapter.PROFILE,
        says=columns(
            plain="id contact state created_at answered_at",
            person="from_person_id to_person_id",
            house="organisation_id",
        ),
        links=(
            Link(
                role="offered by me",
                rows=is_person(Handover.from_person_id),
                export=(Handover.state, Handover.created_at, Handover.answered_at),
                erase=Erase.DELETE,
            ),
            Link(
                role="offered to me",
                rows=is_person(Handover.to_person_id),
                export=(Handover.state, Handover.created_at, Handover.answered_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="What somebody who left an organisation offered a colleague.",
    ),
    Declared(
        model=PersonInterest,
        chapter=Chapter.PROFILE,
        says=columns(person="person_id", house="topic_id"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonInterest.person_id),
                export=(PersonInterest.topic_id,),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="The topics in a profile.",
    ),
    Declared(
        model=MemberRecord,
        chapter=Chapter.PROFILE,
        says=columns(
            plain="id locale invite_id created_at expires_at",
            words="name job_title",
            address="work_email external_id",
            person="person_id",
            house="organisation_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(MemberRecord.person_id),
                export=(MemberRecord.external_id, MemberRecord.work_email, MemberRecord.created_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Under which keys a list of members knows somebody; until they join, what is needed to invite them.",
    ),
    Declared(
        model=ImportRun,
        chapter=Chapter.DECISIONS,
        says=columns(
            plain="id kind fingerprint state created_at tries", words="content", address="file", person="by_person_id"
        ),
        links=(
            Link(
                role="sent by me",
                rows=is_person(ImportRun.by_person_id),
                export=(ImportRun.kind, ImportRun.state, ImportRun.created_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.ATTEMPTS,
        why="A list that was sent as a file, for a day at most.",
    ),
    Declared(
        model=ActingSession,
        chapter=Chapter.DECISIONS,
        says=columns(
            plain="id account_id began_at ends_at ended_at told_at", words="reason", person="staff_id person_id"
        ),
        links=(
            Link(
                role="done for me",
                rows=is_person(ActingSession.person_id),
                export=(ActingSession.reason, ActingSession.began_at, ActingSession.ended_at),
                erase=Erase.DELETE,
            ),
            Link(
                role="done by me",
                rows=is_person(ActingSession.staff_id),
                export=(ActingSession.began_at, ActingSession.ended_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="When one of the staff acted for somebody.",
    ),
    Declared(
        model=DecisionHold,
        chapter=Chapter.DECISIONS,
        says=columns(plain="kind subject_id taken_at", person="person_id given_by"),
        links=(
            Link(
                role="taken by me",
                rows=is_person(DecisionHold.person_id),
                export=(DecisionHold.kind, DecisionHold.subject_id, DecisionHold.taken_at),
                erase=Erase.DELETE,
            ),
            Link(
                role="handed on by me",
                rows=is_person(DecisionHold.given_by),
                export=(DecisionHold.kind, DecisionHold.subject_id),
                erase=Erase.CHANGE,
                blank={DecisionHold.given_by: None},
            ),
        ),
        kept=Period.SUBJECT,
        why="Who of the staff takes care of something that waits for a decision.",
    ),
)
