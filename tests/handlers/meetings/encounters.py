"""Meetings in the database, and what must hold of them whatever happened."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from handlers.meetings.rules import ARROWS
from storage.enums import BOOKED_MEETINGS, MeetingStatus, PartyAnswer
from storage.models import Meeting, MeetingOffer, MeetingParty, MeetingStep, SeatBooking, TableBooking
from tests.handlers.events.town import Somebody, Town


@dataclass(frozen=True)
class Stand:
    """How a meeting stands."""

    status: MeetingStatus
    slot: int | None
    table: int | None
    sequence: int
    answers: dict[int, PartyAnswer]
    offered: int | None


async def stand(town: Town, meeting_id: int = 1) -> Stand:
    async with town.database.reading() as session:
        row = await session.get(Meeting, meeting_id)
        assert row is not None
        parties = await session.execute(select(MeetingParty).where(MeetingParty.meeting_id == meeting_id))
        offer = (
            await session.execute(select(MeetingOffer.slot_id).where(MeetingOffer.meeting_id == meeting_id))
        ).scalar_one_or_none()
        answers = {party.person_id: party.answer for party in parties.scalars()}
        return Stand(row.status, row.slot_id, row.table_id, row.sequence, answers, offer)


async def seats(town: Town, meeting_id: int = 1) -> set[tuple[int, int]]:
    """The slots that a meeting holds, and for whom."""
    async with town.database.reading() as session:
        found = await session.execute(select(SeatBooking).where(SeatBooking.meeting_id == meeting_id))
        return {(one.slot_id, one.person_id) for one in found.scalars()}


async def steps(town: Town, meeting_id: int = 1) -> list[MeetingStep]:
    async with town.database.reading() as session:
        found = await session.execute(
            select(MeetingStep).where(MeetingStep.meeting_id == meeting_id).order_by(MeetingStep.id)
        )
        rows = list(found.scalars())
        session.expunge_all()
        return rows


async def brings_together(lead: Somebody, mission_id: int, one: Somebody, other: Somebody) -> None:
    """Propose a meeting by form."""
    await lead.presses(f"meeting.new:{mission_id}")
    await lead.submits({"one": str(one.id), "other": str(other.id), "topic": "Sensors"})


async def check_everything(town: Town) -> None:
    """No person and no table twice in a slot; each booking belongs to a meeting that holds it; only drawn arrows."""
    async with town.database.reading() as session:
        meetings = {row.id: row for row in (await session.execute(select(Meeting))).scalars()}
        parties = list((await session.execute(select(MeetingParty))).scalars())
        offers = {row.meeting_id: row for row in (await session.execute(select(MeetingOffer))).scalars()}
        booked = list((await session.execute(select(SeatBooking))).scalars())
        tables = list((await session.execute(select(TableBooking))).scalars())
        log = list((await session.execute(select(MeetingStep).order_by(MeetingStep.id))).scalars())
    assert max(Counter((one.slot_id, one.person_id) for one in booked).values(), default=0) <= 1
    assert max(Counter((one.slot_id, one.table_id) for one in tables).values(), default=0) <= 1
    expected_seats, expected_tables = set(), set()
    for number, row in meetings.items():
        sides = [one.person_id for one in parties if one.meeting_id == number]
        held = [(row.slot_id, row.table_id)] if row.status in BOOKED_MEETINGS else []
        if number in offers:
            assert row.status in BOOKED_MEETINGS
            held.append((offers[number].slot_id, offers[number].table_id))
        expected_seats |= {(slot, person, number) for slot, _ in held for person in sides}
        expected_tables |= {(slot, table, number) for slot, table in held}
        answers = {one.person_id: one.answer for one in parties if one.meeting_id == number}
        asking = {person for person, answer in answers.items() if answer is PartyAnswer.ANOTHER_TIME}
        if row.status in BOOKED_MEETINGS:
            assert asking == ({offers[number].by_person_id} if number in offers else set())
        if row.status is MeetingStatus.SCHEDULED and number not in offers:
            assert list(answers.values()) != [PartyAnswer.YES, PartyAnswer.YES]
        if row.status is MeetingStatus.CONFIRMED and number not in offers:
            assert list(answers.values()) == [PartyAnswer.YES, PartyAnswer.YES]
    assert {(one.slot_id, one.person_id, one.meeting_id) for one in booked} == expected_seats
    assert {(one.slot_id, one.table_id, one.meeting_id) for one in tables} == expected_tables
    for number, row in meetings.items():
        was: MeetingStatus | None = None
        for step in (one for one in log if one.meeting_id == number):
            assert step.was is was
            assert was is None or step.became in ARROWS[was]
            was = step.became
        assert was is row.status
