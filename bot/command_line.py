"""What every command shares: reading the settings, running, and ending with a sentence instead of a traceback."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from bot.config import Settings

console = Console(soft_wrap=True)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The settings' file; ./config.toml by default.", show_default=False),
]


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong, on standard error, and end the command."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def settings_of(path: Path | None) -> "Settings":
    """The settings, with the log set up as they say; without usable ones the command ends."""
    from bot import logs
    from bot.config import ConfigError, load

    try:
        settings = load(path)
    except ConfigError as error:
        fail(f"The settings cannot be used:\n{error}")
    logs.set_up(settings.log.format, settings.log.level)
    return settings


def run_async(work: Awaitable[Any]) -> Any:
    """Run to the end; a platform, a port or a store that cannot be used ends the command with a sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.config import ConfigError
    from bot.platforms.base import SendError
    from bot.web.server import WebServerError

    async def awaited() -> Any:
        return await work

    try:
        return asyncio.run(awaited())
    except ConfigError as error:
        fail(f"The settings cannot be used:\n{error}")
    except SendError as error:
        fail(f"A platform refused: {error.description}\n`community-bot check` says more.")
    except WebServerError as error:
        fail(f"The web server cannot start: {error}")
    except SQLAlchemyError as error:
        fail(f"The store cannot be used: {error}\n`community-bot check` says more.")
