"""Whom a segment means: every facet, wanted and unwanted, counted and listed alike."""

from datetime import date, timedelta

import pytest

from storage.audience import Facet, Mark, Segment
from storage.engine import Database
from storage.enums import (
    AnnouncementStatus,
    Answer,
    ApplicationStatus,
    ConsentPurpose,
    EventStatus,
    Locale,
    MissionStatus,
    OrganisationCategory,
    PersonStatus,
    Platform,
    Role,
)
from storage.models import (
    Announcement,
    Application,
    CommunityEvent,
    Consent,
    EventAnswer,
    Mission,
    Organisation,
    Person,
    PersonSector,
    Sector,
)
from storage.queries import audience
from storage.queries.audience import Target
from tests.handlers.announcements.factories import START, add_person

Marks = list[tuple[Facet, str, Mark]]


class Town:
    """A community in which every facet tells somebody apart."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.names: dict[int, str] = {}
        self.ids: dict[str, str] = {}

    async def found(self, marks: Marks, *, promotional: bool = False) -> set[str]:
        """The names of a segment's people, checked against the count."""
        segment = Segment()
        for facet, value, mark in marks:
            segment = segment.marked(facet, self.ids.get(value, value), mark)
        async with self.database.reading() as session:
            people = await audience.recipients(session, Target(segment, promotional))
            reach = await audience.reach(session, Target(segment, promotional))
        assert reach.people == len(people) == len(set(people))
        return {self.names[person] for person in people}


@pytest.fixture
async def town(database: Database) -> Town:
    made = Town(database)
    async with database.writing() as session:
        clinic = Organisation(name="Clinica", category=OrganisationCategory.HOSPITAL)
        firm = Organisation(name="Ditta", category=OrganisationCategory.COMPANY)
        pharma, ict = (Sector(key=key, name_it=key, name_en=key) for key in ("pharma", "ict"))
        event = CommunityEvent(
            uid="e1", title="Aperitivo", zone="Europe/Rome", starts_wall="2018-04-05T18:00",
            ends_wall="2018-04-05T20:00", starts_at=START + timedelta(days=2),
            ends_at=START + timedelta(days=2, hours=2), language=Locale.ITALIAN, status=EventStatus.PUBLISHED,
            created_at=START,
        )  # fmt: skip
        mission = Mission(
            title="MIXiii", place="Tel Aviv", first_day=date(2018, 5, 14), last_day=date(2018, 5, 17),
            zone="Asia/Jerusalem", deadline=START + timedelta(days=10), status=MissionStatus.OPEN, created_at=START,
        )  # fmt: skip
        session.add_all([clinic, firm, pharma, ict, event, mission])
        await session.flush()
        anna = await add_person(
            session, "Anna", organisation_id=clinic.id, platforms=(Platform.SLACK, Platform.TELEGRAM)
        )
        bruno = await add_person(session, "Bruno", organisation_id=firm.id, platforms=(Platform.SLACK,))
        carol = await add_person(session, "Carol", locale=Locale.ENGLISH, roles=(Role.STAFF,))
        dana = await add_person(session, "Dana", status=PersonStatus.GUEST, locale=Locale.ENGLISH)
        ezio = await add_person(session, "Ezio", organisation_id=firm.id, reachable=False)
        left = await add_person(session, "Franco", status=PersonStatus.LEFT)
        waits = await add_person(session, "Gina", status=PersonStatus.WAITING)
        session.add_all(
            [
                PersonSector(person_id=anna.id, sector_id=pharma.id),
                PersonSector(person_id=bruno.id, sector_id=pharma.id),
                PersonSector(person_id=bruno.id, sector_id=ict.id),
                EventAnswer(event_id=event.id, person_id=anna.id, answer=Answer.GOING, asked_at=START),
                EventAnswer(event_id=event.id, person_id=bruno.id, answer=Answer.CANT, asked_at=START),
                Application(
                    mission_id=mission.id, person_id=dana.id, status=ApplicationStatus.ACCEPTED, applied_at=START
                ),
                Application(
                    mission_id=mission.id, person_id=bruno.id, status=ApplicationStatus.DECLINED, applied_at=START
                ),
                *(
                    Consent(
                        person_id=who.id, purpose=purpose, given=yes, text_version="1", locale=who.locale,
                        platform=Platform.TELEGRAM, at=START,
                    )
                    for who, purpose, yes in (
                        (anna, ConsentPurpose.NEWS, True),
                        (bruno, ConsentPurpose.NEWS, True),
                        (carol, ConsentPurpose.DIRECTORY, True),
                        (ezio, ConsentPurpose.NEWS, True),
                        (bruno, ConsentPurpose.NEWS, False),
                    )
                ),
            ]
        )  # fmt: skip
        made.names = {one.id: one.name for one in (anna, bruno, carol, dana, ezio, left, waits)}
        made.ids = {"pharma": str(pharma.id), "ict": str(ict.id), "aperitivo": str(event.id), "mixiii": str(mission.id)}
    return made


