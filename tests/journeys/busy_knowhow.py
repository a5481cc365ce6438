"""The same busy person among posts: votes, saved posts, reminders, reports, followed calls, partners."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import ExpertState, SubjectKind
from storage.models import (
    AnswerVote,
    BlindInterest,
    CallFollow,
    CallPartner,
    CallReminder,
    ContentReport,
    ExpertAsk,
    ExpertRound,
    Post,
    PostAnswer,
    PostOutcome,
    PostReminder,
    PostSave,
    PostVote,
)

WORDS = (
    "reclamo-pervinca", "rimprovero-biancaspina", "partner-sicomoro", "perizia-ginestrina", "interesse-melograno",
    "descrizione-ribes", "recapito-corbezzolo",
)  # fmt: skip
"""What she wrote, or what was written about her: each stands nowhere else."""


async def reads(session: AsyncSession, me: int, other: int, now: datetime) -> None:
    """Fill the tables of readers with what is hers."""
    theirs = (await session.execute(select(Post).where(Post.author_id == other))).scalars().first()
    mine = (await session.execute(select(Post).where(Post.author_id == me))).scalars().first()
    answer = (await session.execute(select(PostAnswer).where(PostAnswer.author_id == me))).scalars().first()
    assert theirs is not None
    assert mine is not None
    assert answer is not None
    session.add_all(
        [
            PostVote(post_id=theirs.id, person_id=me, at=now),
            AnswerVote(answer_id=answer.id, person_id=other, at=now),
            PostSave(post_id=theirs.id, person_id=me, at=now),
            PostReminder(post_id=theirs.id, person_id=me, day=(now + timedelta(days=90)).date(), at=now),
            PostOutcome(post_id=theirs.id, answer_id=answer.id, at=now),
            ContentReport(
                kind=SubjectKind.POST, post_id=theirs.id, by_person_id=me, about_person_id=other, reason=WORDS[0],
                at=now,
            ),
            ContentReport(
                kind=SubjectKind.ANSWER, post_id=theirs.id, answer_id=answer.id, by_person_id=other,
                about_person_id=me, reason="Non va", note=WORDS[1], at=now, settled_at=now, settled_by=me,
            ),
            BlindInterest(
                post_id=theirs.id, person_id=me, about=WORDS[5], message=WORDS[4], contact=WORDS[6], at=now,
                expires_at=now + timedelta(days=14),
            ),
            CallFollow(person_id=me, post_id=theirs.id, scope=f"{theirs.id}:0:0", at=now),
            CallReminder(post_id=theirs.id, days_before=7, reminded_for=now),
            CallPartner(post_id=theirs.id, person_id=me, sentence=WORDS[2], at=now),
            ExpertRound(post_id=theirs.id, begun_by=me, begun_at=now, next_at=now, stopped_at=now),
            ExpertAsk(
                post_id=theirs.id, person_id=me, state=ExpertState.DECLINED, reasons=[f"profile:{WORDS[3]}"],
                at=now, asked_at=now, until=now,
            ),
            ExpertAsk(
                post_id=mine.id, person_id=other, state=ExpertState.NEXT, named_by_id=me, at=now,
            ),
        ]
    )  # fmt: skip
