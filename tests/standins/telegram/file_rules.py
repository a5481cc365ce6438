"""What Telegram refuses in files, pictures and albums, https://core.telegram.org/bots/api#sending-files."""

from typing import Any

from tests.standins.telegram.parameters import Parameters, Upload, refuse_unknown_fields
from tests.standins.telegram.refusals import BadRequest, Refusal

MAX_UPLOAD_BYTES = 50 << 20
MAX_PHOTO_BYTES = 10 << 20
MAX_DOWNLOAD_BYTES = 20 << 20
ALBUM_SIZES = range(2, 11)

_MEDIA_FIELDS = frozenset(
    [
        "type",
        "media",
        "caption",
        "parse_mode",
        "caption_entities",
        "thumbnail",
        "disable_content_type_detection",
        "has_spoiler",
        "show_caption_above_media",
    ]
)
_IMAGE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")


def uploaded_document(upload: Upload) -> None:
    """A file of 1 byte to 50 MB with a name that a person can read.

    Raises:
        Refusal: 413 above the limit; 400 for an empty file, or a name that is missing or holds a path (Telegram would
            make one up or cut it; here it is a mistake of the sender).
    """
    if not upload.data:
        raise BadRequest("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    name = upload.name
    if not name or name != name.strip() or any(c in name for c in "/\\\0\r\n") or len(name.encode()) > 255:
        raise BadRequest("file name is missing or unusable")


def uploaded_photo(upload: Upload) -> tuple[int, int]:
    """Width and height in pixels of a picture of at most 10 MB."""
    uploaded_document(upload)
    if len(upload.data) > MAX_PHOTO_BYTES:
        raise BadRequest("file is too big")
    is_webp = upload.data[:4] == b"RIFF" and upload.data[8:12] == b"WEBP"
    if not upload.data.startswith(_IMAGE_SIGNATURES) and not is_webp:
        raise BadRequest("IMAGE_PROCESS_FAILED")
    width, height = picture_size(upload.data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    return width, height


def album(parameters: Parameters) -> list[dict[str, Any]]:
    """The InputMedia of an album: 2-10 pictures, or 2-10 files, not mixed."""
    media = parameters.structure("media", "media")
    if not isinstance(media, list) or not all(isinstance(item, dict) for item in media):
        raise BadRequest("expected an Array of InputMedia")
    if len(media) not in ALBUM_SIZES:
        raise BadRequest("media group must contain 2-10 items")
    for item in media:
        refuse_unknown_fields(item, _MEDIA_FIELDS, "InputMedia")
    if {item.get("type") for item in media} not in ({"photo"}, {"document"}):
        raise BadRequest("can't use the media of the specified type in the album")
    return media


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels from the header of a PNG, GIF or JPEG; 1 by 1 where the header is of another kind."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    position = 2
    while data.startswith(b"\xff\xd8") and position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = (
                int.from_bytes(data[position + 5 : position + 7]),
                int.from_bytes(data[position + 7 : position + 9]),
            )
            return max(1, width), max(1, height)
        position += 2 + int.from_bytes(data[position + 2 : position + 4])
    return 1, 1
