"""What people allowed. The latest row of a purpose counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import ConsentPurpose, Locale, Platform
from storage.models import Consent


async def given(session: AsyncSession, person_id: int) -> dict[ConsentPurpose, bool]:
    """What the person allows now; a purpose never answered is not allowed."""
    rows = await session.execute(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id))
    return dict.fromkeys(ConsentPurpose, False) | {row.purpose: row.given for row in rows.scalars()}


async def history(session: AsyncSession, person_id: int) -> Sequence[Consent]:
    """Everything that the person ever said, the newest first."""
    rows = await session.execute(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc()))
    return rows.scalars().all()


async def record(
    session: AsyncSession,
    person_id: int,
    answers: Mapping[ConsentPurpose, bool],
    *,
    version: str,
    locale: Locale,
    platform: Platform,
    now: datetime,
) -> None:
    """Add a row for each purpose whose answer, or whose text, is another: proof of what was said, where and when."""
    before = {row.purpose: (row.given, row.text_version) for row in reversed(await history(session, person_id))}
    for purpose, allowed in answers.items():
        if before.get(purpose) == (allowed, version):
            continue
        session.add(
            Consent(
                person_id=person_id,
                purpose=purpose,
                given=allowed,
                text_version=version,
                locale=locale,
                platform=platform,
                at=now,
            )
        )
