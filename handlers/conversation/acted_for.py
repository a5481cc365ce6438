"""How the router carries out what one of the staff does for somebody else: as whom, with which marks, and the log."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from handlers.conversation import acting, drafting
from handlers.conversation.acting import Acting
from handlers.conversation.codec import screen_from_json
from handlers.conversation.context import Context
from handlers.conversation.event import EventKind, Replies, Toast
from handlers.conversation.form import Form
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Button, Screen
from storage.changes import watched
from storage.enums import PARTICIPANTS, SubjectKind
from storage.models import AuditEntry
from storage.queries.acting import open_session, pressed_message

DID = "acting.did"
"""The log's word for something that changed anything."""
LOOKED = "acting.looked"
"""The log's word for something that only showed something, or was refused."""
WORDS_LENGTH = 300
TOAST_LENGTH = 200
"""Bot API, answerCallbackQuery."""
CARRIES_MARK = frozenset({EventKind.PRESS, EventKind.SUBMIT, EventKind.ABANDON})
OUTSIDE = frozenset({EventKind.JOINED, EventKind.LEFT, EventKind.MOVED})
"""What platforms tell, and no person does."""
BY_THE_WAY = frozenset(
    {"accounts", "audit", "card_copies", "drafts", "inbox", "post_readings", "second_pings", "web_messages"}
)
"""Tables that change when somebody only looks, or is still filling in a form."""


async def enter(ctx: Context) -> None:
    """Make the context that of whom one of the staff acts for, where that is so.

    A press or a window counts by its mark alone: without one it is the staff's own, with the mark of a session that is
    over it is nobody's. What is typed in private while a session is open is that person's.
    """
    event = ctx.event
    marked, action = acting.unmark(event.action) if event.kind is EventKind.PRESS else (0, event.action)
    in_window, context = acting.unmark_context(event.form_context)
    number = marked or in_window
    if number:
        ctx.event = event = replace(event, action=action, form_context=context)
    if event.kind in OUTSIDE or (event.kind in CARRIES_MARK and not number):
        return
    ctx.left_acting = bool(number)
    if ctx.person is None or ctx.account is None or not event.private or not ctx.may(Permission.STAFF):
        return
    found = await open_session(ctx.session, ctx.account.id, ctx.now)
    if found is None or number not in {0, found[0].id} or found[1].status not in PARTICIPANTS:
        return
    session, person = found
    ctx.acting = Acting(session.id, ctx.person, person.name)
    ctx.person, ctx.roles, ctx.left_acting = person, frozenset(), False


async def carry_out(ctx: Context, dispatch: Callable[[Context], Awaitable[Replies]]) -> Replies:
    """Do it, and write down who did what for whom, whether or not it changed anything."""
    open_now = ctx.acting
    if open_now is None:
        raise RuntimeError("nobody acts for anybody")
    person = ctx.me
    words = await _in_words(ctx)
    with watched(ctx.session) as tables, _entries_of(ctx, open_now):
        replies = await dispatch(ctx)
        await ctx.session.flush()
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=open_now.staff.id,
            action=DID if tables - BY_THE_WAY else LOOKED,
            subject_kind=SubjectKind.PERSON,
            subject_id=person.id,
            reason=words[:WORDS_LENGTH],
            acting_id=open_now.id,
        )
    )
    return replies


@contextmanager
def _entries_of(ctx: Context, open_now: Acting) -> Iterator[None]:
    """What features write into the log meanwhile was decided by who acts, not by whom they act for."""

    def about_to_flush(session: Session, *_: object) -> None:
        for one in session.new:
            if isinstance(one, AuditEntry):
                one.by_person_id, one.acting_id = open_now.staff.id, open_now.id

    listen(ctx.session.sync_session, "before_flush", about_to_flush)
    try:
        yield
    finally:
        remove(ctx.session.sync_session, "before_flush", about_to_flush)


async def _in_words(ctx: Context) -> str:
    """What was done, as it stood on the screen: the button and what it stood below, the form, the command."""
    event = ctx.event
    match event.kind:
        case EventKind.PRESS:
            return await _button(ctx)
        case EventKind.SUBMIT | EventKind.ABANDON:
            draft = await drafting.own_draft(ctx, event.form)
            return (await drafting.title_of(ctx, draft) if draft is not None else "") or event.form
        case EventKind.COMMAND:
            return f"/{event.action}"
        case _:
            command = event.text.strip().split(" ")[0]
            return command[:40] if command.startswith("/") else ctx.t("wrote a message")


async def _button(ctx: Context) -> str:
    event, open_now = ctx.event, ctx.acting
    if event.message is None or open_now is None:
        return event.action
    chat, message_id = event.message.address.chat, event.message.message_id
    row = await pressed_message(ctx.session, open_now.staff.id, chat, message_id)
    if row is None or "screen" not in row.data:
        return event.action
    shown = screen_from_json(row.data["screen"])
    wanted = acting.mark(event.action, open_now.id)
    line = shown.line.removeprefix(f"{acting.banner(open_now.person, ctx.t)}: ")
    label = next((one.label for one in shown.buttons if isinstance(one, Button) and one.action == wanted), "")
    return f"“{label}” – {line}" if label else event.action


def drawn(ctx: Context, shown: Screen) -> Screen:
    """The screen with banner and marks while acting, otherwise as it is."""
    return acting.drawn(shown, ctx.acting, ctx.t) if ctx.acting else shown


def window(ctx: Context, form: Form | None) -> Form | None:
    """The window with banner and mark while acting, otherwise as it is."""
    return acting.window(form, ctx.acting, ctx.t) if ctx.acting and form is not None else form


def toast(ctx: Context, said: Toast) -> Toast:
    """The toast with the name before it while acting, otherwise as it is."""
    if ctx.acting is None:
        return said
    return replace(said, text=f"{ctx.acting.person}: {said.text}"[:TOAST_LENGTH])
