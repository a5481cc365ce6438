"""Consent slips: these fields, to whom, for what, until when; the export holds the yeses and nothing else."""

import csv
import io
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from storage.enums import Answer, ApplicationStatus, EventStatus, Locale, MissionStatus, Platform, Role, SlipAnswer
from storage.models import (
    Application,
    AuditEntry,
    CommunityEvent,
    Disclosure,
    DisclosureAnswer,
    DisclosureExport,
    EventAnswer,
    Mission,
    Person,
)
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

PHONE = "+39 335 7788990"


async def delegation(community: CommunityUnderTest, delegates: list[PersonDriver], waiting: PersonDriver) -> int:
    now = community.clock.now()
    async with community.app.database.writing() as session:
        mission = Mission(
            title="MIXiii BIOMED 2018", place="Tel Aviv", first_day=datetime(2018, 5, 14, tzinfo=UTC).date(),
            last_day=datetime(2018, 5, 17, tzinfo=UTC).date(), zone="Asia/Jerusalem", deadline=now + timedelta(days=5),
            status=MissionStatus.OPEN, created_at=now, opened_at=now,
        )  # fmt: skip
        session.add(mission)
        await session.flush()
        for one in (*delegates, waiting):
            accepted = ApplicationStatus.WAITING if one is waiting else ApplicationStatus.ACCEPTED
            session.add(Application(mission_id=mission.id, person_id=one.id, status=accepted, applied_at=now))
        await session.execute(update(Person).where(Person.id == delegates[0].id).values(job_title="=cmd|calc"))
        return mission.id


async def makes_slip(person: PersonDriver) -> None:
    t = person.t
    await person.says("/slips")
    await person.presses(t("New slip"))
    fields = [t("Name"), t("Role"), t("Phone")]
    await person.fills(
        {
            t("Whose data?"): "MIXiii BIOMED 2018",
            t("What do you call it?"): "Portineria",
            t("Who gets it?"): "Technion Haifa",
            t("What for?"): "Pass",
            t("Which data? No more than they need."): fields,
            t("What may be left out?"): [t("Phone")],
            t("Until which day?"): "2018-05-18",
        }
    )


async def answers(community: CommunityUnderTest) -> dict[int, SlipAnswer | None]:
    async with community.app.database.reading() as session:
        return {one.person_id: one.answer for one in (await session.execute(select(DisclosureAnswer))).scalars()}


