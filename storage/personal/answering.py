"""The declarations of what readers do with posts, answers and funding calls."""

from sqlalchemy import select

from storage.models import (
    AnswerVote,
    CallFollow,
    CallPartner,
    CallReminder,
    ContentReport,
    Post,
    PostOutcome,
    PostReminder,
    PostSave,
    PostVote,
)
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, columns, is_person

ANSWERING = (
    Declared(
        model=PostVote,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="post_id at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(PostVote.person_id),
                export=(PostVote.post_id, PostVote.at),
                beside={"post": lambda: select(Post.title).where(Post.id == PostVote.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="One vote each; others see the number only.",
    ),
    Declared(
        model=AnswerVote,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="answer_id at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(AnswerVote.person_id),
                export=(AnswerVote.answer_id, AnswerVote.at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="One vote each; others see the number only.",
    ),
    Declared(
        model=PostSave,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="post_id at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(PostSave.person_id),
                export=(PostSave.post_id, PostSave.at),
                beside={"post": lambda: select(Post.title).where(Post.id == PostSave.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Until its reader takes it off; nobody else sees it.",
    ),
    Declared(
        model=PostReminder,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="post_id day at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(PostReminder.person_id),
                export=(PostReminder.post_id, PostReminder.day, PostReminder.at),
                beside={"post": lambda: select(Post.title).where(Post.id == PostReminder.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Until its day has come; nobody else sees it.",
    ),
    Declared(
        model=PostOutcome,
        chapter=Chapter.NONE,
        says=columns(plain="post_id answer_id at"),
        kept=Period.SUBJECT,
        why="What became of a question; who asked and who answered stand in their own rows.",
    ),
    Declared(
        model=ContentReport,
        chapter=Chapter.DECISIONS,
        says=columns(
            plain="id kind post_id answer_id outcome at settled_at",
            words="reason note",
            person="by_person_id about_person_id settled_by",
        ),
        links=(
            Link(
                role="reported by me",
                rows=is_person(ContentReport.by_person_id),
                export=(ContentReport.post_id, ContentReport.reason, ContentReport.outcome, ContentReport.at),
                erase=Erase.DELETE,
            ),
            Link(
                role="about me",
                rows=is_person(ContentReport.about_person_id),
                export=(ContentReport.post_id, ContentReport.note, ContentReport.outcome, ContentReport.settled_at),
                erase=Erase.DELETE,
            ),
            Link(
                role="decided by me",
                rows=is_person(ContentReport.settled_by),
                export=(ContentReport.id, ContentReport.outcome, ContentReport.settled_at),
                erase=Erase.CHANGE,
                blank={ContentReport.settled_by: None},
            ),
        ),
        kept=Period.AUDIT,
        why="Reports to the staff. Whom they are about is not told who reported, nor in which words.",
    ),
    Declared(
        model=CallFollow,
        chapter=Chapter.PREFERENCES,
        says=columns(plain="id post_id kind_id sector_id scope wanted at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(CallFollow.person_id),
                export=(
                    CallFollow.post_id,
                    CallFollow.kind_id,
                    CallFollow.sector_id,
                    CallFollow.wanted,
                    CallFollow.at,
                ),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Whose deadlines somebody follows.",
    ),
    Declared(
        model=CallReminder,
        chapter=Chapter.NONE,
        says=columns(plain="post_id days_before reminded_for"),
        kept=Period.SUBJECT,
        why="What was told of a call's deadline, so that it is told once.",
    ),
    Declared(
        model=CallPartner,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="id post_id at", words="sentence", person="person_id"),
        links=(
            Link(
                role="looks for a partner",
                rows=is_person(CallPartner.person_id),
                export=(CallPartner.post_id, CallPartner.sentence, CallPartner.at),
                beside={"post": lambda: select(Post.title).where(Post.id == CallPartner.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.READINGS,
        why="Who looks for a partner for a call, in their own words, until they take it back; past calls go.",
    ),
)
