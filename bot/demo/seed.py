"""Filling an empty store with the sample community as it stands on 3 April 2018.

Everybody's chat is the web chat, so that whatever the bot sends in the demo arrives somewhere it can be read.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.demo.community_files import Table, moment_of, read, rows
from bot.demo.seed_knowhow import seed_knowhow
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.invitations import create_invite
from handlers.conversation.privacy_notice import CONSENT_VERSION, NOTICE_VERSION
from handlers.staff.vocabulary import PROFILES, ensure_vocabulary
from storage.enums import (
    AnnouncementStatus,
    Answer,
    ApplicationStatus,
    ComponentKind,
    ConsentPurpose,
    DigestFrequency,
    EventStatus,
    Locale,
    MeetingStatus,
    MissionStatus,
    OrganisationCategory,
    PartyAnswer,
    PersonStatus,
    PlaceStatus,
    Platform,
    Role,
)
from storage.models import (
    Account,
    Announcement,
    Application,
    ApplicationPlace,
    CommunityEvent,
    Component,
    Consent,
    DirectoryEntry,
    EventAnswer,
    EventReminder,
    Meeting,
    MeetingParty,
    MeetingStep,
    MeetingTable,
    Mission,
    MissionQuestion,
    Organisation,
    OrganisationSector,
    Person,
    PersonRole,
    PersonSector,
    PostKind,
    ProgrammeItem,
    SeatBooking,
    Sector,
    Slot,
    TableBooking,
)
from storage.queries.announcements import end_trial
from storage.queries.digests import schedule_first
from storage.queries.search_index import index_all

START = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
"""Tuesday 3 April 2018, 09:00 in Milan: the first working day after Easter, five days after the assembly."""
ACCOUNT = "web"
REMINDERS = (24 * 60, 2 * 60)
"""Minutes before an event: what events get when nobody says otherwise."""


class Seeder:
    """Writes the sample community; keys of the files become ids as it goes.

    Args:
        session: in a writing transaction.
        platform: where people's chats are.
        chats: keys of those who have opened a chat with the bot; ``None``: everybody.
        codes: keeps the invitations' codes.
    """

    def __init__(
        self, session: AsyncSession, platform: Platform, chats: Collection[str] | None, codes: CodeKeeper
    ) -> None:
        self._session = session
        self._codes = codes
        self._platform = platform
        self._chats = chats
        self._sectors: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._organisations: dict[str, int] = {}
        self._people: dict[str, int] = {}

    async def fill(self) -> None:
        """Write everything; the session's transaction is the caller's."""
        await self._vocabulary()
        await self._houses()
        await self._members()
        await seed_knowhow(self._session, people=self._people, kinds=self._kinds, sectors=self._sectors)
        await self._events()
        await self._mission()
        await self._announcements()
        await index_all(self._session)

    async def _add(self, *new: object) -> None:
        self._session.add_all(new)
        await self._session.flush()

    async def _vocabulary(self) -> None:
        for position, row in enumerate(rows("sectors", "sector")):
            sector = Sector(key=row["key"], name_it=row["name_it"], name_en=row["name_en"], position=position)
            await self._add(sector)
            self._sectors[row["key"]] = sector.id
        for position, row in enumerate(rows("kinds", "kind")):
            kind = PostKind(
                key=row["key"],
                name_it=row["name_it"],
                name_en=row["name_en"],
                has_deadline=row["has_deadline"],
                valid_months=row.get("valid_months", 0),
                profile=PROFILES.get(row["key"]),
                position=position,
            )
            await self._add(kind)
            self._kinds[row["key"]] = kind.id
        await ensure_vocabulary(self._session)

    async def _houses(self) -> None:
        for row in rows("organisations", "organisation"):
            house = Organisation(
                name=row["name"],
                category=OrganisationCategory(row["category"]),
                city=row["city"],
                domains=row["domains"],
                about_it=row["about_it"],
                about_en=row["about_en"],
            )
            await self._add(house)
            self._organisations[row["key"]] = house.id
            await self._add(
                *(
                    OrganisationSector(organisation_id=house.id, sector_id=self._sectors[sector])
                    for sector in row["sectors"]
                )
            )
            if row.get("invite_code"):
                code = row["invite_code"]
                await create_invite(self._session, house.id, codes=self._codes, by=None, uses=50, now=START, code=code)

    async def _members(self) -> None:
        for row in rows("people", "person"):
            joined = moment_of(row["joined"])
            status = PersonStatus(row["status"])
            person = Person(
                status=status,
                name=row["name"],
                organisation_id=self._organisations[row["organisation"]],
                job_title=row["job_title"],
                locale=Locale(row["language"]),
                offers=row["offers"],
                seeks=row["seeks"],
                languages=row["languages"],
                notice_version=NOTICE_VERSION,
                notice_accepted_at=joined,
                created_at=joined,
                joined_at=joined if status is PersonStatus.MEMBER else None,
                digest_frequency=DigestFrequency(row["digest"]),
            )
            await self._add(person)
            await self._account(person, row["key"])
            await self._add(
                *(PersonSector(person_id=person.id, sector_id=self._sectors[one]) for one in row["sectors"]),
                *(PersonRole(person_id=person.id, role=Role(one), granted_at=joined) for one in row["roles"]),
                *(
                    Consent(
                        person_id=person.id,
                        purpose=purpose,
                        given=purpose.value in row["consents"],
                        text_version=CONSENT_VERSION,
                        locale=person.locale,
                        platform=self._platform,
                        at=joined,
                    )
                    for purpose in ConsentPurpose
                ),
            )
            if ConsentPurpose.DIRECTORY in row["consents"]:
                await self._add(_directory_entry(person, row["key"], joined))
            if status is PersonStatus.MEMBER:
                schedule_first(person, START)

    async def _account(self, person: Person, key: str) -> None:
        self._people[key] = person.id
        if self._chats is not None and key not in self._chats:
            return
        await self._add(
            Account(
                platform=self._platform,
                account=ACCOUNT,
                user=key,
                chat=key,
                person_id=person.id,
                last_acted_at=person.created_at,
            )
        )

    async def _events(self) -> None:
        for row in rows("events", "event"):
            zone = ZoneInfo(row["zone"])
            event = CommunityEvent(
                uid=f"{row['key']}@community-bot",
                title=row["title"],
                description=row["description"].strip(),
                place=row["place"],
                zone=row["zone"],
                starts_wall=row["starts"],
                ends_wall=row["ends"],
                starts_at=_instant(row["starts"], zone),
                ends_at=_instant(row["ends"], zone),
                capacity=row["capacity"],
                language=Locale(row["language"]),
                status=EventStatus(row["status"]),
                organiser_id=self._people[row["organiser"]],
                created_at=START - timedelta(days=20),
                published_at=START - timedelta(days=14),
            )
            await self._add(event)
            answers = [
                (key, answer)
                for word, answer in (("going", Answer.GOING), ("maybe", Answer.MAYBE), ("cant", Answer.CANT))
                for key in row[word]
            ]
            await self._add(
                *(EventReminder(event_id=event.id, minutes_before=minutes) for minutes in REMINDERS),
                *(
                    EventAnswer(
                        event_id=event.id,
                        person_id=self._people[key],
                        answer=answer,
                        asked_at=START - timedelta(days=10) + timedelta(minutes=number),
                    )
                    for number, (key, answer) in enumerate(answers)
                ),
            )

    async def _mission(self) -> None:
        head = read("mission")["mission"]
        zone = ZoneInfo(head["zone"])
        mission = Mission(
            title=head["title"],
            place=head["place"],
            venue=head["venue"],
            first_day=date.fromisoformat(head["starts"]),
            last_day=date.fromisoformat(head["ends"]),
            zone=head["zone"],
            deadline=_instant(head["deadline"], ZoneInfo(head["deadline_zone"])),
            cost_it=head["cost_it"],
            cost_en=head["cost_en"],
            summary_it=head["summary_it"].strip(),
            summary_en=head["summary_en"].strip(),
            sectors=head["sectors"],
            status=MissionStatus.OPEN,
            lead_id=self._people["elena"],
            created_at=START - timedelta(days=40),
            opened_at=START - timedelta(days=30),
        )
        await self._add(mission)
        components: dict[str, int] = {}
        for row in rows("mission", "component"):
            component = Component(
                mission_id=mission.id,
                kind=ComponentKind(row["kind"]),
                title_it=row["title_it"],
                title_en=row["title_en"],
                description_it=row["description_it"],
                description_en=row["description_en"],
                place=row["place"],
                starts_wall=row["starts"],
                ends_wall=row["ends"],
                starts_at=_instant(row["starts"], zone),
                ends_at=_instant(row["ends"], zone),
                seats=row["seats"],
            )
            await self._add(component)
            components[row["key"]] = component.id
        await self._add(
            *(
                ProgrammeItem(
                    mission_id=mission.id,
                    component_id=components[row["component"]] if row.get("component") else None,
                    title_it=row["title_it"],
                    title_en=row["title_en"],
                    place=row["place"],
                    starts_at=_instant(row["starts"], zone),
                    ends_at=_instant(row["ends"], zone),
                )
                for row in rows("mission", "programme")
            ),
            *(
                MissionQuestion(
                    mission_id=mission.id,
                    question_it=row["question_it"],
                    question_en=row["question_en"],
                    answer_it=row["answer_it"],
                    answer_en=row["answer_en"],
                )
                for row in rows("mission", "faq")
            ),
        )
        for number, row in enumerate(rows("mission", "delegate")):
            await self._application(mission, components, row, number)
        for row in rows("mission", "counterpart"):
            await self._guest(mission, components, row)
        await self._meetings(mission, zone)

    async def _application(self, mission: Mission, components: dict[str, int], row: Table, number: int) -> None:
        status = ApplicationStatus(row["status"])
        applied = START - timedelta(days=25) + timedelta(hours=number)
        decided = status is not ApplicationStatus.WAITING
        application = Application(
            mission_id=mission.id,
            person_id=self._people[row["person"]],
            status=status,
            objectives=row["objectives"],
            applied_at=applied,
            decided_at=applied + timedelta(days=2) if decided else None,
            decided_by=self._people["elena"] if decided else None,
        )
        await self._add(application)
        place = PlaceStatus.CONFIRMED if status is ApplicationStatus.ACCEPTED else PlaceStatus.ASKED
        await self._add(
            *(
                ApplicationPlace(
                    application_id=application.id, component_id=components[key], status=place, asked_at=applied
                )
                for key in row["components"]
            )
        )

    async def _guest(self, mission: Mission, components: dict[str, int], row: Table) -> None:
        organisation = Organisation(name=row["organisation"], category=OrganisationCategory.COMPANY, city=mission.place)
        await self._add(organisation)
        guest = Person(
            status=PersonStatus.GUEST,
            name=row["name"],
            organisation_id=organisation.id,
            job_title=row["job_title"],
            locale=Locale(row["language"]),
            timezone=mission.zone,
            offers=row["offers"],
            seeks=row["seeks"],
            notice_version=NOTICE_VERSION,
            notice_accepted_at=START - timedelta(days=10),
            created_at=START - timedelta(days=10),
            joined_at=START - timedelta(days=10),
            digest_frequency=DigestFrequency.OFF,
        )
        await self._add(guest)
        await self._account(guest, row["key"])
        application = Application(
            mission_id=mission.id,
            person_id=guest.id,
            status=ApplicationStatus.ACCEPTED,
            applied_at=START - timedelta(days=10),
            decided_at=START - timedelta(days=10),
            decided_by=self._people["elena"],
        )
        await self._add(application)
        await self._add(
            ApplicationPlace(
                application_id=application.id,
                component_id=components["b2b"],
                status=PlaceStatus.CONFIRMED,
                asked_at=START - timedelta(days=10),
            )
        )

    async def _meetings(self, mission: Mission, zone: ZoneInfo) -> None:
        slots = [
            Slot(mission_id=mission.id, starts_at=_instant(row["starts"], zone), ends_at=_instant(row["ends"], zone))
            for row in rows("mission", "slot")
        ]
        tables = [
            MeetingTable(mission_id=mission.id, label=row["label"], position=position)
            for position, row in enumerate(rows("mission", "table"))
        ]
        await self._add(*slots, *tables)
        taken: dict[int, int] = {}
        for row in rows("mission", "meeting"):
            status = MeetingStatus(row["state"])
            slot = slots[row["slot"]] if "slot" in row else None
            table = None
            if slot is not None:
                table = tables[taken.get(slot.id, 0)]
                taken[slot.id] = taken.get(slot.id, 0) + 1
            meeting = Meeting(
                mission_id=mission.id,
                status=status,
                slot_id=slot.id if slot else None,
                table_id=table.id if table else None,
                proposed_by=self._people["elena"],
                created_at=START - timedelta(days=5),
            )
            await self._add(meeting)
            answer = PartyAnswer.YES if status is MeetingStatus.CONFIRMED else PartyAnswer.PENDING
            sides = [self._people[row["a"]], self._people[row["b"]]]
            await self._add(
                *(MeetingParty(meeting_id=meeting.id, person_id=one, answer=answer) for one in sides),
                MeetingStep(
                    meeting_id=meeting.id, became=status, by_person_id=self._people["elena"], at=meeting.created_at
                ),
            )
            if slot is not None and table is not None:
                await self._add(
                    *(SeatBooking(slot_id=slot.id, person_id=one, meeting_id=meeting.id) for one in sides),
                    TableBooking(slot_id=slot.id, table_id=table.id, meeting_id=meeting.id),
                )

    async def _announcements(self) -> None:
        await end_trial(self._session, None, rows("announcements", "announcement")[0]["sent"])
        for row in rows("announcements", "announcement"):
            await self._add(
                Announcement(
                    author_id=self._people[row["author"]],
                    title_it=row["title_it"],
                    text_it=row["text_it"].strip(),
                    title_en=row["title_en"],
                    text_en=row["text_en"].strip(),
                    fallback=Locale.ITALIAN,
                    audience={},
                    status=AnnouncementStatus.DONE,
                    recipients=0,
                    created_at=row["sent"],
                    started_at=row["sent"],
                    finished_at=row["sent"],
                )
            )


def _directory_entry(person: Person, key: str, at: datetime) -> DirectoryEntry:
    """Who allows the directory shows their work there; one in three keeps what they offer and seek to themselves."""
    reserved = person.id % 3 == 0
    return DirectoryEntry(
        person_id=person.id,
        shows_organisation=True,
        shows_role=True,
        shows_sectors=True,
        shows_offers=not reserved,
        shows_languages=not reserved,
        contact=f"{key}@cluster.example",
        changed_at=at,
    )


def _instant(wall: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)


async def fill(
    session: AsyncSession,
    *,
    codes: CodeKeeper,
    platform: Platform = Platform.WEB,
    chats: Collection[str] | None = None,
) -> None:
    """Fill an empty store with the sample community; see :class:`Seeder`."""
    await Seeder(session, platform, chats, codes).fill()
