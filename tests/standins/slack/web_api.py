"""The door: every request of the bot, by address, with faults, tokens, scopes and rates in the order Slack has them."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.parse
from typing import TYPE_CHECKING

from aiohttp import web

from . import api_chat, api_files, api_views, api_workspace  # noqa: F401 - importing them fills METHODS
from .api import METHODS
from .record import Call
from .refusals import Json, SlackRefusalError
from .traffic import Failure

if TYPE_CHECKING:
    from .server import SlackServer

APP_SCOPES = frozenset({"connections:write"})
_JSON = "application/json; charset=utf-8"


class Gate:
    """Answers the bot's requests."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Find who answers an address."""
        server = self._server
        if server.down:
            return _cut(request)
        path = request.path
        if path.startswith("/api/"):
            return await self._api(request, path[5:])
        if path.startswith("/link/"):
            return await self._server.sockets.serve(request)
        if path.startswith("/actions/"):
            return await self._response_url(request, path.rpartition("/")[2])
        if path.startswith("/upload/v1/"):
            return await self._upload(request, path.rpartition("/")[2])
        if path.startswith("/files-pri/"):
            return self._download(request, path)
        self._server.refuse("not_found", f"{request.method} {path}: no such address")
        return web.Response(status=404)

    async def _api(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        call = Call(time.monotonic(), name, {})
        problem: SlackRefusalError | None = None
        try:
            call.args = await _arguments(request)
        except SlackRefusalError as refusal:
            problem = refusal
        self._server.begin(call)
        try:
            return self._refused(call, problem) if problem else await self._answer(request, call)
        finally:
            self._server.end(call)

    async def _answer(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        name, channel = call.method, call.channel
        early = self._server.rates.too_early(name, channel)
        if early:
            self._server.refuse(
                "retried_too_early", f"{name}: called again {early:.2f} s before Retry-After had passed"
            )
        wait = self._server.faults.wait(name)
        if wait:
            await asyncio.sleep(wait)
        drop = self._server.faults.drop(name, channel)
        if drop and not drop.after_accepting:
            call.injected = True
            return _cut(request)
        failure = self._server.faults.failure(name, channel)
        if failure:
            return self._injected(call, failure)
        try:
            call.answer = {"ok": True, **self._run(request, call)}
        except SlackRefusalError as refusal:
            return self._refused(call, refusal)
        if drop:
            call.injected = True
            return _cut(request)
        call.status = 200
        headers = {"Content-Type": _JSON, "x-oauth-scopes": self._server.granted}
        return web.Response(body=json.dumps(call.answer).encode(), headers=headers)

    def _run(self, request: web.BaseRequest, call: Call) -> Json:
        method = METHODS.get(call.method)
        if method is None:
            raise SlackRefusalError("unknown_method")
        bearer = request.headers.get("Authorization", "")
        token = bearer[7:] if bearer.startswith("Bearer ") else call.args.get("token")
        if not token:
            raise SlackRefusalError("not_authed")
        if token not in (self._server.bot_token, self._server.app_token):
            raise SlackRefusalError("invalid_auth")
        if self._server.auth_error:
            raise SlackRefusalError(self._server.auth_error)
        if (token == self._server.app_token) != method.app_token:
            raise SlackRefusalError("not_allowed_token_type")
        granted = APP_SCOPES if method.app_token else self._server.scopes
        if method.scopes and not granted.intersection(method.scopes):
            raise self._server.missing_scope(",".join(method.scopes))
        if not call.args.keys() <= method.args:
            for argument in sorted(call.args.keys() - method.args):
                self._server.refuse("unknown_argument", f"{call.method}: unknown argument {argument!r}")
        self._server.rates.check(call.method, call.channel)
        return method.run(self._server, call.args)

    def _refused(self, call: Call, refusal: SlackRefusalError) -> web.Response:
        call.status, call.error, call.answer = refusal.status, refusal.error, refusal.body()
        if refusal.status == 429:
            self._told_to_wait(call, int(refusal.headers["Retry-After"]))
        else:
            reasons = "; ".join(refusal.messages)
            self._server.refuse(refusal.error, f"{call.method}: {refusal.error}" + (f" ({reasons})" if reasons else ""))
        headers = {"Content-Type": _JSON, "x-oauth-scopes": self._server.granted, **refusal.headers}
        return web.Response(body=json.dumps(call.answer).encode(), status=refusal.status, headers=headers)

    def _told_to_wait(self, call: Call, seconds: int, *, whole_method: bool = False) -> None:
        self._server.rate_limited.append(call)
        per_channel = call.method == "chat.postMessage" and not whole_method
        self._server.rates.muted(call.method, (call.channel or "") if per_channel else "", seconds)

    def _injected(self, call: Call, failure: Failure) -> web.Response:
        call.injected, call.status, call.error = True, failure.status, failure.error
        headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
        if failure.status == 429:
            self._told_to_wait(call, failure.retry_after or 0, whole_method=failure.channel is None)
        if failure.error is None:
            return web.Response(text="upstream error", status=failure.status, headers=headers)
        call.answer = {"ok": False, "error": failure.error}
        headers["Content-Type"] = _JSON
        return web.Response(body=json.dumps(call.answer).encode(), status=failure.status, headers=headers)

    async def _response_url(self, request: web.BaseRequest, token: str) -> web.Response:
        call = Call(time.monotonic(), "response_url", {})
        self._server.begin(call)
        try:
            call.args = await _arguments(request)
            api_chat.answer_response_url(self._server, token, call.args)
        except SlackRefusalError as refusal:
            return self._refused(call, refusal)
        finally:
            self._server.end(call)
        call.status = 200
        return web.Response(text="ok")

    async def _upload(self, request: web.BaseRequest, file_id: str) -> web.Response:
        call = Call(time.monotonic(), "upload", {"file": file_id})
        self._server.begin(call)
        try:
            if request.content_type.startswith("multipart/"):
                fields = (await request.post()).values()
                parts = [part.file.read() for part in fields if isinstance(part, web.FileField)]
                body = parts[0] if parts else b""
            else:
                body = await request.read()
            size = api_files.receive_bytes(self._server, file_id, body)
        except SlackRefusalError as refusal:
            return self._refused(call, refusal)
        finally:
            self._server.end(call)
        call.status = 200
        return web.Response(text=f"OK - {size}")

    def _download(self, request: web.BaseRequest, path: str) -> web.Response:
        file = self._server.workspace.files.get(path.split("-")[2].partition("/")[0]) if path.count("-") > 1 else None
        if (
            request.headers.get("Authorization") != f"Bearer {self._server.bot_token}"
            or "files:read" not in self._server.scopes
        ):
            self._server.refuse(
                "file_not_readable", f"download of {path}: needs the bot token and the scope files:read"
            )
            return web.Response(status=302, headers={"Location": f"{self._server.base_url}/signin"})
        if file is None or file.content is None:
            self._server.refuse("file_not_found", f"download of {path}: file_not_found")
            return web.Response(status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")


def _cut(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.BaseRequest) -> Json:
    args: Json = dict(request.query) if request.rel_url.raw_query_string else {}
    if request.method != "POST":
        return args
    body = await request.read()
    if not body:
        return args
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("application/json"):
        try:
            decoded = json.loads(body)
        except ValueError:
            raise SlackRefusalError("invalid_json") from None
        if not isinstance(decoded, dict):
            raise SlackRefusalError("json_not_object")
        args.update(decoded)
    elif kind.startswith("application/x-www-form-urlencoded"):
        args.update(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("multipart/"):
        args.update({key: value for key, value in (await request.post()).items() if isinstance(value, str)})
    else:
        raise SlackRefusalError("invalid_post_type")
    return args
