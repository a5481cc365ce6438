"""Reading the parameters of a request, whichever of the four ways they came."""

import contextlib
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.standins.telegram.file_rules import MAX_UPLOAD_BYTES
from tests.standins.telegram.parameters import Parameters, Upload
from tests.standins.telegram.refusals import BadRequest, Refusal

MAX_BODY_BYTES = MAX_UPLOAD_BYTES + (4 << 20)
"""Room for the largest upload and the fields around it."""


def chat_id_of(parameters: Parameters) -> int | None:
    """The chat that a request is about, None when it names none or not by number."""
    value = parameters.values.get("chat_id")
    if value is None:
        return None
    with contextlib.suppress(TypeError, ValueError):
        return int(value)
    return None


async def read_parameters(request: web.BaseRequest) -> Parameters:
    """Parameters of the query string and of a form, multipart or JSON body."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Parameters(values)
    kind = request.content_type
    try:
        if kind == "multipart/form-data":
            return await _read_multipart(request, values)
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None
    if not body:
        return Parameters(values)
    if kind == "application/json":
        try:
            parsed = json.loads(body)
        except ValueError:
            raise BadRequest("can't parse request JSON object") from None
        if not isinstance(parsed, dict):
            raise BadRequest("can't parse request JSON object")
        values.update(parsed)
    elif kind == "application/x-www-form-urlencoded":
        try:
            values.update(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
        except ValueError:
            raise BadRequest("strings must be encoded in UTF-8") from None
    else:
        raise BadRequest(f"unsupported content type {kind}")
    return Parameters(values)


async def _read_multipart(request: web.BaseRequest, values: dict[str, Any]) -> Parameters:
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            value.file.close()
        elif isinstance(value, str):
            values[name] = value
        else:
            uploads[name] = Upload("", "application/octet-stream", bytes(value))
    return Parameters(values, uploads)
