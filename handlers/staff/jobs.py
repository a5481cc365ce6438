"""What is due for the staff: notes, what was had for too long, acting that is over, and lists that have come."""

import asyncio
import logging

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify, notify_all
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.conversation.screen import FileReference
from handlers.sheets.faults import MissingExtra
from handlers.staff.acting_actions import tell
from handlers.staff.list_actions import LARGEST_FILE, kept_content
from handlers.staff.list_columns import Vocabulary
from handlers.staff.list_faults import ListFault
from handlers.staff.list_reading import ListContent, read_bytes
from handlers.staff.lists import vocabulary
from handlers.staff.rules import HOLD_LASTS
from storage.engine import Database, lock
from storage.enums import ImportState
from storage.models import ImportRun
from storage.queries import acting, lists, people, waiting
from storage.queries.waiting import known_keys

log = logging.getLogger(__name__)

FETCHES = 3
"""How often a file is asked for from its platform."""
SATURDAY = 5
"""As ``date.weekday`` counts."""


async def notes_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue the daily note for everybody who decides on something, once a working day. Returns for how many.

    Whether anything has waited for long is asked when it is sent: where nothing has, nothing comes.
    """
    local = clock.now().astimezone(community.zone)
    if local.weekday() >= SATURDAY or local.time() < community.staff.note_at:
        return 0
    day = local.date().isoformat()
    async with database.reading() as session:
        readers = await people.people_with(session, sorted(ROLES_FOR[Permission.DECIDE]))
        keys = {person: f"staffnote:{day}:{person}" for person in readers}
        known = await known_keys(session, list(keys.values()))
    due = [person for person, key in keys.items() if key not in known]
    if not due:
        return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        return await notify_all(ctx, due, "staff.note", dedup=keys.get)


async def holds_due(database: Database, _: Community, clock: Clock) -> int:
    """What somebody has had for a day is everybody's again; nobody is told. Returns 0: nothing is queued."""
    async with database.writing() as session:
        await waiting.release(session, clock.now() - HOLD_LASTS)
    return 0


async def acted_due(database: Database, community: Community, clock: Clock) -> int:
    """Tell people what was done for them, when the quarter of an hour is over. Returns how many were told."""
    async with database.reading() as session:
        if not await acting.untold(session, clock.now(), most=1):
            return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        return len(await tell(ctx))


async def lists_due(database: Database, community: Community, clock: Clock) -> int:
    """Read the files that have come, and forget what nobody joined or decided in time. Returns how many were read.

    A file is fetched and read outside any transaction; what it would change is computed when it is shown.
    """
    now = clock.now()
    async with database.reading() as session:
        runs = await lists.runs_to_read(session)
        words = await vocabulary(session) if runs else None
        forget = await lists.anything_to_forget(session, now)
    read = 0
    for run in runs:
        content = await _read(community, run, words) if words is not None else None
        async with database.writing() as session:
            held = await lock(session, ImportRun, ImportRun.id, run.id)
            if held is None or held.state is not ImportState.RECEIVED:
                continue
            held.tries += 1
            if content is None and held.tries < FETCHES:
                continue
            content = content or ListContent(faults=[ListFault(0, "", "unreadable")])
            held.content = kept_content(content)
            held.state = ImportState.REFUSED if content.faults else ImportState.READ
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            await notify(ctx, held.by_person_id, "staff.list_read", dedup=f"list:{held.id}", data={"run": held.id})
            read += 1
    if forget:
        async with database.writing() as session:
            await lists.forget_expired(session, now)
    return read


async def _read(community: Community, run: ImportRun, words: Vocabulary) -> ListContent | None:
    """What the file holds; ``None`` when it could not be fetched now."""
    if community.fetch_file is None:
        return None
    file = run.file
    reference = FileReference(str(file["platform"]), str(file["account"]), str(file["reference"]))
    try:
        content = await community.fetch_file(reference)
    except Exception as error:  # noqa: BLE001 - whatever a platform's library raises, the file was not had
        log.warning("a list could not be fetched", extra={"error": type(error).__name__})
        return None
    if len(content) > LARGEST_FILE:
        return ListContent(faults=[ListFault(0, "", "too_many")])
    try:
        return await asyncio.to_thread(read_bytes, run.kind, str(file.get("name", "")), content, words)
    except MissingExtra:
        log.warning("a workbook came, and the extra that reads it is not installed")
        return ListContent(faults=[ListFault(0, "", "no_workbooks")])