async def test_a_slip_from_question_to_deletion(community: CommunityUnderTest) -> None:
    lead = await community.member("Elena Maspero", roles=(Role.MISSION_LEAD,))
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    james = await community.member("James Whitcombe", locale=Locale.ENGLISH)
    nina = await community.member("Nina Attesa")
    late = await community.member("Ugo Tardivo")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    mission = await delegation(community, [sara, marco, james], nina)
    t = lead.t
    for nosy in (sara, outsider):
        await nosy.says("/slips")
        nosy.sees_nothing_of(t("New slip"))
        await nosy.sends_action("privacy.newslip")
    await makes_slip(lead)
    lead.sees("Portineria", "Technion Haifa")
    for one in (sara, marco, james):
        one.sees(one.t("May {recipient} have this?", recipient="Technion Haifa"), one.name)
    for one in (nina, late, outsider):
        one.sees_nothing_of("Technion Haifa")

    await sara.presses(t("Yes …"))
    await sara.fills({t("Phone"): PHONE})
    sara.sees(t("✓ You said yes."), PHONE)
    await marco.presses(t("Yes, without {fields}", fields=t("Phone")))
    await james.presses(james.t("No"), within="Technion Haifa")
    await nina.sends_action("privacy.slipyes:1:1")
    await outsider.sends_action("privacy.slipyes:1:1")
    assert await answers(community) == {sara.id: SlipAnswer.YES, marco.id: SlipAnswer.PARTLY, james.id: SlipAnswer.NO}

    async with community.app.database.writing() as session:
        session.add(
            Application(
                mission_id=mission, person_id=late.id, status=ApplicationStatus.ACCEPTED,
                applied_at=community.clock.now(),
            )
        )  # fmt: skip
    await community.later(minutes=5)
    late.sees("Technion Haifa")

    for nosy in (sara, outsider):
        await nosy.sends_action("privacy.slipsheet:1:csv")
        await nosy.sends_action("privacy.slipview:1")
    await lead.sends_action("privacy.slipview:1")
    await lead.presses(t("List as CSV"))
    await community.later(seconds=5)
    rows = list(csv.reader(io.StringIO((await lead.downloads()).decode("utf-8-sig"))))
    assert rows == [
        [t("Name"), t("Role"), t("Phone")],
        ["Marco Colombani", "", ""],
        ["Sara Bonavita", "'=cmd|calc", f"'{PHONE}"],
    ]
    await lead.presses(t("List as XLSX"))
    await community.later(seconds=5)
    assert (await lead.downloads()).startswith(b"PK")
    async with community.app.database.reading() as session:
        handed = (await session.execute(select(DisclosureExport))).scalars().all()
        assert [(one.by_person_id, one.people, one.form) for one in handed] == [
            (lead.id, 2, "csv"),
            (lead.id, 2, "xlsx"),
        ]
        noted = (await session.execute(select(AuditEntry).where(AuditEntry.action == "disclosure.export"))).scalars()
        assert [one.reason for one in noted] == ["2 people, csv", "2 people, xlsx"]

    await sara.says("/privacy")
    await sara.presses(t("What I share"))
    await sara.presses("Portineria")
    await sara.presses(t("No, I take it back"))
    sara.sees(t("✗ You said no: nothing about you is handed over."))
    await sara.again()
    lead.sees(t("A yes was taken back"), "Sara Bonavita")
    assert lead.count(t("A yes was taken back")) == 1
    async with community.app.database.reading() as session:
        own = await session.get_one(DisclosureAnswer, (1, sara.id))
        assert (own.answer, own.values) == (SlipAnswer.NO, {})

    community.clock.to(datetime(2018, 5, 19, 8, 0, tzinfo=UTC))
    await community.tick()
    assert await answers(community) == {}
    async with community.app.database.reading() as session:
        slip = await session.get_one(Disclosure, 1)
        assert slip.counts == {"yes": 0, "partly": 1, "no": 2, "silent": 1}
    marco.sees(t("This slip is over: what you said and entered is deleted."))
    await marco.sends_action("privacy.slipyes:1:1")
    assert await answers(community) == {}
    await lead.sends_action("privacy.slipsheet:1:csv")
    lead.told(t("This slip is over: nothing can be handed out by it any more."))


async def test_an_event_slip_is_the_staffs(community: CommunityUnderTest) -> None:
    staff = await community.member("Chiara Mezzabarbi", roles=(Role.STAFF,))
    lead = await community.member("Elena Maspero", roles=(Role.MISSION_LEAD,))
    sara = await community.member("Sara Bonavita")
    now = community.clock.now()
    async with community.app.database.writing() as session:
        event = CommunityEvent(
            uid="e@test", title="Visita", zone="Europe/Rome", starts_wall="2018-05-03T09:00",
            ends_wall="2018-05-03T10:00", starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=31),
            language=Locale.ITALIAN, status=EventStatus.PUBLISHED, created_at=now,
        )  # fmt: skip
        session.add(event)
        await session.flush()
        session.add(EventAnswer(event_id=event.id, person_id=sara.id, answer=Answer.GOING, asked_at=now))
    t = staff.t
    await lead.says("/slips")
    await lead.presses(t("New slip"))
    if community.platform is not Platform.SLACK:  # there the window that was opening says it
        lead.told(t("There is no mission or event to come whose people could be asked."))
    await staff.says("/slips")
    await staff.presses(t("New slip"))
    await staff.fills(
        {
            t("Whose data?"): "Visita",
            t("What do you call it?"): "Elenco",
            t("Who gets it?"): "Ospedale",
            t("What for?"): "Ingresso",
            t("Which data? No more than they need."): [t("Name"), t("Organisation")],
            t("Until which day?"): "2018-05-10",
        }
    )
    await lead.sends_action("privacy.slipview:1")
    lead.sees_nothing_of("Ospedale")
    await sara.presses(t("Yes"), within="Ospedale")
    assert await answers(community) == {sara.id: SlipAnswer.YES}
    await staff.sends_action("privacy.slipview:1")
    await staff.presses(t("Close and delete the answers"))
    assert await answers(community) == {}
    sara.sees(t("This slip is over: what you said and entered is deleted."))
