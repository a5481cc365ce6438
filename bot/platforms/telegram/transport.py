"""python-telegram-bot's HTTP port over one aiohttp session: several times the requests a second of its default.

It tells apart what delivery must know and the library's own transport does not say: whether a request that failed had
left this machine whole. If it had not, nothing can have happened at the other end.

No message of an error in here names a URL, since Telegram's URLs contain the token.
"""

import io
import json
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp.payload import BytesPayload, Payload
from aiohttp.tracing import TraceRequestChunkSentParams
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
WRITE_SECONDS = 10.0
UPLOAD_SECONDS = 120.0
"""A file has at most 50 MB (Bot API, sending files): this is a line of about 3.5 Mbit/s."""
POOL_SECONDS = 30.0
CONNECTIONS = 64
"""More than delivery, the poll and the answers to presses ever have open together."""

Timeout = float | DefaultValue[float] | DefaultValue[None] | None


class NotSentError(NetworkError):
    """The request did not leave this machine whole: no connection, or it broke before the last byte."""


class NoAnswerError(TimedOut):
    """The request left whole and no answer came: it may or may not have been carried out."""


class ServerTroubleError(NetworkError):
    """An answer of 500 or more.

    Attributes:
        status: the HTTP status.
    """

    __slots__ = ("status",)

    def __init__(self, status: int) -> None:
        super().__init__(f"Telegram answered with HTTP status {status}")
        self.status = status


@dataclass(slots=True)
class _Progress:
    """How much of a body of ``size`` bytes has been handed to the connection."""

    size: int
    written: int = 0

    @property
    def complete(self) -> bool:
        return self.written >= self.size


async def _count(_session: aiohttp.ClientSession, context: SimpleNamespace, chunk: TraceRequestChunkSentParams) -> None:
    progress = context.trace_request_ctx
    if isinstance(progress, _Progress):
        progress.written += len(chunk.chunk)


class AiohttpRequest(BaseRequest):
    """Requests over a session that lives from :meth:`initialize` to :meth:`shutdown`.

    Args:
        trust_env: whether the environment's proxy settings are obeyed (HTTPS_PROXY, NO_PROXY).
    """

    __slots__ = ("_session", "_trust_env")

    def __init__(self, *, trust_env: bool = True) -> None:
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where a call does not say otherwise."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; nothing when it is open."""
        if self._session is not None and not self._session.closed:
            return
        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(_count)
        # aiohttp lets an idle connection go after 15 seconds, which is before Telegram does. So a request hardly ever
        # meets a connection that the other end is closing, which would look like a message in doubt.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            headers={"User-Agent": self.USER_AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[trace],
            trust_env=self._trust_env,
        )

    async def shutdown(self) -> None:
        """Close the session and its connections; nothing when it is closed."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request and return its HTTP status and body.

        Raises:
            NotSentError: it did not leave whole.
            NoAnswerError: it left and no answer came.
            ServerTroubleError: a status of 500 or more.
            RetryAfter: a status of 429.
            BadRequest: a redirect, or a status of 4xx that python-telegram-bot has no error for.
        """
        if self._session is None:
            raise NotSentError("the session is closed")
        body = _body(request_data)
        progress = _Progress((body.size or 0) if body is not None else 0)
        uploads = request_data is not None and request_data.contains_files
        writing = _seconds(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS)
        reading = _seconds(read_timeout, READ_SECONDS)
        connecting = _seconds(connect_timeout, CONNECT_SECONDS)
        waiting = _seconds(pool_timeout, POOL_SECONDS)
        # Downloads have no body and take as long as the other side goes on sending.
        total = None if method == "GET" else waiting + connecting + writing + reading
        timeout = aiohttp.ClientTimeout(
            total=total, connect=waiting + connecting, sock_connect=connecting, sock_read=reading
        )
        try:
            async with self._session.request(
                method, url, data=body, timeout=timeout, allow_redirects=False, trace_request_ctx=progress
            ) as response:
                status, payload = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            failure: NetworkError = NotSentError(f"no connection to Telegram ({type(error).__name__})")
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            if progress.complete and not _was_never_written(error):
                failure = NoAnswerError(f"no answer from Telegram ({type(error).__name__})")
            else:
                failure = NotSentError(f"the request did not reach Telegram whole ({type(error).__name__})")
        else:
            _refuse_unusual(status, payload)
            return status, payload
        # Outside the handlers, so that what aiohttp says, URL included, is in no traceback.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON object.

        Unlike the library's own, it does not log an answer that is none: that may hold people's words.

        Raises:
            TelegramError: it is not what the Bot API answers.
        """
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or (answer.get("ok") is True and "result" not in answer):
            raise TelegramError("the answer is not the Bot API's")
        return answer


def _was_never_written(error: Exception) -> bool:
    """Whether a kept connection turned out to be closed when the request was about to be written to it.

    aiohttp counts bytes before it writes them, and tells this case by its words alone. Were they to change, the request
    would count as in doubt, which is the safe side.
    """
    return isinstance(error, aiohttp.InvalidURL) or "closing transport" in f"{error} {error.__cause__}"


def _seconds(given: Timeout, default: float) -> float:
    return default if given is None or isinstance(given, DefaultValue) else given


def _body(request_data: RequestData | None) -> Payload | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        encoded = urlencode(request_data.json_parameters).encode()
        return BytesPayload(encoded, content_type="application/x-www-form-urlencoded")
    # Telegram reads a file's name as it stands: percent signs would be part of it.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in request_data.multipart_data.items():
        # As a stream, aiohttp writes it piece by piece and other work goes on meanwhile.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=file_name, content_type=mime)
    return form()


def _refuse_unusual(status: int, payload: bytes) -> None:
    """Raise for statuses that python-telegram-bot would make one vague error of."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerTroubleError(status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RetryAfter(_retry_after(payload))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise BadRequest(f"HTTP status {status}: the address of the Bot API leads elsewhere")
    known: set[Literal[400, 401, 403, 404, 409]] = {400, 401, 403, 404, 409}
    if status >= HTTPStatus.BAD_REQUEST and status not in known:
        raise BadRequest(f"HTTP status {status}")


def _retry_after(payload: bytes) -> int:
    """Seconds from ``parameters.retry_after``; 1 where a proxy in between answered without them."""
    try:
        told = json.loads(payload)["parameters"]["retry_after"]
        return max(1, int(told))
    except (ValueError, TypeError, KeyError, RecursionError):
        return 1
