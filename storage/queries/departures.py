"""What somebody who goes still holds, and where they stand."""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import LIVE_MEETINGS, ApplicationStatus, EventStatus
from storage.models import (
    Announcement,
    AnnouncementPlan,
    Application,
    AuditEntry,
    CommunityEvent,
    EventAnswer,
    Meeting,
    MeetingParty,
    Mission,
    Post,
    PostAnswer,
    Slot,
)


async def events_to_come(session: AsyncSession, person_id: int, now: datetime) -> list[int]:
    """Published events that have not begun and to which they said anything."""
    statement = (
        select(EventAnswer.event_id)
        .join(CommunityEvent, CommunityEvent.id == EventAnswer.event_id)
        .where(
            EventAnswer.person_id == person_id,
            CommunityEvent.status == EventStatus.PUBLISHED,
            CommunityEvent.starts_at > now,
        )
        .order_by(EventAnswer.event_id)
    )
    return list((await session.execute(statement)).scalars())


async def events_organised(session: AsyncSession, person_id: int) -> list[int]:
    """Events of any state that carry their name."""
    statement = select(CommunityEvent.id).where(CommunityEvent.organiser_id == person_id).order_by(CommunityEvent.id)
    return list((await session.execute(statement)).scalars())


async def posts_touched(session: AsyncSession, person_id: int) -> list[int]:
    """Posts that they wrote, answered or decided on."""
    answered = select(PostAnswer.post_id).where(PostAnswer.author_id == person_id)
    statement = (
        select(Post.id)
        .where(or_(Post.author_id == person_id, Post.decided_by == person_id, Post.id.in_(answered)))
        .order_by(Post.id)
    )
    return list((await session.execute(statement)).scalars())


async def answers_written(session: AsyncSession, person_id: int) -> list[int]:
    """Their answers below posts."""
    return list((await session.execute(select(PostAnswer.id).where(PostAnswer.author_id == person_id))).scalars())


async def missions_to_come(session: AsyncSession, person_id: int, today: date) -> list[int]:
    """Missions that are not over and to which they have applied."""
    statement = (
        select(Application.mission_id)
        .join(Mission, Mission.id == Application.mission_id)
        .where(
            Application.person_id == person_id,
            Application.status.not_in((ApplicationStatus.WITHDRAWN, ApplicationStatus.DECLINED)),
            Mission.last_day >= today,
        )
        .order_by(Application.mission_id)
    )
    return list((await session.execute(statement)).scalars())


async def missions_led(session: AsyncSession, person_id: int) -> list[int]:
    """Missions that carry their name."""
    return list((await session.execute(select(Mission.id).where(Mission.lead_id == person_id))).scalars())


async def applications_touched(session: AsyncSession, person_id: int) -> list[int]:
    """Applications that they made or decided on."""
    statement = select(Application.id).where(
        or_(Application.person_id == person_id, Application.decided_by == person_id)
    )
    return list((await session.execute(statement)).scalars())


async def meetings_of(session: AsyncSession, person_id: int) -> list[int]:
    """Meetings of any state."""
    return list(
        (await session.execute(select(MeetingParty.meeting_id).where(MeetingParty.person_id == person_id))).scalars()
    )


async def meetings_to_come(session: AsyncSession, person_id: int, now: datetime) -> list[Meeting]:
    """Open meetings whose time has not come, by mission."""
    statement = (
        select(Meeting)
        .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
        .outerjoin(Slot, Slot.id == Meeting.slot_id)
        .where(
            MeetingParty.person_id == person_id,
            Meeting.status.in_(LIVE_MEETINGS),
            or_(Slot.id.is_(None), Slot.starts_at > now),
        )
        .order_by(Meeting.mission_id, Meeting.id)
        .execution_options(populate_existing=True)
    )
    return list((await session.execute(statement)).scalars())


async def requests_decided(session: AsyncSession, person_id: int) -> list[int]:
    """People whose request to join they answered."""
    statement = select(AuditEntry.subject_id).where(
        AuditEntry.by_person_id == person_id, AuditEntry.action.in_(("join.approve", "join.refuse"))
    )
    return list((await session.execute(statement)).scalars())


async def announcements_touched(session: AsyncSession, person_id: int) -> list[int]:
    """Announcements that they wrote, confirmed or approved."""
    plans = select(AnnouncementPlan.announcement_id).where(
        or_(AnnouncementPlan.asked_by_id == person_id, AnnouncementPlan.approved_by_id == person_id)
    )
    statement = select(Announcement.id).where(or_(Announcement.author_id == person_id, Announcement.id.in_(plans)))
    return list((await session.execute(statement)).scalars())
