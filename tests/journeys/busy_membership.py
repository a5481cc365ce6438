"""The same busy person among members: in the directory, on lists, by e-mail, with the staff."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import (
    CodeUse,
    HandoverState,
    ImportState,
    IntroductionStatus,
    ListKind,
    Locale,
    MailState,
    RequestState,
    SubjectKind,
)
from storage.models import (
    Account,
    ActingSession,
    AddressCode,
    AuditEntry,
    CodeAttempt,
    DecisionHold,
    DigestItem,
    DirectoryEntry,
    DirectoryWord,
    Handover,
    ImportRun,
    Introduction,
    Mail,
    MemberRecord,
    Organisation,
    OrganisationContact,
    OrganisationRequest,
    Person,
    PersonBlock,
    PersonInterest,
    PersonReport,
    Topic,
)

WORDS = (
    "recapito-malachite@example.org", "messaggio-tarassaco", "segnalazione-ginepro", "lavoro-ambra@example.org",
    "pretende-opalina", "viene-topazina", "rifiuto-acquamarina", "lista-genziana", "matricola-stellaalpina",
    "agisce-rododendro", "lettera-bergamotta", "elenco-fiordaliso", "fatto-malvarosa",
)  # fmt: skip
"""What she wrote, or what was written about her: each stands nowhere else."""


async def belongs(session: AsyncSession, me: int, other: int, *, digest: str, now: datetime) -> None:
    """Fill the tables of membership, directory and staff with what is hers."""
    house = (await session.execute(select(Organisation.id).limit(1))).scalar_one()
    topic = Topic(key="busy", name_it="Tema", name_en="Topic")
    meeting = Introduction(
        asker_id=me, asked_id=other, first_id=min(me, other), second_id=max(me, other), message=WORDS[1],
        status=IntroductionStatus.ACCEPTED, asker_contact=WORDS[0], created_at=now, expires_at=now + timedelta(days=14),
    )  # fmt: skip
    hers = (await session.execute(select(Account.id).where(Account.person_id == other).limit(1))).scalar_one()
    acting = ActingSession(
        staff_id=other, person_id=me, account_id=hers, reason=WORDS[9], began_at=now, ends_at=now, ended_at=now,
        told_at=now,
    )  # fmt: skip
    session.add_all([topic, meeting, acting])
    await session.flush()
    await session.execute(update(Person).where(Person.id == me).values(work_address=WORDS[3]))
    session.add_all(
        [
            CodeAttempt(use=CodeUse.LINK, digest=digest, at=now),
            PersonInterest(person_id=me, topic_id=topic.id),
            PersonBlock(person_id=me, blocked_id=other, at=now),
            PersonReport(by_person_id=me, about_person_id=other, introduction_id=meeting.id, reason=WORDS[2], at=now),
            DirectoryWord(person_id=me, word="ninfea", weight=1),
            DigestItem(person_id=me, kind="event.invitation", data={"words": WORDS[12]}, at=now),
            AddressCode(person_id=me, address=WORDS[3], nonce="n" * 32, created_at=now, expires_at=now),
            Mail(
                person_id=me, kind="identity.code", address=WORDS[3], locale=Locale.ITALIAN, data={"words": WORDS[10]},
                message_id="<1@busy>", state=MailState.FAILED, created_at=now, due_at=now, expires_at=now,
                finished_at=now,
            ),
            OrganisationRequest(
                person_id=me, claim=WORDS[4], left_from=WORDS[5], state=RequestState.DECLINED, created_at=now,
                decided_by=other, decided_at=now, reason=WORDS[6],
            ),
            Handover(
                organisation_id=house, from_person_id=me, to_person_id=other, state=HandoverState.OFFERED,
                created_at=now,
            ),
            MemberRecord(
                external_id=WORDS[8], work_email=WORDS[11], organisation_id=house, locale=Locale.ITALIAN, person_id=me,
                created_at=now,
            ),
            ImportRun(
                kind=ListKind.MEMBERS, by_person_id=me, file={}, content={"words": WORDS[7]},
                state=ImportState.DISCARDED, created_at=now,
            ),
            DecisionHold(kind="join", subject_id=999, person_id=me, taken_at=now),
            DecisionHold(kind="join", subject_id=998, person_id=other, taken_at=now, given_by=me),
            AuditEntry(
                at=now, by_person_id=other, action="acting.did", subject_kind=SubjectKind.EVENT, subject_id=1,
                reason=WORDS[9], acting_id=acting.id,
            ),
        ]
    )  # fmt: skip
    await session.merge(OrganisationContact(organisation_id=house, person_id=me, since=now))
    await session.merge(DirectoryEntry(person_id=me, contact=WORDS[0], changed_at=now))