IN, OUT = Mark.IN, Mark.OUT
EVERYBODY = {"Anna", "Bruno", "Carol", "Dana"}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], EVERYBODY),
        ([(Facet.SECTOR, "pharma", IN)], {"Anna", "Bruno"}),
        ([(Facet.SECTOR, "pharma", IN), (Facet.SECTOR, "ict", OUT)], {"Anna"}),
        ([(Facet.SECTOR, "ict", OUT)], {"Anna", "Carol", "Dana"}),
        ([(Facet.GROUP, "members", IN)], {"Anna", "Bruno", "Carol"}),
        ([(Facet.GROUP, "guests", IN)], {"Dana"}),
        ([(Facet.GROUP, "staff", IN)], {"Carol"}),
        ([(Facet.GROUP, "delegates", IN)], {"Dana"}),
        ([(Facet.GROUP, "staff", IN), (Facet.GROUP, "delegates", IN)], {"Carol", "Dana"}),
        ([(Facet.GROUP, "staff", OUT)], {"Anna", "Bruno", "Dana"}),
        ([(Facet.CATEGORY, "hospital", IN)], {"Anna"}),
        ([(Facet.CATEGORY, "hospital", OUT)], {"Bruno", "Carol", "Dana"}),
        ([(Facet.LANGUAGE, "en", IN)], {"Carol", "Dana"}),
        ([(Facet.PLATFORM, "slack", IN)], {"Bruno"}),
        ([(Facet.PLATFORM, "telegram", IN)], {"Anna", "Carol", "Dana"}),
        ([(Facet.EVENT, "aperitivo", IN)], {"Anna"}),
        ([(Facet.EVENT, "aperitivo", OUT)], {"Bruno", "Carol", "Dana"}),
        ([(Facet.MISSION, "mixiii", IN)], {"Dana"}),
        ([(Facet.LANGUAGE, "en", IN), (Facet.GROUP, "members", IN)], {"Carol"}),
        ([(Facet.SECTOR, "pharma", IN), (Facet.LANGUAGE, "en", IN)], set()),
        ([(Facet.SECTOR, "123456", IN)], set()),
    ],
)
async def test_facets(town: Town, marks: Marks, expected: set[str]) -> None:
    assert await town.found(marks) == expected


async def test_promotional_news_goes_to_those_whose_last_word_was_yes(town: Town) -> None:
    assert await town.found([], promotional=True) == {"Anna"}


async def test_languages_and_the_unreachable_are_counted(town: Town) -> None:
    async with town.database.reading() as session:
        reach = await audience.reach(session, Target())
    assert reach.by_locale == {Locale.ITALIAN: 2, Locale.ENGLISH: 2}
    assert reach.unreachable == 1


async def test_who_belongs_to_an_announcement(town: Town) -> None:
    row = Announcement(
        author_id=1, fallback=Locale.ITALIAN, status=AnnouncementStatus.DONE, created_at=START, promotional=False,
        audience=Segment().marked(Facet.SECTOR, town.ids["pharma"], IN).to_json(),
    )  # fmt: skip
    async with town.database.reading() as session:
        meant = await audience.meant_for(session, row, list(town.names))
    assert {town.names[one] for one in meant} == {"Anna", "Bruno"}


async def test_the_names_are_those_of_people(town: Town) -> None:
    async with town.database.reading() as session:
        rows = await audience.titles(session, Person, [*town.names, 999])
    assert {key: row.name for key, row in rows.items()} == town.names
