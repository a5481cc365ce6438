"""What is too old goes once a day; who has not been here for years is told a week before and stays with a tap."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from handlers.privacy.purging import counted_due, purge_due
from storage.enums import (
    Answer,
    CodeUse,
    EventStatus,
    Locale,
    OutboxState,
    PersonStatus,
    Platform,
    Priority,
    Role,
    SubjectKind,
)
from storage.models import (
    Account,
    AuditEntry,
    CodeAttempt,
    CommunityEvent,
    Draft,
    EventAnswer,
    InboxEvent,
    OutboxMessage,
    Person,
    PurgeRun,
    RetentionNotice,
)
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.traces import traces

YEARS = timedelta(days=3 * 365)


async def been_away(community: CommunityUnderTest, person: PersonDriver, span: timedelta) -> None:
    async with community.app.database.writing() as session:
        await session.execute(
            update(Account).where(Account.person_id == person.id).values(last_acted_at=community.clock.now() - span)
        )


async def status(community: CommunityUnderTest, person: PersonDriver) -> PersonStatus:
    async with community.app.database.reading() as session:
        return (await session.get_one(Person, person.id)).status


async def test_told_a_week_before_and_one_tap_keeps(community: CommunityUnderTest) -> None:
    owner = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    away = await community.member("Sara Bonavita")
    back = await community.member("Marco Colombani")
    coming = await community.member("Elena Maspero")
    for one in (owner, away, back, coming):
        await been_away(community, one, YEARS)
    now = community.clock.now()
    async with community.app.database.writing() as session:
        event = CommunityEvent(
            uid="e@test", title="Fra un mese", zone="Europe/Rome", starts_wall="2018-05-03T09:00",
            ends_wall="2018-05-03T10:00", starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=31),
            language=Locale.ITALIAN, status=EventStatus.PUBLISHED, created_at=now,
        )  # fmt: skip
        session.add(event)
        await session.flush()
        session.add(EventAnswer(event_id=event.id, person_id=coming.id, answer=Answer.GOING, asked_at=now))
    await community.later(days=1)
    t = away.t
    away.sees(t("Shall I keep your data?"))
    back.sees(t("Shall I keep your data?"))
    owner.sees_nothing_of(t("Shall I keep your data?"))
    coming.sees_nothing_of(t("Shall I keep your data?"))
    await community.later(days=3)
    await back.presses(t("Keep me"))
    back.sees(t("✓ Glad you stay. Everything is as it was."))
    assert away.count(t("Shall I keep your data?")) == 1
    await community.later(days=3)
    assert await status(community, away) is PersonStatus.MEMBER, "not before the week is over"
    await community.later(days=2)
    await community.later(minutes=5)
    assert await status(community, away) is PersonStatus.ERASED
    for one in (owner, back, coming):
        assert await status(community, one) is PersonStatus.MEMBER
    assert await traces(community.app.database, ["Sara Bonavita"]) == []
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(RetentionNotice))).scalar_one() == 0


async def test_a_stranger_cannot_keep_and_only_staff_look(community: CommunityUnderTest) -> None:
    staff = await community.member("Chiara Mezzabarbi", roles=(Role.STAFF,))
    sara = await community.member("Sara Bonavita")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    await outsider.sends_action("privacy.keep")
    t = staff.t
    for nosy in (sara, outsider):
        await nosy.says("/retention")
        nosy.sees_nothing_of(t("Every morning after three I let go of what is too old. Today it would be:"))
    await staff.says("/retention")
    staff.sees(t("Nothing is too old."))


async def old_rows(community: CommunityUnderTest, person: PersonDriver, number: int) -> None:
    """Rows that are too old, and one each that is not."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        for position in range(number):
            old = now - timedelta(days=6 * 365) if position else now
            session.add_all(
                [
                    InboxEvent(
                        platform=Platform.WEB, account="web", event_id=f"old-{position}", person="x", payload={},
                        received_at=old, closed_at=old,
                    ),
                    OutboxMessage(
                        platform=Platform.WEB, account="web", chat="x", kind="screen", data={"screen": {}},
                        priority=Priority.REPLY, rank=0, state=OutboxState.SENT, due_at=old, created_at=old,
                        finished_at=old, dedup_key=f"k{position}" if position % 2 else None,
                    ),
                    AuditEntry(
                        at=old, action="x", subject_kind=SubjectKind.PERSON, subject_id=person.id, reason="",
                    ),
                    CodeAttempt(use=CodeUse.LINK, digest="h", at=old),
                ]
            )  # fmt: skip
        session.add(
            Draft(
                person_id=person.id, form="knowhow.share", context={}, values={}, fixing={},
                started_at=now - timedelta(days=31), touched_at=now - timedelta(days=31),
            )
        )  # fmt: skip


async def test_rows_go_by_age_and_a_dry_run_changes_nothing(web_community: CommunityUnderTest) -> None:
    staff = await web_community.member("Chiara Mezzabarbi", roles=(Role.STAFF,))
    await web_community.tick()
    await old_rows(web_community, staff, 1203)
    app = web_community.app
    async with app.database.reading() as session:
        due = await counted_due(session, app.community, app.clock.now())
    assert {name: due[name] for name in ("inbox", "outbox", "audit", "attempts", "drafts")} == {
        "inbox": 1202, "outbox": 1202, "audit": 1202, "attempts": 1202, "drafts": 1,
    }  # fmt: skip
    await staff.says("/retention")
    staff.sees("1.202")
    async with app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(AuditEntry))).scalar_one() == 1203
    web_community.clock.advance(timedelta(days=1))
    await purge_due(app.database, app.community, app.clock)
    async with app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(AuditEntry))).scalar_one() == 1
        assert (await session.execute(select(func.count()).select_from(Draft))).scalar_one() == 0
        run = (await session.execute(select(PurgeRun).order_by(PurgeRun.day.desc()).limit(1))).scalar_one()
        assert run.counts["audit"] == 1202
    await staff.says("/retention")
    staff.sees(staff.t("What goes next"), "1.202")


@pytest.mark.parametrize(
    ("utc", "runs"),
    [
        (datetime(2018, 10, 28, 0, 30, tzinfo=UTC), False),  # 02:30 in summer, the night that has it twice
        (datetime(2018, 10, 28, 1, 30, tzinfo=UTC), False),  # 02:30 again, in winter
        (datetime(2018, 10, 28, 2, 5, tzinfo=UTC), True),  # 03:05
        (datetime(2018, 6, 10, 22, 30, tzinfo=UTC), False),  # half past midnight
    ],
)
async def test_never_in_the_hour_that_some_nights_have_twice(
    web_community: CommunityUnderTest, utc: datetime, runs: bool
) -> None:
    app = web_community.app
    web_community.clock.to(utc)
    await purge_due(app.database, app.community, app.clock)
    await purge_due(app.database, app.community, app.clock)
    async with app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(PurgeRun))).scalar_one() == int(runs)


async def test_a_purge_that_was_killed_is_begun_anew(web_community: CommunityUnderTest) -> None:
    app, now = web_community.app, web_community.clock.now()
    async with app.database.writing() as session:
        session.add(PurgeRun(day="2018-04-03", started_at=now, counts={}))
    await purge_due(app.database, app.community, app.clock)
    async with app.database.reading() as session:
        assert (await session.get_one(PurgeRun, "2018-04-03")).finished_at is None
    web_community.clock.advance(timedelta(hours=2))
    await purge_due(app.database, app.community, app.clock)
    async with app.database.reading() as session:
        assert (await session.get_one(PurgeRun, "2018-04-03")).finished_at is not None
