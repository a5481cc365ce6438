"""Putting somebody's data together: asked for in the chat, made in the background, thrown away when it has arrived."""

import asyncio
import logging

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify
from handlers.conversation.texts import texts_for
from handlers.privacy.archive import About, KeptFile, archive, files_in
from storage.engine import Database, lock
from storage.enums import PersonStatus
from storage.models import DataExport, Person
from storage.queries import data_exports, personal_data

log = logging.getLogger(__name__)

MOST_BYTES = 40 * 1024 * 1024
"""Bytes of files in one archive: a Telegram bot sends up to 50 MB (Bot API, sendDocument); the rest stay references."""


async def ask(ctx: ReadContext, person_id: int) -> bool:
    """Ask for a copy; false when one is on its way already."""
    if await data_exports.open_export(ctx.session, person_id) is not None:
        return False
    ctx.session.add(DataExport(person_id=person_id, asked_at=ctx.now))
    await ctx.session.flush()
    return True


async def exports_due(database: Database, community: Community, clock: Clock) -> int:
    """Make the copies that were asked for, and throw away those that have arrived. Returns how many were made."""
    async with database.reading() as session:
        waiting = await data_exports.to_make(session)
    for export_id, person_id in waiting:
        content = await packed(database, community, clock, person_id)
        async with database.writing() as session:
            row = await lock(session, DataExport, DataExport.id, export_id)
            if row is None or row.made_at is not None:
                continue  # erased meanwhile, or another process was faster
            if content is None:
                row.closed_at = clock.now()
                continue
            row.content, row.made_at = content, clock.now()
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            await notify(
                ctx, person_id, "privacy.export", dedup=data_exports.delivery_key(export_id), data={"export": export_id}
            )
    await _close(database, community, clock)
    return len(waiting)


async def _close(database: Database, community: Community, clock: Clock) -> None:
    before = clock.now() - community.retention.exports
    async with database.reading() as session:
        due = [one.id for one in await data_exports.to_close(session, before)]
    if not due:
        return
    async with database.writing() as session:
        for export_id in due:
            row = await lock(session, DataExport, DataExport.id, export_id)
            if row is not None:
                row.content, row.closed_at = None, clock.now()


async def packed(database: Database, community: Community, clock: Clock, person_id: int) -> bytes | None:
    """The archive of somebody's data; ``None`` when there is nobody of that id."""
    async with database.reading() as session:
        person = await session.get(Person, person_id)
        if person is None or person.status is PersonStatus.ERASED:
            return None
        who = await personal_data.whose(session, person_id, community.codes.account)
        found = await personal_data.sections(session, who)
    files = await _fetched(community, files_in(found))
    about = About(person_id, community.name, community.controller, community.contact, clock.now(), community.zone)
    return await asyncio.to_thread(archive, about, found, files, texts_for(person.locale))


async def _fetched(community: Community, files: list[KeptFile]) -> list[KeptFile]:
    """The files with their bytes, as far as the platforms hand them out and the archive has room."""
    room, done = MOST_BYTES, list[KeptFile]()
    for one in files:
        content: bytes | None = None
        if community.fetch_file is not None:
            try:
                content = await community.fetch_file(one.reference)
            except Exception as error:  # noqa: BLE001 - whatever the platform says, the rest of the data is handed over
                log.info("a file is left as a reference", extra={"error": type(error).__name__})
        if content is not None and len(content) <= room:
            room -= len(content)
            done.append(KeptFile(one.reference, one.name, one.mime, content))
        else:
            done.append(one)
    return done
