"""Reports about posts and answers: what is open, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import PostStatus, ReportOutcome, SubjectKind
from storage.models import ContentReport, Post

WHOLE_REPORT = (
    joinedload(ContentReport.post),
    joinedload(ContentReport.by_person),
    joinedload(ContentReport.about_person),
)


def waiting(*, but_about: int) -> Select[int, datetime]:
    """Reports that nobody has dealt with, about what is still there and that one person did not write."""
    return (
        select(ContentReport.id.label("subject_id"), ContentReport.at.label("since"))
        .join(Post, Post.id == ContentReport.post_id)
        .where(
            ContentReport.settled_at.is_(None),
            ContentReport.about_person_id != but_about,
            Post.status == PostStatus.PUBLISHED,
            or_(ContentReport.kind == SubjectKind.POST, ContentReport.answer_id.is_not(None)),
        )
    )


async def find(session: AsyncSession, report_id: int) -> ContentReport | None:
    """A report with its post, who reported and whom it is about."""
    statement = (
        select(ContentReport)
        .where(ContentReport.id == report_id)
        .options(*WHOLE_REPORT)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def by_person(session: AsyncSession, person_id: int, post_id: int, answer_id: int | None) -> ContentReport | None:
    """Somebody's report about a post, or about an answer below it."""
    about = _about(post_id, answer_id)
    statement = select(ContentReport).where(ContentReport.by_person_id == person_id, *about)
    return (await session.execute(statement)).scalar_one_or_none()


def _about(post_id: int, answer_id: int | None) -> list[ColumnElement[bool]]:
    if answer_id is None:
        return [ContentReport.kind == SubjectKind.POST, ContentReport.post_id == post_id]
    return [ContentReport.kind == SubjectKind.ANSWER, ContentReport.answer_id == answer_id]


async def open_about(session: AsyncSession, post_id: int, answer_id: int | None) -> Sequence[ContentReport]:
    """All reports about one thing that nobody has dealt with, the oldest first."""
    statement = (
        select(ContentReport)
        .where(ContentReport.settled_at.is_(None), *_about(post_id, answer_id))
        .order_by(ContentReport.id)
    )
    return (await session.execute(statement)).scalars().all()


async def open_at(session: AsyncSession, post_id: int) -> Sequence[ContentReport]:
    """All reports about a post and the answers below it that nobody has dealt with."""
    statement = (
        select(ContentReport)
        .where(ContentReport.settled_at.is_(None), ContentReport.post_id == post_id)
        .order_by(ContentReport.id)
    )
    return (await session.execute(statement)).scalars().all()


async def settle(
    session: AsyncSession,
    report: ContentReport,
    outcome: ReportOutcome,
    by_person_id: int | None,
    now: datetime,
    *,
    note: str = "",
) -> None:
    """Note what became of one report; nobody decided where ``by_person_id`` is ``None``."""
    report.outcome, report.settled_at, report.settled_by, report.note = outcome, now, by_person_id, note
    await session.flush()


async def lines(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, SubjectKind, str]]:
    """Reports: number, about what, the post's title."""
    rows = await session.execute(
        select(ContentReport.id, ContentReport.kind, Post.title)
        .join(Post, Post.id == ContentReport.post_id)
        .where(ContentReport.id.in_(ids))
    )
    return [(number, kind, title) for number, kind, title in rows]


async def touching(session: AsyncSession, person_id: int) -> list[int]:
    """Reports of or about somebody, below their posts, or that they decided on."""
    theirs = select(Post.id).where(Post.author_id == person_id)
    statement = select(ContentReport.id).where(
        or_(
            ContentReport.post_id.in_(theirs),
            ContentReport.by_person_id == person_id,
            ContentReport.about_person_id == person_id,
            ContentReport.settled_by == person_id,
        )
    )
    return list((await session.execute(statement)).scalars())
