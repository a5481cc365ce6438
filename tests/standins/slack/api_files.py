"""files.*: the three-step upload and what is known of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .api import method, needed, structured
from .api_chat import MAX_POST_TEXT, content, may_write, own_message
from .refusals import Json, SlackRefusalError, missing_argument
from .state import BOT_USER_ID, File

if TYPE_CHECKING:
    from .server import SlackServer

MAX_FILE_BYTES = 1_000_000_000


@method("files.getUploadURLExternal", "filename length alt_txt snippet_type", scope="files:write")
def upload_address(server: SlackServer, args: Json) -> Json:
    """Announce a file and get the address that takes its bytes."""
    name = needed(args, "filename")
    try:
        size = int(needed(args, "length"))
    except ValueError:
        raise SlackRefusalError("invalid_arguments") from None
    if size <= 0 or not name:
        raise SlackRefusalError("invalid_arguments")
    if size > MAX_FILE_BYTES:
        raise SlackRefusalError("file_upload_size_restricted")
    file = File(server.workspace.new_id("F"), name, size, BOT_USER_ID)
    server.workspace.files[file.id] = file
    return {"upload_url": f"{server.base_url}/upload/v1/{file.id}", "file_id": file.id}


def receive_bytes(server: SlackServer, file_id: str, body: bytes) -> int:
    """Take the bytes of an announced file; returns how many.

    Raises:
        SlackRefusalError: ``file_not_found`` (HTTP 404), or ``upload_size_mismatch`` (HTTP 400).
    """
    file = server.workspace.files.get(file_id)
    if file is None or file.content is not None:
        raise SlackRefusalError("file_not_found", status=404)
    if len(body) != file.size:
        raise SlackRefusalError("upload_size_mismatch", status=400)
    file.content = body
    return len(body)


@method(
    "files.completeUploadExternal",
    "files channel_id channels initial_comment thread_ts blocks",
    scope="files:write",
)
def complete_upload(server: SlackServer, args: Json) -> Json:
    """Share uploaded files in a conversation, named by conversation id: a user id is not tolerated here."""
    given = structured(args, "files", "invalid_arguments")
    if given is None:
        raise missing_argument("files")
    if not isinstance(given, list) or not given:
        raise SlackRefusalError("invalid_arguments")
    files: list[File] = []
    for each in given:
        file = server.workspace.files.get(str(each.get("id"))) if isinstance(each, dict) else None
        if file is None or file.content is None:
            raise SlackRefusalError("file_not_found")
        file.title = str(each.get("title") or file.name)
        files.append(file)
    identifier = args.get("channel_id") or args.get("channels")
    if identifier:
        channel = server.workspace.channel(identifier)
        may_write(server, channel)
        text, blocks = "", None
        if args.get("initial_comment") or args.get("blocks"):
            shown = {"text": args.get("initial_comment"), "blocks": args.get("blocks"), "channel": channel.id}
            text, blocks = content(server, shown, MAX_POST_TEXT, "files.completeUploadExternal")
        message = own_message(server, channel, text, blocks)
        message.files = files
        message.thread_ts = str(args["thread_ts"]) if args.get("thread_ts") else None
        channel.store[message.ts] = message
        for file in files:
            file.shared = True
        server.echo(channel, message, subtype="file_share")
    return {"files": [file.as_json(server.base_url) for file in files]}


@method("files.info", "file count cursor limit page", scope="files:read")
def file_info(server: SlackServer, args: Json) -> Json:
    """One file."""
    file = server.workspace.files.get(needed(args, "file"))
    if file is None or file.content is None:
        raise SlackRefusalError("file_not_found")
    return {"file": file.as_json(server.base_url)}
