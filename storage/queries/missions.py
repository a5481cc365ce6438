"""Missions: what is open, who applied, who has which place, who waits, and whose deadline is near."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, delete, distinct, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import (
    DECIDABLE_APPLICATIONS,
    PARTICIPANTS,
    ApplicationStatus,
    ComponentKind,
    MissionStatus,
    PersonStatus,
    PlaceStatus,
)
from storage.models import (
    Application,
    ApplicationPlace,
    Component,
    Mission,
    MissionQuestion,
    Person,
    ProgrammeItem,
    Sector,
)

HELD_PLACES = (PlaceStatus.CONFIRMED, PlaceStatus.WAITING)
"""The places of a delegate that are theirs, or will be when one becomes free."""


@dataclass(frozen=True, slots=True)
class Heads:
    """How many go on a mission: members, guests, the organisations they come from, and who is not yet decided."""

    delegates: int = 0
    guests: int = 0
    organisations: int = 0
    waiting: int = 0
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """How many have a place in a component, and how many wait for one."""

    confirmed: int = 0
    waiting: int = 0


async def find_mission(session: AsyncSession, mission_id: int) -> Mission | None:
    """The mission as it is now."""
    return await session.get(Mission, mission_id, populate_existing=True)


async def by_ids(session: AsyncSession, ids: Collection[int]) -> Sequence[Mission]:
    """These missions; those that are gone are left out."""
    return (await session.execute(select(Mission).where(Mission.id.in_(ids)))).scalars().all()


async def listed(session: AsyncSession, today: date, *, drafts: bool) -> Sequence[Mission]:
    """Missions not over by that day, the next one first; ``drafts`` adds those that nobody but staff may see."""
    shown = [MissionStatus.OPEN, MissionStatus.CLOSED, *([MissionStatus.DRAFT] if drafts else [])]
    statement = (
        select(Mission)
        .where(Mission.status.in_(shown), Mission.last_day >= today)
        .order_by(Mission.first_day, Mission.id)
    )
    return (await session.execute(statement)).scalars().all()


async def sector_names(session: AsyncSession, keys: Collection[str]) -> Sequence[Sector]:
    """The sectors with these keys, in their order."""
    if not keys:
        return []
    return (
        (await session.execute(select(Sector).where(Sector.key.in_(list(keys))).order_by(Sector.position, Sector.id)))
        .scalars()
        .all()
    )


async def active_sectors(session: AsyncSession) -> Sequence[Sector]:
    """The sectors that are in use, in their order."""
    return (
        (await session.execute(select(Sector).where(Sector.active).order_by(Sector.position, Sector.id)))
        .scalars()
        .all()
    )


async def components_of(session: AsyncSession, mission_id: int) -> Sequence[Component]:
    """A mission's components in the order of time."""
    statement = select(Component).where(Component.mission_id == mission_id).order_by(Component.starts_at, Component.id)
    return (await session.execute(statement)).scalars().all()


async def components_by_mission(session: AsyncSession, mission_ids: Collection[int]) -> dict[int, list[Component]]:
    """The components of several missions, in the order of time."""
    found: dict[int, list[Component]] = {one: [] for one in mission_ids}
    statement = (
        select(Component).where(Component.mission_id.in_(list(mission_ids))).order_by(Component.starts_at, Component.id)
    )
    for component in (await session.execute(statement)).scalars():
        found[component.mission_id].append(component)
    return found


async def places_by_component(session: AsyncSession, mission_id: int) -> dict[int, Places]:
    """How many places are taken and waited for in each component of a mission."""
    statement = (
        select(ApplicationPlace.component_id, ApplicationPlace.status, func.count())
        .join(Component, Component.id == ApplicationPlace.component_id)
        .where(Component.mission_id == mission_id, ApplicationPlace.status.in_(HELD_PLACES))
        .group_by(ApplicationPlace.component_id, ApplicationPlace.status)
    )
    counted: dict[int, dict[PlaceStatus, int]] = {}
    for component_id, status, number in await session.execute(statement):
        counted.setdefault(component_id, {})[status] = number
    return {
        component_id: Places(by_status.get(PlaceStatus.CONFIRMED, 0), by_status.get(PlaceStatus.WAITING, 0))
        for component_id, by_status in counted.items()
    }


async def heads(session: AsyncSession, mission_id: int) -> Heads:
    """How many go, and how many are not yet decided."""
    statement = (
        select(Application.status, Person.status, func.count())
        .join(Person, Person.id == Application.person_id)
        .where(Application.mission_id == mission_id)
        .group_by(Application.status, Person.status)
    )
    counted: dict[tuple[ApplicationStatus, bool], int] = {}
    for status, person_status, number in await session.execute(statement):
        key = (status, person_status is PersonStatus.GUEST)
        counted[key] = counted.get(key, 0) + number
    organisations = await session.execute(
        select(func.count(distinct(Person.organisation_id)))
        .join(Application, Application.person_id == Person.id)
        .where(Application.mission_id == mission_id, Application.status == ApplicationStatus.ACCEPTED)
    )

    def of(status: ApplicationStatus) -> int:
        return counted.get((status, False), 0) + counted.get((status, True), 0)

    return Heads(
        delegates=counted.get((ApplicationStatus.ACCEPTED, False), 0),
        guests=counted.get((ApplicationStatus.ACCEPTED, True), 0),
        organisations=organisations.scalar_one(),
        waiting=of(ApplicationStatus.WAITING),
        reserve=of(ApplicationStatus.RESERVE),
    )


