"""The HTTP transport against bare sockets: what left this machine, and what did not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import InputFile
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.platforms.telegram.transport import AiohttpRequest, NoAnswerError, NotSentError, ServerTroubleError

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(trust_env=False) as request:
        yield request


@asynccontextmanager
async def listening(conversation: Conversation) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await conversation(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:SECRET/sendMessage"
    finally:
        server.close()


def answer(status: int, body: bytes) -> Conversation:
    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return conversation


def data(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def failure(call: Awaitable[object]) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await call
    assert "SECRET" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


async def test_nobody_listens(request_: AiohttpRequest) -> None:
    async with listening(answer(200, b"{}")) as url:
        pass
    assert isinstance(await failure(request_.do_request(url, "POST", data(text="x"))), NotSentError)


async def test_a_name_that_does_not_exist(request_: AiohttpRequest) -> None:
    error = await failure(request_.do_request("http://no-such-host.invalid/botSECRET/x", "POST", data(text="x")))
    assert isinstance(error, NotSentError)


async def test_an_address_that_is_none(request_: AiohttpRequest) -> None:
    assert isinstance(await failure(request_.do_request("http://:x/botSECRET", "POST", data(text="x"))), NotSentError)


async def test_cut_after_the_request(request_: AiohttpRequest) -> None:
    async def cut(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"text=x")

    async with listening(cut) as url:
        assert isinstance(await failure(request_.do_request(url, "POST", data(text="x"))), NoAnswerError)


async def test_no_answer_in_time(request_: AiohttpRequest) -> None:
    async def sleep(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(sleep) as url:
        error = await failure(request_.do_request(url, "POST", data(text="x"), read_timeout=0.1))
    assert isinstance(error, NoAnswerError)


async def test_cut_in_the_middle_of_a_large_file(request_: AiohttpRequest) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(100_000)
        writer.transport.abort()

    upload = InputFile(bytes(30 << 20), filename="a.bin")
    async with listening(cut) as url:
        error = await failure(request_.do_request(url, "POST", data(document=upload)))
    assert isinstance(error, NotSentError)


async def test_a_cut_answer_is_no_answer(request_: AiohttpRequest) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        await writer.drain()

    async with listening(half) as url:
        assert isinstance(await failure(request_.do_request(url, "POST", data(text="x"))), NoAnswerError)


@pytest.mark.parametrize("status", [500, 502, 599])
async def test_trouble_over_there(request_: AiohttpRequest, status: int) -> None:
    async with listening(answer(status, b"<html>")) as url:
        error = await failure(request_.do_request(url, "POST", data(text="x")))
    assert isinstance(error, ServerTroubleError)
    assert error.status == status


@pytest.mark.parametrize(
    ("body", "seconds"),
    [(b'{"parameters":{"retry_after":9}}', 9), (b"<html>", 1), (b"[]", 1), (b'{"parameters":null}', 1)],
)
async def test_too_many_requests(request_: AiohttpRequest, body: bytes, seconds: int) -> None:
    async with listening(answer(429, body)) as url:
        error = await failure(request_.do_request(url, "POST", data(text="x")))
    assert isinstance(error, RetryAfter)
    assert error.retry_after.total_seconds() == seconds  # type: ignore[union-attr]  # timedelta by our setting


@pytest.mark.parametrize("status", [301, 302, 405, 413])
async def test_redirects_and_rare_refusals(request_: AiohttpRequest, status: int) -> None:
    async with listening(answer(status, b"")) as url:
        assert isinstance(await failure(request_.do_request(url, "POST", data(text="x"))), BadRequest)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"ok": true}', b"\xff", b"[" * 100_000])
async def test_an_answer_that_is_not_the_bot_apis(
    request_: AiohttpRequest, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(answer(200, body)) as url:
        await failure_of_post(request_, url)
    assert caplog.text == ""


async def failure_of_post(request: AiohttpRequest, url: str) -> None:
    with pytest.raises(TelegramError):
        await request.post(url, data(text="x"))


async def test_the_form_says_what_was_meant(request_: AiohttpRequest) -> None:
    seen: list[bytes] = []

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        seen.append(head + await reader.readexactly(length))
        body = b'{"ok":true,"result":5}'
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    async with listening(read) as url:
        assert await request_.post(url, data(text="a&b=è 🧬", chat_id=-5, flag=True)) == 5
        assert await request_.post(url, data(chat_id=7, document=InputFile(b"x\r\ny", filename="è.pdf"))) == 5
    assert b"text=a%26b%3D%C3%A8+%F0%9F%A7%AC&chat_id=-5&flag=true" in seen[0]
    assert b"application/x-www-form-urlencoded" in seen[0]
    assert 'filename="è.pdf"'.encode() in seen[1]
    assert b"application/pdf" in seen[1]
    assert b"\r\n\r\nx\r\ny\r\n" in seen[1]


async def test_a_closed_session_sends_nothing() -> None:
    request = AiohttpRequest()
    assert isinstance(await failure(request.do_request("http://127.0.0.1/botSECRET", "POST")), NotSentError)
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
    assert request.read_timeout > 0
