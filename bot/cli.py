"""The commands: ``community-bot …`` and ``python -m bot …``.

What a command needs is imported when it runs: loading the platforms' libraries takes a second, which nobody should wait
for who asks for help or plans an agenda.
"""

import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import __version__
from bot.command_line import ConfigOption, console, fail, run_async, settings_of
from bot.commands.agenda.app import agenda_app
from bot.commands.lists import export_list, import_list
from bot.commands.outbox.app import outbox_app
from bot.commands.privacy.app import privacy_app
from storage.enums import Locale, OrganisationCategory, PersonStatus, Platform, Role

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.config import Settings

NEWEST = 30
"""People that `staff list` shows."""

app = typer.Typer(
    name="community-bot",
    help="A community bot for a life-science cluster: know-how, events, missions and B2B meetings in chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
staff_app = typer.Typer(help="Who runs the community.", no_args_is_help=True)
invite_app = typer.Typer(help="Codes with which an organisation's people join.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")
app.add_typer(invite_app, name="invite")
app.add_typer(outbox_app, name="outbox")
app.add_typer(agenda_app, name="agenda")
app.add_typer(privacy_app, name="privacy")
app.command(name="import")(import_list)
app.command(name="export")(export_list)


@app.command()
def run(config: ConfigOption = None) -> None:
    """Run the bot on the platforms whose tokens are set, until Ctrl-C or SIGTERM."""
    from bot.serving import serve

    run_async(serve(settings_of(config)))


@app.command()
def demo(
    config: ConfigOption = None,
    *,
    story: Annotated[bool, typer.Option("--story", help="Play the six jobs here in the terminal instead.")] = False,
    lang: Annotated[Locale, typer.Option(help="The story's language.")] = Locale.ITALIAN,
    platform: Annotated[Platform, typer.Option(help="As which platform the story shows messages.")] = Platform.WEB,
    database: Annotated[
        Path | None, typer.Option(help="Keep the demo's store in this file; by default it is made afresh.")
    ] = None,
) -> None:
    """Start the bot with the sample community and the web chat: no token, nothing to install."""
    settings = settings_of(config)
    if story:
        from bot import logs
        from bot.demo.actors import StoryError
        from bot.demo.story import play

        logs.set_up("text", "ERROR")
        try:
            run_async(play(Console(), locale=lang, platform=platform))
        except StoryError as error:
            fail(f"The story stops: {error}")
        return
    from bot.serving import serve_demo

    port = os.environ.get("PORT")
    if port:
        if not port.isdecimal() or not 0 <= int(port) <= 65535:
            fail(f"PORT must be a number up to 65535, not {port!r}")
        settings = settings.model_copy(update={"web": settings.web.model_copy(update={"port": int(port)})})
    with tempfile.TemporaryDirectory(prefix="community-bot-demo-") as folder:
        path = database or Path(folder) / "demo.sqlite3"
        store = settings.database.model_copy(update={"url": f"sqlite:///{path}"})
        run_async(serve_demo(settings.model_copy(update={"database": store}), uploads=Path(folder) / "uploads"))


@app.command(name="check")
def check_command(config: ConfigOption = None) -> None:
    """Say what is wrong with the settings, the store and the tokens, and how to mend it."""
    from bot.checkup import Finding, Level, check

    findings: list[Finding] = run_async(check(settings_of(config)))
    marks = {Level.OK: "[green]✓[/]", Level.WARNING: "[yellow]![/]", Level.ERROR: "[red]✗[/]"}
    for finding in findings:
        console.print(f"{marks[finding.level]} {escape(finding.what)}")
        if finding.mend:
            console.print(f"   → {escape(finding.mend)}")
    if any(finding.level is Level.ERROR for finding in findings):
        raise typer.Exit(1)


@app.command()
def migrate(config: ConfigOption = None) -> None:
    """Bring the store to this release's schema."""
    from handlers.staff.vocabulary import ensure_vocabulary
    from storage.engine import Database
    from storage.migrations import current, upgrade

    settings = settings_of(config)

    async def work() -> tuple[str, str]:
        _make_folder(settings)
        database = Database(settings.database.url)
        try:
            before = await current(database)
            await upgrade(database)
            async with database.writing() as session:
                await ensure_vocabulary(session)
            return before, await current(database)
        finally:
            await database.close()

    before, after = run_async(work())
    typer.echo(f"Already at revision {after}." if before == after else f"From {before or 'empty'} to revision {after}.")


@app.command()
def gallery(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the page is written.")] = Path("gallery.html"),
) -> None:
    """Write a page with every screen, in Italian and English, as each platform shows it."""
    from bot.gallery import write_gallery

    output.parent.mkdir(parents=True, exist_ok=True)
    typer.echo(f"{write_gallery(output)} screens in {output}")


@app.command()
def permissions(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to this file instead.")] = None,
) -> None:
    """Print who may do what, as Markdown: docs/permissions.md."""
    from handlers.conversation.permission_page import permission_page
    from handlers.router import load_features

    load_features()
    page = permission_page()
    if output is None:
        typer.echo(page, nl=False)
    else:
        output.write_text(page, encoding="utf-8")
        typer.echo(f"{page.count(chr(10))} lines in {output}")


@app.command(name="slack-manifest")
def slack_manifest(config: ConfigOption = None) -> None:
    """Print the manifest that makes the Slack app: paste it at “Create an app” → “From a manifest”."""
    from bot.platforms.slack.manifest import manifest

    settings = settings_of(config)
    made = manifest(
        name=settings.community.name,
        slash_command=settings.community.slash_command,
        mode=settings.slack.mode,
        public_url=settings.web.public_url,
        locale=settings.community.default_language,
    )
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))


