"""The declarations of who is asked about questions because they may know."""

from sqlalchemy import select

from storage.models import ExpertAsk, ExpertRound, Post
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, columns, is_person

EXPERTS = (
    Declared(
        model=ExpertRound,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="post_id begun_at next_at stopped_at", person="begun_by"),
        links=(
            Link(
                role="began",
                rows=is_person(ExpertRound.begun_by),
                export=(ExpertRound.post_id, ExpertRound.begun_at, ExpertRound.stopped_at),
                erase=Erase.CHANGE,
                blank={ExpertRound.begun_by: None},
            ),
        ),
        kept=Period.SUBJECT,
        why="For which questions those who may know are asked, until it is solved.",
    ),
    Declared(
        model=ExpertAsk,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="id post_id state at asked_at until", words="reasons", person="person_id named_by_id"),
        links=(
            Link(
                role="asked",
                rows=is_person(ExpertAsk.person_id),
                export=(ExpertAsk.post_id, ExpertAsk.state, ExpertAsk.reasons, ExpertAsk.at, ExpertAsk.asked_at),
                beside={"post": lambda: select(Post.title).where(Post.id == ExpertAsk.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
            Link(
                role="named somebody",
                rows=is_person(ExpertAsk.named_by_id),
                export=(ExpertAsk.post_id, ExpertAsk.at),
                erase=Erase.CHANGE,
                blank={ExpertAsk.named_by_id: None},
            ),
        ),
        kept=Period.READINGS,
        why="Who was asked about a question and why, so that nobody is asked twice or too often.",
    ),
)
