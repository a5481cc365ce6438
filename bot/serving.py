"""Running the program: platforms, web server, signals."""

import asyncio
import logging
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import typer
from starlette.routing import Route

from bot.app import Application, menu
from bot.config import Settings
from bot.demo import seed, stage
from bot.demo.community_files import rows
from bot.demo.mailbox import DemoMailbox
from bot.platforms.base import Adapter, FetchFile
from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.web.feed import AtomFeed, feed_route
from bot.web.server import WebServer, build_web
from handlers.conversation.clock import MovableClock, SystemClock
from handlers.conversation.screen import FileReference
from handlers.staff.vocabulary import ensure_vocabulary
from storage.migrations import current, head, upgrade

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def platforms(settings: Settings, *, fetch: FetchFile, now: Callable[[], datetime]) -> list[Adapter]:
    """The real platforms whose tokens are set."""
    found: list[Adapter] = []
    if settings.telegram.token.get_secret_value():
        found.append(
            TelegramAdapter(
                token=settings.telegram.token.get_secret_value(),
                mode=settings.telegram.mode,
                api_base_url=settings.telegram.api_base_url,
                webhook_secret=settings.telegram.webhook_secret.get_secret_value(),
                webhook_url=f"{settings.web.public_url}/telegram/webhook" if settings.web.public_url else "",
                paid_broadcast=settings.delivery.telegram_paid_broadcast,
                fetch=fetch,
                now=now,
            )
        )
    if settings.slack.bot_token.get_secret_value():
        found.append(
            SlackAdapter(
                bot_token=settings.slack.bot_token.get_secret_value(),
                app_token=settings.slack.app_token.get_secret_value(),
                signing_secret=settings.slack.signing_secret.get_secret_value(),
                mode=settings.slack.mode,
                api_base_url=settings.slack.api_base_url,
                slash_command=settings.community.slash_command,
                fetch=fetch,
                now=now,
            )
        )
    return found


def _later(holder: list[Application]) -> FetchFile:
    """Adapters are made before the program that fetches files for them."""

    async def fetch(reference: FileReference) -> bytes:
        return await holder[0].fetch_file(reference)

    return fetch


async def serve(settings: Settings) -> None:
    """Run on the real platforms until a signal comes."""
    clock = SystemClock()
    holder: list[Application] = []
    adapters = platforms(settings, fetch=_later(holder), now=clock.now)
    if not adapters:
        typer.echo("No platform is set up: put a token into config.toml, or try `community-bot demo`.", err=True)
        raise typer.Exit(1)
    app = Application(settings, clock=clock, adapters=adapters)
    holder.append(app)
    await _schema(app)
    web = WebServer(build_web(app, extra_routes=[public_feed(app)]), settings.web.host, settings.web.port)
    await _until_signal(app, web, ready=lambda port: log.info("running", extra={"port": port}))


def public_feed(app: Application) -> Route:
    """The open feed of a program."""
    settings = app.settings
    feed = AtomFeed(settings.community.name, settings.community.default_language, settings.web.public_url)
    return feed_route(app.database, feed)


async def _schema(app: Application) -> None:
    """SQLite belongs to this process alone and is brought up to date; PostgreSQL is shared, so that is asked for."""
    if app.database.is_sqlite:
        path = app.settings.database.url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        await upgrade(app.database)
        async with app.database.writing() as session:
            await ensure_vocabulary(session)
    elif await current(app.database) != head():
        typer.echo("The store has another schema than this release: run `community-bot migrate` first.", err=True)
        raise typer.Exit(1)


async def serve_demo(settings: Settings, *, uploads: Path) -> None:
    """Run with the sample community and the web chat until a signal comes."""
    if settings.web.host not in LOOPBACK and not settings.web.allow_remote_demo:
        typer.echo(
            f"The web chat has no passwords, so it does not listen on {settings.web.host}. "
            "Set [web] host to 127.0.0.1, or allow_remote_demo = true if you mean it.",
            err=True,
        )
        raise typer.Exit(1)
    from fastapi import FastAPI

    from bot.platforms.webchat.page import mount

    await stage.prepare(settings)
    clock = MovableClock(seed.START)
    holder: list[Application] = []
    others = platforms(settings, fetch=_later(holder), now=clock.now)
    # The demo never sends e-mail, whatever the settings say: its page shows it.
    mailbox = DemoMailbox(clock.now)
    app, web_chat = stage.build(settings, clock, others=others, uploads=uploads, mail=mailbox)
    holder.append(app)
    site = FastAPI(title=settings.community.name, docs_url=None, redoc_url=None, openapi_url=None)
    asgi = build_web(app, app=site, extra_routes=[public_feed(app)])
    mount(
        site,
        web_chat,
        personas=stage.personas,
        menu=menu(),
        clock=stage.SettableClock(clock, app),
        title=settings.community.name,
        zone=app.community.zone,
        milestones=stage.MILESTONES,
        mailbox=mailbox,
    )
    web = WebServer(asgi, settings.web.host, settings.web.port)
    await _until_signal(app, web, ready=lambda port: _invite(settings, port))


def _some_domain() -> str:
    """The address domain of the first organisation of the sample community that has one."""
    return str(next(row["domains"][0] for row in rows("organisations", "organisation") if row["domains"]))


def _invite(settings: Settings, port: int) -> None:
    address = f"http://{settings.web.host}:{port}"
    typer.echo(
        f"""
  {settings.community.name} – demo

  Open  {address}

  It is Tuesday 3 April 2018 in Milan. Try this:
    · as Ospite, press Italiano and join with the code FILANDE462, or with a work address such as
      anna@{_some_domain()} (the code comes under E-mail, at the top of the page)
    · as Marco, write  allarme  and see what is found
    · as Giulia, press the menu and create an event; open Sara beside her and let her come
    · as Elena, look at the applications for MIXiii BIOMED and propose a meeting
    · move the clock to 13 May and read what arrives

  Ctrl-C stops it; nothing is kept.
"""
    )


async def _until_signal(app: Application, web: WebServer, *, ready: Callable[[int], None]) -> None:
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, signalled.set)

    async def run() -> None:
        await app.start()
        ready(await web.start())
        await app.broken()
        raise typer.Exit(1)

    # A signal counts from the first moment, also while a platform keeps the start waiting.
    running, stopping = asyncio.create_task(run()), asyncio.create_task(signalled.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        for task in (running, stopping):
            task.cancel()
        await asyncio.wait({running, stopping})
        await web.stop()
        await app.stop()
