"""Drafts, what came in and went out, the web chat's messages."""

from sqlalchemy import and_, or_, select

from storage.enums import SubjectKind
from storage.models import (
    ActingSession,
    Application,
    AuditEntry,
    CardCopy,
    Draft,
    InboxEvent,
    Lease,
    OutboxMessage,
    Post,
    SecondPing,
    WebMessage,
)
from storage.personal.terms import (
    Chapter,
    Declared,
    Erase,
    Link,
    Period,
    columns,
    is_person,
)

_ABOUT_ME = lambda who: or_(  # noqa: E731 - a value of the declaration
    and_(AuditEntry.subject_kind == SubjectKind.PERSON, AuditEntry.subject_id == who.id),
    and_(
        AuditEntry.subject_kind == SubjectKind.APPLICATION,
        AuditEntry.subject_id.in_(select(Application.id).where(Application.person_id == who.id)),
    ),
    and_(
        AuditEntry.subject_kind == SubjectKind.POST,
        AuditEntry.subject_id.in_(select(Post.id).where(Post.author_id == who.id)),
    ),
    AuditEntry.acting_id.in_(select(ActingSession.id).where(ActingSession.person_id == who.id)),
)

CONVERSATION = (
    Declared(
        model=AuditEntry,
        chapter=Chapter.DECISIONS,
        says=columns(
            plain="id at action subject_kind subject_id anonymised acting_id", words="reason", person="by_person_id"
        ),
        links=(
            Link(
                role="about me",
                rows=_ABOUT_ME,
                export=(AuditEntry.at, AuditEntry.action, AuditEntry.reason),
                erase=Erase.CHANGE,
                blank={AuditEntry.reason: "", AuditEntry.anonymised: True},
            ),
            Link(
                role="decided by me",
                rows=is_person(AuditEntry.by_person_id),
                export=(AuditEntry.at, AuditEntry.action),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.AUDIT,
        why="Decisions stay, with a number in the place of the person; the reasons about them go.",
    ),
    Declared(
        model=Draft,
        chapter=Chapter.FORMS,
        says=columns(
            plain="id form step started_at touched_at",
            words="context values fixing",
            person="person_id",
            address="open_in",
        ),
        links=(
            Link(
                role="author",
                rows=is_person(Draft.person_id),
                export=(Draft.form, Draft.values, Draft.started_at, Draft.touched_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.DRAFTS,
        why="Half-filled forms.",
    ),
    Declared(
        model=WebMessage,
        chapter=Chapter.MESSAGES,
        says=columns(plain="id message_id token at", words="content", address="chat author"),
        links=(
            Link(
                role="author",
                rows=lambda who: WebMessage.author.in_([one.user for one in who.accounts if one.platform == "web"]),
                export=(WebMessage.at, WebMessage.content),
                erase=Erase.DELETE,
            ),
            Link(
                role="chat",
                rows=lambda who: who.on_web(WebMessage.chat, WebMessage.author),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.CHATS,
        why="The web chat's history, which no platform keeps for us.",
    ),
    Declared(
        model=InboxEvent,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id platform account event_id received_at closed_at tries taken_by",
            words="payload",
            address="person",
        ),
        links=(
            Link(
                role="sender",
                rows=lambda who: who.acts(InboxEvent.platform, InboxEvent.account, InboxEvent.person),
                export=(InboxEvent.platform, InboxEvent.received_at, InboxEvent.closed_at),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.INBOX,
        why="What came in; emptied when handled, its id kept for a day so that nothing is done twice.",
    ),
    Declared(
        model=OutboxMessage,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id platform account kind op card priority rank state due_at expires_at dedup_key policy_again "
            "urgent announcement_id attempts claim created_at claimed_at finished_at failure",
            words="data",
            person="person_id",
            address="chat thread target message_id",
        ),
        links=(
            Link(
                role="reader",
                rows=lambda who: or_(
                    OutboxMessage.person_id == who.id,
                    who.reads(OutboxMessage.platform, OutboxMessage.account, OutboxMessage.chat),
                ),
                export=(
                    OutboxMessage.platform,
                    OutboxMessage.kind,
                    OutboxMessage.state,
                    OutboxMessage.created_at,
                    OutboxMessage.finished_at,
                ),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.OUTBOX,
        why="What is sent; results of announcements stay counted.",
    ),
    Declared(
        model=SecondPing,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id first_id second_id created_at answered_at answered_id closed_at",
            words="note closing",
            person="person_id",
        ),
        links=(Link(role="reader", rows=is_person(SecondPing.person_id), erase=Erase.DELETE),),
        kept=Period.OUTBOX,
        why="What was repeated on another platform.",
    ),
    Declared(
        model=CardCopy,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id card platform account posted_at",
            words="note",
            person="person_id",
            address="chat thread message_id",
        ),
        links=(
            Link(
                role="reader",
                rows=lambda who: or_(
                    CardCopy.person_id == who.id, who.reads(CardCopy.platform, CardCopy.account, CardCopy.chat)
                ),
                export=(CardCopy.card, CardCopy.platform, CardCopy.posted_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="Where a live card stands, so that it can be redrawn.",
    ),
    Declared(
        model=Lease,
        chapter=Chapter.NONE,
        says=columns(plain="name holder until"),
        kept=Period.MOMENT,
        why="About processes, not people.",
    ),
)
