"""The commands of `community-bot privacy`.

Exit codes: 0 done; 1 the settings or the store cannot be used; 2 there is no such person, or the options make no sense
together; 3 not confirmed, so nothing was changed; 4 refused: one of the last two owners.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.command_line import ConfigOption, fail, run_async, settings_of
from storage.enums import Locale, Platform

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.config import Settings
    from handlers.conversation.context import Community
    from storage.engine import Database

NOBODY = 2
NOT_CONFIRMED = 3
LAST_OWNER = 4
PERSON = re.compile(r"(\d{1,18})|(telegram|slack|web):(.{1,80})")

Result = TypeVar("Result")

privacy_app = typer.Typer(
    help="Personal data: purge, one person's copy or erasure, the record of processing. May run beside the bot.",
    no_args_is_help=True,
)

PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="Their number, or their id on a platform: 12, telegram:4711, slack:U12.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, for scripts.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For scripts.")]


def _community(settings: "Settings") -> "Community":
    from handlers.conversation.context import Community

    return Community(
        name=settings.community.name,
        locale=settings.community.default_language,
        zone=ZoneInfo(settings.community.timezone),
        slash_command=settings.community.slash_command,
        controller=settings.community.controller,
        contact=settings.community.contact,
        retention=settings.privacy.retention.lengths(),
    )


def _with_store(settings: "Settings", work: "Callable[[Database], Awaitable[Result]]") -> Result:
    from bot.commands.outbox.report import StoreNotReadyError, opened
    from handlers.router import load_features

    logging.getLogger("alembic").setLevel(logging.WARNING)
    load_features()

    async def run() -> Result:
        async with opened(settings) as database:
            return await work(database)

    try:
        result: Result = run_async(run())
    except StoreNotReadyError as error:
        fail(str(error))
    return result


async def _find(session: "AsyncSession", named: str) -> int | None:
    """The number of the person who is meant; ``None`` when there is nobody."""
    from sqlalchemy import select

    from storage.enums import PersonStatus
    from storage.models import Account, Person

    found = PERSON.fullmatch(named.strip())
    if found is None:
        return None
    if found[1]:
        person = await session.get(Person, int(found[1]))
        return person.id if person is not None and person.status is not PersonStatus.ERASED else None
    statement = select(Account.person_id).where(Account.platform == Platform(found[2]), Account.user == found[3])
    return (await session.execute(statement.limit(1))).scalar_one_or_none()


def _nobody(named: str) -> None:
    fail(f"There is nobody {named!r}; write a number like 12, or an id like telegram:4711.", NOBODY)


@privacy_app.command()
def purge(
    config: ConfigOption = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let go of what is older than [privacy.retention] says; the running bot does the same once a day."""
    from handlers.conversation.clock import SystemClock
    from handlers.privacy import purging

    settings = settings_of(config)
    community, clock = _community(settings), SystemClock()

    async def look(database: "Database") -> dict[str, int]:
        async with database.reading() as session:
            return await purging.counted_due(session, community, clock.now())

    due = _with_store(settings, look)
    if dry_run:
        _show(due, as_json=as_json)
        return
    if not yes and not _agreed(f"Let go of {sum(due.values())} rows and people?"):
        fail("Nothing was changed.", NOT_CONFIRMED)
    done = _with_store(settings, lambda database: purging.purge(database, community, clock))
    _show(done, as_json=as_json)


def _show(numbers: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(numbers, indent=2))
        return
    for name, number in numbers.items():
        if number:
            typer.echo(f"{name:16} {number}")
    if not any(numbers.values()):
        typer.echo("Nothing is too old.")


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question, default=False)
    except typer.Abort:
        return False


@privacy_app.command()
def export(
    person: PersonArgument,
    config: ConfigOption = None,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where the archive is written.")] = None,
) -> None:
    """Write everything that is held about a person into a zip; noted in the audit log."""
    from handlers.conversation.clock import SystemClock
    from handlers.privacy.exporting import packed
    from storage.enums import SubjectKind
    from storage.models import AuditEntry

    settings = settings_of(config)
    community, clock = _community(settings), SystemClock()

    async def work(database: "Database") -> tuple[int, bytes | None]:
        async with database.reading() as session:
            person_id = await _find(session, person)
        if person_id is None:
            return 0, None
        content = await packed(database, community, clock, person_id)
        async with database.writing() as session:
            session.add(
                AuditEntry(
                    at=clock.now(),
                    by_person_id=None,
                    action="person.export",
                    subject_kind=SubjectKind.PERSON,
                    subject_id=person_id,
                    reason="command line",
                )
            )
        return person_id, content

    person_id, content = _with_store(settings, work)
    if content is None:
        _nobody(person)
        return
    path = output or Path(f"person-{person_id}.zip")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
    typer.echo(f"{len(content)} bytes in {path}. Hand it to that person alone, then delete it.")


@privacy_app.command()
def erase(
    person: PersonArgument,
    config: ConfigOption = None,
    *,
    posts: Annotated[
        str, typer.Option(help="What becomes of published posts: keep (without the name) or erase.")
    ] = "keep",
    reason: Annotated[str, typer.Option("--reason", help="Why, for the audit log, without the name.")] = "",
    yes: YesOption = False,
) -> None:
    """Erase a person; the running bot takes their name out of what it has posted."""
    from handlers.conversation.clock import SystemClock
    from handlers.privacy.erasing import LastOwnerError, NobodyError, erase_person
    from handlers.privacy.purging import context

    if posts not in {"keep", "erase"}:
        fail("--posts is keep or erase.", NOBODY)
    settings = settings_of(config)
    community, clock = _community(settings), SystemClock()

    async def find(database: "Database") -> int | None:
        async with database.reading() as session:
            return await _find(session, person)

    person_id = _with_store(settings, find)
    if person_id is None:
        _nobody(person)
        return
    if not yes and not _agreed(f"Erase person {person_id} for good? Nobody can bring the data back."):
        fail("Nothing was changed.", NOT_CONFIRMED)

    async def work(database: "Database") -> dict[str, int]:
        async with database.writing() as session:
            done = await erase_person(
                context(session, community, clock),
                person_id,
                keep_posts=posts == "keep",
                action="person.erase_by_operator",
                reason=reason,
            )
        await database.forget_old_pages()
        return dict(done.rows) | {"messages redrawn": done.redrawn, "messages deleted": done.deleted}

    try:
        done = _with_store(settings, work)
    except NobodyError:
        _nobody(person)
        return
    except LastOwnerError:
        fail("One of the last two owners: make somebody else an owner first (`community-bot staff add`).", LAST_OWNER)
    for name, number in done.items():
        if number:
            typer.echo(f"{name:20} {number}")
    typer.echo(f"Erased. In counts and in the audit log they are number {person_id}.")


@privacy_app.command()
def record(
    config: ConfigOption = None,
    *,
    lang: Annotated[Locale, typer.Option(help="The language.")] = Locale.ITALIAN,
    as_json: JsonOption = False,
) -> None:
    """Print the record of processing activities (GDPR, article 30), from what the program does and the settings say."""
    from handlers.conversation.clock import SystemClock
    from handlers.conversation.texts import texts_for
    from handlers.privacy import processing_record

    t = texts_for(lang)
    made = processing_record.record(_community(settings_of(config)), SystemClock().now(), t)
    if as_json:
        typer.echo(json.dumps(processing_record.as_json(made), ensure_ascii=False, indent=2))
    else:
        typer.echo(processing_record.as_text(made, t))
