"""Health, readiness, metrics, and a server that stops when it is told to."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from bot import metrics
from bot.delivery.sender import Sender
from bot.platforms.base import FetchFile
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.web.server import WebServer, WebServerError, build_web
from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community
from handlers.conversation.screen import FileReference
from storage.engine import Database
from storage.enums import Platform
from storage.migrations import upgrade
from storage.queries import leases
from tests.contracts.webchat.memory_history import MemoryHistory

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


async def no_file(reference: FileReference) -> bytes:
    raise AssertionError(reference)


class Program:
    """What the health pages look at, with a platform that needs no far server."""

    def __init__(self, database: Database, folder: Path) -> None:
        fetch: FetchFile = no_file
        clock = MovableClock(NOW)
        self.database = database
        self.adapter = WebChatAdapter(history=MemoryHistory(), now=clock.now, fetch=fetch, uploads=folder)
        self.adapters = [self.adapter]
        sender = Sender(database, self.adapter, Community("Test"), clock, claim="me")
        self.senders = {(Platform.WEB, self.adapter.account): sender}

    async def comes_up(self) -> None:
        await self.adapter.open([])
        await self.adapter.listen(None)  # type: ignore[arg-type]  # only remembered
        self.adapter._receiver = object()  # type: ignore[assignment]  # same
        await self.take_leases("me")

    async def take_leases(self, claim: str) -> None:
        async with self.database.writing() as session:
            await leases.take(session, leases.PROCESS + claim, claim)
            for sender in self.senders.values():
                await leases.take(session, sender.lease, claim)


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    database = Database(f"sqlite:///{tmp_path}/store.sqlite3")
    await upgrade(database)
    yield Program(database, tmp_path)
    await database.close()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def get(client: aiohttp.ClientSession, port: int, path: str) -> tuple[int, str]:
    async with client.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def serve(asgi: Starlette) -> tuple[WebServer, int]:
    server = WebServer(asgi, "127.0.0.1", 0)
    return server, await server.start()


async def test_alive_even_when_nothing_is_ready(program: Program, client: aiohttp.ClientSession) -> None:
    server, port = await serve(build_web(program))
    assert await get(client, port, "/healthz") == (200, "ok")
    await server.stop()


async def test_readiness_names_what_is_missing_until_nothing_is(
    program: Program, client: aiohttp.ClientSession
) -> None:
    server, port = await serve(build_web(program))
    async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "ready": False,
            "not_ready": ["web web", "web web sender"],
            "checks": {
                "database": "ok",
                "web web": "not connected",
                "web web sender": "no process holds its lease",
            },
        }
    await program.comes_up()
    async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
        assert await answer.json() == {
            "ready": True,
            "not_ready": [],
            "checks": {"database": "ok", "web web": "ok", "web web sender": "ok"},
        }
    await server.stop()


async def test_another_living_process_may_send_for_us_and_a_dead_one_may_not(
    program: Program, client: aiohttp.ClientSession
) -> None:
    await program.comes_up()
    async with program.database.writing() as session:
        await leases.release_all(session, "me")
    await program.take_leases("replica")
    server, port = await serve(build_web(program))
    assert (await get(client, port, "/readyz"))[0] == 200
    async with program.database.writing() as session:
        # It holds the token's lease still, but it has not shown any sign of life.
        await leases.release_all(session, "replica")
        await leases.take(session, program.senders[Platform.WEB, "web"].lease, "replica")
    status, body = await get(client, port, "/readyz")
    assert status == 503
    assert "no process holds its lease" in body
    await server.stop()


async def test_a_database_that_does_not_answer_is_named_and_not_waited_for(
    program: Program, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await program.comes_up()
    monkeypatch.setattr("bot.web.health.DATABASE_SECONDS", 0.05)

    async def stuck(*_: object) -> frozenset[str]:
        await asyncio.sleep(30)
        return frozenset()

    monkeypatch.setattr(leases, "held_by_the_living", stuck)
    server, port = await serve(build_web(program))
    started = time.monotonic()
    async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 503
        assert (await answer.json())["not_ready"] == ["database", "web web sender"]
    assert time.monotonic() - started < 10
    assert (await get(client, port, "/healthz"))[0] == 200
    await server.stop()


async def test_a_broken_database_is_named(program: Program, client: aiohttp.ClientSession, tmp_path: Path) -> None:
    await program.comes_up()
    broken = tmp_path / "not-a-database.sqlite3"
    broken.write_bytes(b"this is no SQLite file, whatever its name says, and it is long enough to be looked at" * 20)
    program.database = Database(f"sqlite:///{broken}")
    server, port = await serve(build_web(program))
    status, body = await get(client, port, "/readyz")
    assert status == 503
    assert '"database"' in body
    await server.stop()
    await program.database.close()


async def test_metrics_are_readable_by_prometheus_and_name_nobody(
    program: Program, client: aiohttp.ClientSession
) -> None:
    metrics.received.labels(Platform.WEB).inc(3)
    server, port = await serve(build_web(program))
    status, text = await get(client, port, "/metrics")
    assert status == 200
    families = {family.name: family for family in text_string_to_metric_families(text)}
    received = [
        sample
        for sample in families["bot_events_received"].samples
        if sample.name == "bot_events_received_total" and sample.labels == {"platform": "web"}
    ]
    assert received[0].value >= 3
    labels = {label for family in families.values() for sample in family.samples for label in sample.labels}
    assert labels <= {"platform", "kind", "state", "scope", "failure", "priority", "job", "le"}
    await server.stop()


async def test_routes_of_the_platforms_and_of_the_caller_are_served(
    program: Program, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def posted(request: Request) -> Response:
        return PlainTextResponse(f"got {len(await request.body())} bytes")

    monkeypatch.setattr(
        program.adapter, "routes", lambda: [Route("/web/hook", posted, methods=["POST"])], raising=False
    )
    asgi = build_web(program, extra_routes=[Route("/more", lambda _: PlainTextResponse("more"))])
    server, port = await serve(asgi)
    async with client.post(f"http://127.0.0.1:{port}/web/hook", data=b"12345") as answer:
        assert (answer.status, await answer.text()) == (200, "got 5 bytes")
    assert await get(client, port, "/more") == (200, "more")
    assert (await get(client, port, "/nothing"))[0] == 404
    await server.stop()


async def test_a_ready_made_application_keeps_its_own_pages(program: Program, client: aiohttp.ClientSession) -> None:
    base = FastAPI()
    everything = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("chat"))])
    base.routes.append(Mount("/", app=everything))
    server, port = await serve(build_web(program, app=base))
    assert await get(client, port, "/healthz") == (200, "ok")
    assert (await get(client, port, "/readyz"))[0] == 503
    assert await get(client, port, "/any/page") == (200, "chat")
    await server.stop()


async def test_it_stops_within_a_second_with_open_websockets_slow_answers_and_idle_connections(
    program: Program, client: aiohttp.ClientSession
) -> None:
    ended: list[str] = []

    async def deaf(socket: WebSocket) -> None:
        await socket.accept()
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("websocket")

    async def slow(_: Request) -> Response:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("request")
        return PlainTextResponse("late")

    server, port = await serve(build_web(program, extra_routes=[WebSocketRoute("/ws", deaf), Route("/slow", slow)]))
    assert (await get(client, port, "/healthz"))[0] == 200  # this connection is kept open by the client
    open_socket = await client.ws_connect(f"http://127.0.0.1:{port}/ws", autoclose=False)
    waiting = asyncio.create_task(get(client, port, "/slow"))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    await server.stop()
    assert time.monotonic() - started < 5.0
    assert sorted(ended) == ["request", "websocket"]
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await open_socket.close()
    with pytest.raises(aiohttp.ClientConnectorError):
        await get(client, port, "/healthz")


async def test_an_answer_that_is_nearly_done_is_waited_for(program: Program, client: aiohttp.ClientSession) -> None:
    async def brief(_: Request) -> Response:
        await asyncio.sleep(0.2)
        return PlainTextResponse("done")

    server, port = await serve(build_web(program, extra_routes=[Route("/brief", brief)]))
    asked = asyncio.create_task(get(client, port, "/brief"))
    await asyncio.sleep(0.05)
    await server.stop()
    assert await asked == (200, "done")


async def test_signals_stay_with_the_program(program: Program) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    server, _ = await serve(build_web(program))
    assert {number: signal.getsignal(number) for number in before} == before
    await server.stop()
    assert {number: signal.getsignal(number) for number in before} == before


async def test_a_taken_port_is_said_in_words(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = WebServer(build_web(program), "127.0.0.1", taken.getsockname()[1])
        with pytest.raises(WebServerError, match=r"cannot listen on 127\.0\.0\.1, port \d+: .*\[web\] host and port"):
            await server.start()
        await server.stop()


async def test_an_application_that_cannot_start_does_not_end_the_program() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise OSError("no disk, no page")

    server = WebServer(broken, "127.0.0.1", 0)
    with pytest.raises(WebServerError, match="could not start"):
        await server.start()


async def test_it_can_be_stopped_twice_and_never_started(program: Program) -> None:
    server = WebServer(build_web(program), "127.0.0.1", 0)
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()