async def programme_of(session: AsyncSession, mission_id: int) -> Sequence[ProgrammeItem]:
    """The lines of a mission's programme in the order of time."""
    statement = (
        select(ProgrammeItem)
        .where(ProgrammeItem.mission_id == mission_id)
        .order_by(ProgrammeItem.starts_at, ProgrammeItem.ends_at, ProgrammeItem.id)
    )
    return (await session.execute(statement)).scalars().all()


async def questions_of(session: AsyncSession, mission_id: int) -> Sequence[MissionQuestion]:
    """A mission's frequent questions in the order in which they were added."""
    statement = select(MissionQuestion).where(MissionQuestion.mission_id == mission_id).order_by(MissionQuestion.id)
    return (await session.execute(statement)).scalars().all()


async def find_question(session: AsyncSession, question_id: int) -> MissionQuestion | None:
    """One frequent question."""
    return await session.get(MissionQuestion, question_id)


def _applications() -> Select[Application]:
    return (
        select(Application)
        .options(
            joinedload(Application.person).joinedload(Person.organisation),
            joinedload(Application.mission),
        )
        .execution_options(populate_existing=True)
    )


async def find_application(session: AsyncSession, application_id: int) -> Application | None:
    """The application as it is now, with its person, their organisation and the mission."""
    return (await session.execute(_applications().where(Application.id == application_id))).scalar_one_or_none()


async def application_of(session: AsyncSession, mission_id: int, person_id: int) -> Application | None:
    """A person's application to a mission, with the same."""
    statement = _applications().where(Application.mission_id == mission_id, Application.person_id == person_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def applications_of(
    session: AsyncSession, person_id: int, mission_ids: Collection[int]
) -> dict[int, ApplicationStatus]:
    """Where a person's applications to these missions stand, by mission."""
    statement = select(Application.mission_id, Application.status).where(
        Application.person_id == person_id, Application.mission_id.in_(list(mission_ids))
    )
    return dict((await session.execute(statement)).all())


async def places_of(session: AsyncSession, application_id: int) -> Sequence[ApplicationPlace]:
    """An application's places with their components, in the order of time."""
    statement = (
        select(ApplicationPlace)
        .join(Component, Component.id == ApplicationPlace.component_id)
        .where(ApplicationPlace.application_id == application_id)
        .options(joinedload(ApplicationPlace.component))
        .order_by(Component.starts_at, Component.id)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalars().all()


async def waiting_positions(session: AsyncSession, places: Sequence[ApplicationPlace]) -> dict[int, int]:
    """The place in the waiting list of each WAITING place, by component; the first is 1."""
    found: dict[int, int] = {}
    for own in places:
        if own.status is not PlaceStatus.WAITING:
            continue
        ahead = await session.execute(
            select(func.count())
            .select_from(ApplicationPlace)
            .where(
                ApplicationPlace.component_id == own.component_id,
                ApplicationPlace.status == PlaceStatus.WAITING,
                or_(
                    ApplicationPlace.asked_at < own.asked_at,
                    and_(
                        ApplicationPlace.asked_at == own.asked_at,
                        ApplicationPlace.application_id < own.application_id,
                    ),
                ),
            )
        )
        found[own.component_id] = ahead.scalar_one() + 1
    return found


async def end_of_waiting(session: AsyncSession, component_id: int, now: datetime) -> datetime:
    """The moment that puts a newcomer at the end of a component's waiting list, even when the clock stands still."""
    last = (
        await session.execute(
            select(func.max(ApplicationPlace.asked_at)).where(
                ApplicationPlace.component_id == component_id, ApplicationPlace.status == PlaceStatus.WAITING
            )
        )
    ).scalar_one_or_none()
    return now if last is None or last < now else last + timedelta(microseconds=1)


async def first_waiting(session: AsyncSession, component_id: int, most: int) -> Sequence[ApplicationPlace]:
    """The places whose turn it is when some become free, as long as their delegates still take part."""
    statement = (
        select(ApplicationPlace)
        .join(Application, Application.id == ApplicationPlace.application_id)
        .join(Person, Person.id == Application.person_id)
        .where(
            ApplicationPlace.component_id == component_id,
            ApplicationPlace.status == PlaceStatus.WAITING,
            Application.status == ApplicationStatus.ACCEPTED,
            Person.status.in_(PARTICIPANTS),
        )
        .options(joinedload(ApplicationPlace.component))
        .order_by(ApplicationPlace.asked_at, ApplicationPlace.application_id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def replace_places(
    session: AsyncSession, application_id: int, component_ids: Collection[int], now: datetime
) -> None:
    """Ask for a place in these components and no others; what was asked before keeps its turn."""
    kept = set()
    for place in await places_of(session, application_id):
        if place.component_id in component_ids and place.status is PlaceStatus.ASKED:
            kept.add(place.component_id)
    await session.execute(
        delete(ApplicationPlace).where(
            ApplicationPlace.application_id == application_id, ApplicationPlace.component_id.not_in(kept)
        )
    )
    session.add_all(
        ApplicationPlace(application_id=application_id, component_id=one, status=PlaceStatus.ASKED, asked_at=now)
        for one in component_ids
        if one not in kept
    )
    await session.flush()


def _undecided() -> Select[Application]:
    # Those who have not been looked at first, then the reserve list, each in the order of coming.
    return (
        _applications()
        .join(Mission, Mission.id == Application.mission_id)
        .where(
            Application.status.in_(DECIDABLE_APPLICATIONS),
            Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]),
        )
        .order_by(Application.status.desc(), Application.applied_at, Application.id)
    )


async def undecided(session: AsyncSession, today: date, *, offset: int, most: int) -> Sequence[Application]:
    """Applications to missions not over that staff can still decide: waiting ones first, then the reserve list."""
    statement = _undecided().where(Mission.last_day >= today).offset(offset).limit(most)
    return (await session.execute(statement)).scalars().all()


async def count_undecided(
    session: AsyncSession, today: date, *, status: ApplicationStatus | None = None, mission_id: int | None = None
) -> int:
    """How many of them there are, all or of one status or mission."""
    statement = (
        select(func.count())
        .select_from(Application)
        .join(Mission, Mission.id == Application.mission_id)
        .where(
            Application.status.in_([status] if status else DECIDABLE_APPLICATIONS),
            Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]),
            Mission.last_day >= today,
        )
    )
    if mission_id is not None:
        statement = statement.where(Mission.id == mission_id)
    return (await session.execute(statement)).scalar_one()


