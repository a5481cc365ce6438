"""What the page fetches beside itself: style and script, files of messages, uploads."""

import zlib
from pathlib import Path
from urllib.parse import quote, unquote

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.platforms.base import Failure, SendError
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.rendering import FILES_PATH, files_of
from bot.platforms.webchat.uploads import MAX_UPLOAD_BYTES

STATIC_PATH = "/webchat/static"
UPLOADS_PATH = "/webchat/uploads"
STATIC_FOLDER = Path(__file__).parent / "static"

NAME_HEADER = "X-File-Name"
"""Percent-encoded. A page of another origin cannot set it without asking first, so it cannot upload."""

_FILE_HEADERS = {
    # A file may be anything that somebody sent: never let it run as a page of ours.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}


def static_url(name: str) -> str:
    """Where a file of ours is served; the address changes with its content."""
    return f"{STATIC_PATH}/{name}?v={zlib.crc32((STATIC_FOLDER / name).read_bytes()):x}"


def add_routes(app: FastAPI, adapter: WebChatAdapter) -> None:
    """Serve them."""
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC_FOLDER), name="webchat-static")

    async def file(chat: str, message_id: str, index: int) -> Response:
        message = await adapter.history.get(chat, message_id)
        screen = message.shown if message else None
        files = files_of(screen) if screen else []
        if not 0 <= index < len(files):
            return Response(status_code=404)
        try:
            content = await adapter.content_of(files[index])
        except SendError as error:
            return Response(status_code=404 if error.failure is Failure.GONE else 502)
        disposition = f"attachment; filename*=UTF-8''{quote(files[index].name, safe='')}"
        return Response(
            content, media_type=files[index].mime, headers=_FILE_HEADERS | {"Content-Disposition": disposition}
        )

    async def upload(request: Request) -> Response:
        name = request.headers.get(NAME_HEADER)
        if name is None:
            return Response(status_code=400)
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > MAX_UPLOAD_BYTES:
                return Response(status_code=413)
        mime = request.headers.get("Content-Type", "")
        kept = await adapter.uploads.save(bytes(content), name=unquote(name), mime=mime)
        return JSONResponse({"reference": kept.reference, "name": kept.name, "mime": kept.mime, "size": kept.size})

    app.add_api_route(f"{FILES_PATH}/{{chat}}/{{message_id}}/{{index}}", file, methods=["GET"], include_in_schema=False)
    app.add_api_route(UPLOADS_PATH, upload, methods=["POST"], include_in_schema=False)
