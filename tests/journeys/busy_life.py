"""Somebody who has used every feature: what they wrote is in every table, in others' chats and in the channel."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from storage.enums import (
    Answer,
    ApplicationStatus,
    ConsentPurpose,
    EventStatus,
    Locale,
    MeetingStatus,
    MissionStatus,
    OutboxState,
    PartyAnswer,
    Platform,
    Priority,
    Role,
    SlipAnswer,
    SubjectKind,
    TopicLevel,
)
from storage.models import (
    Account,
    Acknowledgement,
    Announcement,
    AnnouncementPlan,
    Application,
    AuditEntry,
    CardCopy,
    ChannelMember,
    CommunityEvent,
    Consent,
    DataExport,
    DigestLesson,
    DigestMention,
    Disclosure,
    DisclosureAnswer,
    DisclosureExport,
    Draft,
    EventAnswer,
    InboxEvent,
    Invite,
    LinkCode,
    Meeting,
    MeetingOffer,
    MeetingParty,
    MeetingStep,
    MeetingTable,
    Milestone,
    Mission,
    OutboxMessage,
    Person,
    PersonRole,
    PersonSector,
    PersonTopic,
    Post,
    RetentionNotice,
    SeatBooking,
    SecondPing,
    Sector,
    Slot,
    TableBooking,
)
from storage.post_topics import topic_of_author
from tests.journeys import busy_knowhow, busy_membership
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

NAME = "Zenobia Quarzofumè"
WORDS = (
    "offre-gelatinoscopia", "cerca-biancospinoso", "ruolo-crittografa", "pretesa-arcobalenica", "titolo-mirtilloso",
    "corpo-caleidoscopico", "argomento-lanternino", "bozza-pentagrammata", "risposta-zefirina", "obiettivo-tamarindo",
    "nota-ciclaminata", "proposta-girasolare", "motivo-palissandro", "tema-ossidianico", "passo-melograno",
    "modulo-trapezoidale", "grezzo-velocipede", "coda-marzapane", "ping-liquirizia", "telefono-0039335778",
    "copia-sassofrasso", "secondo-titolo-verbena", "secondo-corpo-elicriso",
    *busy_membership.WORDS,
    *busy_knowhow.WORDS,
)  # fmt: skip
"""What she wrote, or what was written about her: each stands nowhere else."""
KEPT_WITH_POSTS = ("titolo-mirtilloso", "corpo-caleidoscopico", "argomento-lanternino", "risposta-zefirina")
"""What stays when she leaves her posts."""


@dataclass(frozen=True, slots=True)
class Life:
    """The people of the story and what the story needs to know."""

    zenobia: PersonDriver
    marco: PersonDriver
    owner: PersonDriver
    future_event: int
    past_event: int
    post: int


async def busy_life(community: CommunityUnderTest) -> Life:
    """Zenobia has shared, answered, signed up, applied, met, been decided on and been written to."""
    owner = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    zenobia = await community.member(NAME)
    marco = await community.member("Marco Colombani")
    t = zenobia.t
    for title, body in ((WORDS[4], WORDS[5]), (WORDS[21], WORDS[22])):
        await zenobia.says("/share")
        await zenobia.fills(
            {
                t("Title"): title,
                t("What kind of post is it?"): "Buona pratica",
                t("Text"): f"{body} ricetta",
                t("Topics"): WORDS[6],
            }
        )
    await owner.presses(t("Approve"), within=WORDS[4])
    await marco.says("/share")
    await marco.fills(
        {t("Title"): "Domanda di Marco", t("What kind of post is it?"): "Domanda", t("Text"): "Chi conosce?"}
    )
    await owner.presses(t("Approve"), within="Domanda di Marco")
    async with community.app.database.reading() as session:
        marcos = (await session.execute(select(Post).where(Post.title == "Domanda di Marco"))).scalar_one().id
        hers = (await session.execute(select(Post).where(Post.title == WORDS[4]))).scalar_one().id
    await zenobia.sends_action(f"post.open:{marcos}")
    await zenobia.presses(t("Answer"), within="Domanda di Marco")
    await zenobia.fills({t("Your answer"): WORDS[8]})
    await marco.says("ricetta")  # a plain reply that shows her name
    await marco.sends_action(f"post.open:{hers}")
    await zenobia.says("/share")
    await zenobia.closes({t("Title"): WORDS[7]})
    await community.tick()
    future, past = await _rows(community, zenobia, marco, owner)
    return Life(zenobia, marco, owner, future, past, hers)


async def _rows(
    community: CommunityUnderTest, zenobia: PersonDriver, marco: PersonDriver, owner: PersonDriver
) -> tuple[int, int]:
    """What would take a year of journeys, written as the features write it."""
    now, me, platform = community.clock.now(), zenobia.id, community.platform
    account = community.app.adapters[0].account
    async with community.app.database.writing() as session:
        await session.execute(
            update(Person)
            .where(Person.id == me)
            .values(
                offers=WORDS[0], seeks=WORDS[1], job_title=WORDS[2], organisation_claim=WORDS[3], languages=["mi-zulu"]
            )
        )
        sector = (await session.execute(select(Sector).limit(1))).scalar_one()
        events = []
        for title, starts, status, capacity in (
            ("Visita al laboratorio", now + timedelta(days=9), EventStatus.PUBLISHED, 1),
            ("Aperitivo di marzo", now - timedelta(days=9), EventStatus.PUBLISHED, 0),
            (WORDS[11], now + timedelta(days=20), EventStatus.PROPOSED, 0),
        ):
            event = CommunityEvent(
                uid=f"{title}@test", title=title, zone="Europe/Rome", starts_wall="2018-04-12T17:30",
                ends_wall="2018-04-12T18:30", starts_at=starts, ends_at=starts + timedelta(hours=1), capacity=capacity,
                language=Locale.ITALIAN, status=status, organiser_id=me, created_at=now, published_at=now,
            )  # fmt: skip
            session.add(event)
            events.append(event)
        mission = Mission(
            title="MIXiii", place="Tel Aviv", first_day=datetime(2018, 5, 14, tzinfo=UTC).date(),
            last_day=datetime(2018, 5, 17, tzinfo=UTC).date(), zone="Asia/Jerusalem", deadline=now + timedelta(days=5),
            status=MissionStatus.OPEN, lead_id=me, created_at=now, opened_at=now,
        )  # fmt: skip
        announcement = Announcement(
            author_id=me, title_it="Avviso", text_it="Testo", fallback=Locale.ITALIAN, status="done", created_at=now,
        )  # fmt: skip
        session.add_all([mission, announcement])
        await session.flush()
        future, past, _ = (one.id for one in events)
        session.add_all(
            [
                EventAnswer(event_id=future, person_id=me, answer=Answer.GOING, asked_at=now),
                EventAnswer(event_id=future, person_id=marco.id, answer=Answer.WAITING, asked_at=now),
                EventAnswer(event_id=past, person_id=me, answer=Answer.GOING, asked_at=now),
            ]
        )
        slots = [
            Slot(mission_id=mission.id, starts_at=start, ends_at=start + timedelta(minutes=20))
            for start in (now - timedelta(days=2), now + timedelta(days=42))
        ]
        table = MeetingTable(mission_id=mission.id, label="1")
        application = Application(
            mission_id=mission.id, person_id=me, status=ApplicationStatus.ACCEPTED, objectives=[WORDS[9]],
            note=WORDS[10], reason=WORDS[12], applied_at=now, decided_by=owner.id,
        )  # fmt: skip
        session.add_all([*slots, table, application])
        await session.flush()
        for slot, outcome in zip(slots, (MeetingStatus.HELD, MeetingStatus.CONFIRMED), strict=True):
            meeting = Meeting(
                mission_id=mission.id, status=outcome, slot_id=slot.id, table_id=table.id, topic=WORDS[13],
                proposed_by=me, created_at=now, timed_at=now,
            )  # fmt: skip
            session.add(meeting)
            await session.flush()
            for person in (me, marco.id):
                session.add(MeetingParty(meeting_id=meeting.id, person_id=person, answer=PartyAnswer.YES))
                session.add(SeatBooking(slot_id=slot.id, person_id=person, meeting_id=meeting.id))
            session.add(TableBooking(slot_id=slot.id, table_id=table.id, meeting_id=meeting.id))
            session.add(
                MeetingStep(
                    meeting_id=meeting.id, became=outcome, by_person_id=me, reason=WORDS[14], at=now, for_person_id=None
                )
            )
        session.add(
            MeetingOffer(meeting_id=meeting.id, slot_id=slots[1].id, table_id=table.id, by_person_id=me, created_at=now)
        )
        slip = Disclosure(
            title="Lista", recipient="Technion", purpose="Visita", fields=["name", "phone"], optional=["phone"],
            mission_id=mission.id, until=now + timedelta(days=30), created_by=me, created_at=now,
        )  # fmt: skip
        sent = [
            OutboxMessage(
                platform=platform, account=account, chat=zenobia.account, person_id=me, kind="screen",
                data={"screen": {"words": WORDS[17]}}, priority=Priority.REPLY, rank=0, state=state, due_at=due,
                created_at=now, finished_at=None if state is OutboxState.QUEUED else now, dedup_key=key,
            )
            for state, due, key in (
                (OutboxState.FAILED, now, "a-failed"),
                (OutboxState.QUEUED, now + timedelta(days=3), "a-queued"),
                (OutboxState.SKIPPED, now, "a-skipped"),
            )
        ]  # fmt: skip
        session.add_all([slip, *sent])
        await session.flush()
        his = (await session.execute(select(Post.id).where(Post.author_id == marco.id))).scalars().all()[0]
        session.add_all(
            [
                DisclosureAnswer(
                    disclosure_id=slip.id, person_id=me, asked_at=now, answer=SlipAnswer.YES,
                    values={"phone": WORDS[19]}, platform=platform, answered_at=now,
                ),
                DisclosureExport(disclosure_id=slip.id, by_person_id=me, at=now, people=1, form="csv"),
                PersonRole(person_id=marco.id, role=Role.DOOR, granted_at=now, granted_by=me),
                PersonRole(person_id=me, role=Role.MODERATOR, granted_at=now, granted_by=owner.id),
                PersonSector(person_id=me, sector_id=sector.id),
                PersonTopic(person_id=me, topic="funding", level=TopicLevel.MUTED, at=now),
                Consent(
                    person_id=me, purpose=ConsentPurpose.DIRECTORY, given=True, text_version="2018-04b",
                    locale=Locale.ITALIAN, platform=platform, at=now,
                ),
                Invite(
                    code_hash="h" * 64, organisation_id=1, created_by=me, created_at=now, expires_at=now, uses_left=3
                ),
                LinkCode(
                    code_hash="l" * 64, person_id=me, platform=platform, created_at=now, expires_at=now
                ),
                AnnouncementPlan(announcement_id=announcement.id, asked_by_id=me, approved_by_id=me),
                Acknowledgement(announcement_id=announcement.id, person_id=me, at=now),
                Milestone(name="hers", at=now, by_person_id=me),
                DigestMention(person_id=me, kind=SubjectKind.POST, subject_id=1, at=now),
                DigestLesson(person_id=me, topic="_word_altro", post_id=his, at=now),
                DigestLesson(person_id=marco.id, topic=topic_of_author(me), post_id=his, at=now),
                PersonTopic(person_id=marco.id, topic=topic_of_author(me), level=TopicLevel.MUTED, at=now),
                AuditEntry(
                    at=now, by_person_id=owner.id, action="join.approve", subject_kind=SubjectKind.PERSON,
                    subject_id=me, reason=WORDS[12],
                ),
                AuditEntry(
                    at=now, by_person_id=owner.id, action="event.approve", subject_kind=SubjectKind.EVENT,
                    subject_id=future, reason=f"chiesto da {NAME} al telefono",
                ),
                InboxEvent(
                    platform=platform, account=account, event_id="raw-1", person=zenobia.account,
                    payload={"text": WORDS[16]}, received_at=now, closed_at=now,
                ),
                SecondPing(
                    person_id=me, first_id=sent[0].id, second_id=sent[2].id, created_at=now, note=WORDS[18],
                    closing={"words": WORDS[18]},
                ),
                CardCopy(
                    card=f"event:{future}", platform=platform, account=account, chat=zenobia.account,
                    message_id="7777777", person_id=me, posted_at=now, note=WORDS[18],
                ),
                DataExport(person_id=me, asked_at=now, made_at=now, content=WORDS[20].encode()),
                RetentionNotice(person_id=me, told_at=now, erase_at=now + timedelta(days=900)),
                Draft(
                    person_id=me, form="event.propose", context={}, values={"title": WORDS[15]}, fixing={},
                    started_at=now, touched_at=now,
                ),
            ]
        )  # fmt: skip
        codes = community.app.community.codes
        digest = codes.account(platform, account, zenobia.account)
        await busy_membership.belongs(session, me, owner.id, digest=digest, now=now)
        await busy_knowhow.reads(session, me, marco.id, now)
        if platform is not Platform.WEB:
            # The same person on a second platform, from which nobody listens here.
            session.add(
                Account(
                    platform=Platform.WEB, account="web", user="zenobia-web", chat="zenobia-web", person_id=me,
                    last_acted_at=now - timedelta(days=3),
                )
            )  # fmt: skip
        await session.merge(
            ChannelMember(platform=platform, account=account, user=zenobia.account, present=True, seen_at=now)
        )
    return future, past