async def members_without_application(session: AsyncSession, mission_id: int) -> list[int]:
    """Members who never applied to the mission."""
    applied = select(Application.person_id).where(Application.mission_id == mission_id)
    statement = (
        select(Person.id).where(Person.status == PersonStatus.MEMBER, Person.id.not_in(applied)).order_by(Person.id)
    )
    return list((await session.execute(statement)).scalars())


async def count_members(session: AsyncSession) -> int:
    """How many members there are."""
    statement = select(func.count()).select_from(Person).where(Person.status == PersonStatus.MEMBER)
    return (await session.execute(statement)).scalar_one()


async def deadlines_between(session: AsyncSession, now: datetime, until: datetime) -> list[int]:
    """Open missions whose deadline is in that time and whose reminders are not settled for it."""
    statement = (
        select(Mission.id)
        .where(
            Mission.status == MissionStatus.OPEN,
            Mission.deadline > now,
            Mission.deadline <= until,
            or_(Mission.reminded_for.is_(None), Mission.reminded_for != Mission.deadline),
        )
        .order_by(Mission.deadline, Mission.id)
    )
    return list((await session.execute(statement)).scalars())


async def journeys_of(session: AsyncSession, person_id: int, today: date) -> Sequence[Mission]:
    """The missions on which a person was accepted and that are not over, the next one first."""
    statement = (
        select(Mission)
        .join(Application, Application.mission_id == Mission.id)
        .where(
            Application.person_id == person_id,
            Application.status == ApplicationStatus.ACCEPTED,
            Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]),
            Mission.last_day >= today,
        )
        .order_by(Mission.first_day, Mission.id)
    )
    return (await session.execute(statement)).scalars().all()


async def guests_outside(session: AsyncSession, mission_id: int) -> Sequence[Person]:
    """Guests of the community who are not on this mission."""
    inside = select(Application.person_id).where(
        Application.mission_id == mission_id, Application.status == ApplicationStatus.ACCEPTED
    )
    statement = (
        select(Person)
        .where(Person.status == PersonStatus.GUEST, Person.id.not_in(inside))
        .options(joinedload(Person.organisation))
        .order_by(Person.name, Person.id)
    )
    return (await session.execute(statement)).scalars().all()


async def has_b2b(session: AsyncSession, mission_id: int) -> bool:
    """Whether B2B meetings are part of the mission."""
    statement = select(Component.id).where(Component.mission_id == mission_id, Component.kind == ComponentKind.B2B)
    return (await session.execute(statement.limit(1))).scalar_one_or_none() is not None


async def delegations_of(session: AsyncSession, person_id: int, *, runs_missions: bool) -> list[tuple[int, str]]:
    """The missions with whose delegates somebody shares what they know, by id and title, the next one first.

    Those that are not over and have accepted them; for who runs missions all of these.
    """
    statement = (
        select(Mission.id, Mission.title)
        .where(Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]))
        .order_by(Mission.first_day.desc(), Mission.id)
    )
    if not runs_missions:
        statement = statement.where(
            exists().where(
                Application.mission_id == Mission.id,
                Application.person_id == person_id,
                Application.status == ApplicationStatus.ACCEPTED,
            )
        )
    return [(number, title) for number, title in await session.execute(statement)]
