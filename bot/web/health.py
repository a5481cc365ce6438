"""Whether the program is alive, whether it is ready, and what it has counted. Nothing here is about a person."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.delivery.sender import Sender
from bot.metrics import METRICS
from bot.platforms.base import Adapter
from storage.engine import Database
from storage.enums import Platform
from storage.queries import leases

log = logging.getLogger(__name__)

DATABASE_SECONDS = 2.0
"""How long the database may take to answer before it counts as gone."""
NO_STORE = {"Cache-Control": "no-store"}


class Running(Protocol):
    """The part of :class:`bot.app.Application` that is looked at."""

    @property
    def database(self) -> Database:
        """The store."""
        ...

    @property
    def adapters(self) -> Sequence[Adapter]:
        """The platforms."""
        ...

    @property
    def senders(self) -> Mapping[tuple[Platform, str], Sender]:
        """By platform and account; filled when the platforms have opened."""
        ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found.

    Attributes:
        checks: by name, empty where all is well, else what is missing.
    """

    checks: Mapping[str, str]

    @property
    def ready(self) -> bool:
        """Whether everything is well."""
        return not any(self.checks.values())

    def as_json(self) -> dict[str, object]:
        """For the page."""
        return {
            "ready": self.ready,
            "not_ready": [name for name, missing in self.checks.items() if missing],
            "checks": {name: missing or "ok" for name, missing in self.checks.items()},
        }


async def readiness(running: Running) -> Readiness:
    """Ask the database, look at every platform, and at who sends for every token.

    A token's lease may be held by any living process: with several replicas one of them sends for it.
    """
    names = {sender.lease for sender in running.senders.values()}
    held: frozenset[str] | None = None
    try:
        async with asyncio.timeout(DATABASE_SECONDS), running.database.reading() as session:
            held = await leases.held_by_the_living(session, names)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the store does not answer", extra={"error": type(error).__name__})
    checks = {"database": "" if held is not None else f"no answer within {DATABASE_SECONDS:g} s"}
    for adapter in running.adapters:
        checks[_name(adapter)] = "" if adapter.healthy or _stands_by(running, adapter) else "not connected"
    for sender in running.senders.values():
        name = f"{_name(sender.adapter)} sender"
        if held is None:
            checks[name] = "unknown without the database"
        else:
            checks[name] = "" if sender.lease in held else "no process holds its lease"
    return Readiness(checks)


def _stands_by(running: Running, adapter: Adapter) -> bool:
    """Whether another process receives for this token, which has one receiver at a time."""
    sender = running.senders.get((adapter.platform, adapter.account))
    return bool(getattr(adapter, "listens_alone", False)) and sender is not None and not sender.holds_lease


def _name(adapter: Adapter) -> str:
    return f"{adapter.platform} {adapter.account}".strip()


def health_routes(running: Running) -> list[Route]:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok", headers=NO_STORE)

    async def ready(_: Request) -> Response:
        found = await readiness(running)
        return JSONResponse(found.as_json(), status_code=200 if found.ready else 503, headers=NO_STORE)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(METRICS), headers={"Content-Type": CONTENT_TYPE_LATEST, **NO_STORE})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