@staff_app.command(name="add")
def staff_add(
    platform: Annotated[Platform, typer.Argument(help="telegram, slack or web")],
    user: Annotated[str, typer.Argument(help="Their id there; they write /start first, so that the bot knows them.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OWNER,
    config: ConfigOption = None,
) -> None:
    """Give somebody a role; `staff list` shows the ids."""
    from sqlalchemy import select

    from handlers.conversation.clock import SystemClock
    from handlers.staff.service import grant
    from storage.models import Account, Person

    async def work(session: "AsyncSession") -> str:
        person = (
            await session.execute(
                select(Person)
                .join(Account, Account.person_id == Person.id)
                .where(Account.platform == platform, Account.user == user)
            )
        ).scalar_one_or_none()
        if person is None:
            fail(f"Nobody with the id {user} on {platform} has written /start and accepted the privacy notice yet.")
        now = SystemClock().now()
        person.status = PersonStatus.MEMBER
        person.joined_at = person.joined_at or now
        new = await grant(session, person.id, role, by=None, now=now)
        return f"{person.name or user} is now {role}." if new else f"{person.name or user} is {role} already."

    typer.echo(run_async(_with_store(settings_of(config), work)))


@staff_app.command(name="list")
def staff_list(config: ConfigOption = None) -> None:
    """List who has a role, and the newest people who have none yet, each with the id that `staff add` takes."""
    from sqlalchemy import select

    from storage.models import Account, Person, PersonRole

    async def work(session: "AsyncSession") -> str:
        statement = (
            select(Account.platform, Account.user, Person.name, Person.status, PersonRole.role)
            .join(Person, Person.id == Account.person_id)
            .outerjoin(PersonRole, PersonRole.person_id == Person.id)
            .order_by(PersonRole.role.is_(None), Person.id.desc())
            .limit(NEWEST)
        )
        lines = [
            f"{platform:9} {user:20} {name or '–':30} {role or status}"
            for platform, user, name, status, role in await session.execute(statement)
        ]
        return "\n".join(lines) or "Nobody yet: write /start to the bot first."

    typer.echo(run_async(_with_store(settings_of(config), work)))


@invite_app.command(name="create")
def invite_create(
    organisation: Annotated[str, typer.Argument(help="Its name; it is added when it is new.")],
    uses: Annotated[int, typer.Option(min=1, max=500, help="How many people may join with it.")] = 20,
    days: Annotated[int, typer.Option(min=1, max=365, help="How many days it works.")] = 90,
    config: ConfigOption = None,
) -> None:
    """Make a code with which an organisation's people become members at once."""
    from sqlalchemy import select

    from bot.code_key import code_key
    from handlers.conversation.clock import SystemClock
    from handlers.conversation.codes import CodeKeeper
    from handlers.conversation.invitations import create_invite
    from storage.models import Organisation

    async def work(session: "AsyncSession") -> str:
        name = " ".join(organisation.split())
        house = (await session.execute(select(Organisation).where(Organisation.name == name))).scalar_one_or_none()
        if house is None:
            house = Organisation(name=name, category=OrganisationCategory.COMPANY)
            session.add(house)
            await session.flush()
        codes, now = CodeKeeper(code_key(settings)), SystemClock().now()
        return await create_invite(session, house.id, codes=codes, by=None, uses=uses, days=days, now=now)

    settings = settings_of(config)
    typer.echo(run_async(_with_store(settings, work)))


@app.command()
def version() -> None:
    """The release, and the schema it needs."""
    from storage.migrations import head

    typer.echo(f"community-bot {__version__} (schema {head()}, Python {sys.version.split()[0]})")


async def _with_store(settings: "Settings", work: "Callable[[AsyncSession], Awaitable[str]]") -> str:
    from handlers.staff.vocabulary import ensure_vocabulary
    from storage.engine import Database
    from storage.migrations import upgrade

    _make_folder(settings)
    database = Database(settings.database.url)
    try:
        await upgrade(database)
        async with database.writing() as session:
            await ensure_vocabulary(session)
            return await work(session)
    finally:
        await database.close()


def _make_folder(settings: "Settings") -> None:
    url = settings.database.url
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def main() -> None:
    """The console script."""
    app()
