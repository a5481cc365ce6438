"""Half-filled forms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Draft


async def draft_of(session: AsyncSession, person_id: int, form: str) -> Draft | None:
    """The person's draft of that form."""
    return (
        await session.execute(select(Draft).where(Draft.person_id == person_id, Draft.form == form))
    ).scalar_one_or_none()


async def drafts_of(session: AsyncSession, person_id: int) -> Sequence[Draft]:
    """All drafts of a person, the one touched last first."""
    return (
        (await session.execute(select(Draft).where(Draft.person_id == person_id).order_by(Draft.touched_at.desc())))
        .scalars()
        .all()
    )


_OPEN_DRAFT = (
    select(Draft)
    .where(Draft.person_id == bindparam("person"), Draft.open_in == bindparam("chat"))
    .order_by(Draft.touched_at.desc())
    .limit(1)
)


async def open_draft(session: AsyncSession, person_id: int, chat: str) -> Draft | None:
    """The draft that typed text in this chat answers."""
    return (await session.execute(_OPEN_DRAFT, {"person": person_id, "chat": chat})).scalar_one_or_none()


async def rest_drafts(session: AsyncSession, person_id: int, chat: str) -> None:
    """Typed text in this chat answers no draft any more; the drafts stay."""
    await session.execute(update(Draft).where(Draft.person_id == person_id, Draft.open_in == chat).values(open_in=""))


async def start_draft(
    session: AsyncSession, person_id: int, form: str, context: dict[str, Any], now: datetime
) -> Draft:
    """The person's draft of that form; answers given for another subject are not carried over."""
    draft = await draft_of(session, person_id, form)
    if draft is None:
        draft = Draft(
            person_id=person_id, form=form, context=context, values={}, fixing={}, started_at=now, touched_at=now
        )
        session.add(draft)
    elif draft.context != context:
        draft.context, draft.values, draft.fixing, draft.step, draft.started_at = context, {}, {}, "", now
    draft.touched_at = now
    await session.flush()
    return draft
