"""The web server: one ASGI application, served by uvicorn inside our own event loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator, Sequence
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.web.health import Running, health_routes

log = logging.getLogger(__name__)

BACKLOG = 2048
GRACE_SECONDS = 0.5
"""How long an orderly stop waits for answers on their way and for open pages to say goodbye."""
END_SECONDS = 0.4
"""How long the application's own end may take after that."""

App = TypeVar("App", bound=Starlette)


def build_web(running: Running, *, extra_routes: Sequence[BaseRoute] = (), app: App | None = None) -> App | Starlette:
    """The ASGI application: health, metrics, what the platforms are posted to, and more.

    Args:
        running: the program; its platforms' ``routes()`` are taken as they are now.
        extra_routes: more.
        app: an application to add all of it to (FastAPI's, which the web chat needs); a bare one when left out.
    """
    routes: list[BaseRoute] = [*health_routes(running)]
    for adapter in running.adapters:
        routes += getattr(adapter, "routes", list)()
    routes += extra_routes
    if app is None:
        return Starlette(routes=routes)
    # In front: the web chat is mounted at "/" and would answer everything that comes after it.
    app.router.routes[:0] = routes
    return app


class WebServerError(RuntimeError):
    """The web server cannot start; the message says why."""


class _Uvicorn(uvicorn.Server):
    """Leaves signals to the program and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application until it is stopped.

    Args:
        asgi: what answers.
        host: where to listen.
        port: 0 takes a free one.
    """

    def __init__(self, asgi: ASGIApp, host: str, port: int) -> None:
        config = uvicorn.Config(
            asgi, lifespan="on", log_config=None, log_level="warning", access_log=False, server_header=False
        )
        self._host = host
        self._port = port
        self._server = _Uvicorn(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Listen, and return the port.

        Raises:
            WebServerError: the address cannot be had, or the application cannot start.
        """
        try:
            listener = _bound(self._host, self._port)
        except OSError as error:
            raise WebServerError(
                f"cannot listen on {self._host}, port {self._port}: {error.strerror or error}; "
                "choose others in [web] host and port"
            ) from error
        port = int(listener.getsockname()[1])
        self._task = asyncio.create_task(self._serve(listener), name="web server")
        listening = asyncio.create_task(self._server.listening.wait())
        await asyncio.wait({self._task, listening}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if self._task.done():
            listener.close()
            self._task.result()
        return port

    async def _serve(self, listener: socket.socket) -> None:
        try:
            await self._server.serve(sockets=[listener])
        except SystemExit as error:
            # Uvicorn's way of saying that the application's start failed; it would end the whole program.
            raise WebServerError("the web application could not start; the log says why") from error

    async def stop(self) -> None:
        """Stop listening and end every connection: politely for half a second, then not."""
        task, self._task = self._task, None
        if task is None:
            return
        self._server.should_exit = True
        if not await _ended(task, GRACE_SECONDS):
            for connection in list(self._server.server_state.connections):
                if connection.transport is not None:
                    connection.transport.abort()
            for open_request in list(self._server.server_state.tasks):
                open_request.cancel()
            if not await _ended(task, END_SECONDS):
                log.warning("the web application does not end; leaving it")
                task.cancel()
                await asyncio.wait({task})
        if not task.cancelled() and task.exception() is not None:
            log.error("the web server failed", exc_info=task.exception())


def _bound(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # After a restart the address may be taken again at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.settimeout(0)
    except BaseException:
        listener.close()
        raise
    return listener


async def _ended(task: "asyncio.Task[None]", seconds: float) -> bool:
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)
