"""The archive that somebody gets of their data: ``data.json`` for machines, ``data.html`` to read, and their files.

The structure of ``data.json`` is documented in docs/privacy.md; its ``version`` changes with it. Pure: values in, bytes
out.
"""

import html
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from handlers.conversation.screen import FileReference
from handlers.conversation.texts import Texts
from handlers.privacy import labels
from storage.queries.personal_data import Section

FORMAT = "community-bot/personal-data"
VERSION = 1
FILE_KEYS = frozenset({"platform", "account", "reference", "name", "mime", "size"})


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that somebody sent. ``content`` is ``None`` where the platform did not hand it out."""

    reference: FileReference
    name: str
    mime: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whose data it is, and who hands it over."""

    person_id: int
    community: str
    controller: str
    contact: str
    made_at: datetime
    zone: ZoneInfo


def files_in(sections: Iterable[Section]) -> list[KeptFile]:
    """The files that the rows name, each once."""
    found: dict[FileReference, KeptFile] = {}
    for section in sections:
        for row in section.rows:
            for value in _files(row):
                reference = FileReference(str(value["platform"]), str(value["account"]), str(value["reference"]))
                found.setdefault(reference, KeptFile(reference, str(value["name"]), str(value["mime"])))
    return list(found.values())


def _files(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if value.keys() >= FILE_KEYS:
            yield value
        else:
            for one in value.values():
                yield from _files(one)
    elif isinstance(value, list):
        for one in value:
            yield from _files(one)


def plain(value: Any) -> Any:
    """A value in JSON's types: moments in ISO 8601 with their offset, enums as the store writes them."""
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def as_json(about: About, sections: Sequence[Section], files: Sequence[tuple[str, KeptFile]]) -> dict[str, Any]:
    """The content of ``data.json``."""
    chapters: dict[str, list[dict[str, Any]]] = {}
    for section in sections:
        chapters.setdefault(section.chapter.value, []).append(
            {"table": section.table, "role": section.role, "rows": plain(list(section.rows))}
        )
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": about.made_at.isoformat(),
        "community": about.community,
        "controller": about.controller,
        "contact": about.contact,
        "person": about.person_id,
        "chapters": chapters,
        "files": [
            {
                "name": file.name,
                "mime": file.mime,
                "path": path if file.content is not None else None,
                "kept_by": file.reference.platform,
                "reference": file.reference.reference,
            }
            for path, file in files
        ],
    }


def archive(about: About, sections: Sequence[Section], files: Sequence[KeptFile], t: Texts) -> bytes:
    """The zip."""
    named = [(f"files/{number:03}-{_file_name(one.name)}", one) for number, one in enumerate(files, 1)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        data = json.dumps(as_json(about, sections, named), ensure_ascii=False, indent=2)
        _put(packed, "data.json", data.encode(), about.made_at)
        _put(packed, "data.html", as_html(about, sections, named, t).encode(), about.made_at)
        for path, one in named:
            if one.content is not None:
                _put(packed, path, one.content, about.made_at)
    return out.getvalue()


def _file_name(name: str) -> str:
    """A name that no unpacking program takes for another folder."""
    return (
        "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name).strip(". ")[:80] or "file"
    )


def _put(packed: zipfile.ZipFile, path: str, content: bytes, at: datetime) -> None:
    when = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    entry = zipfile.ZipInfo(path, when)
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, content)


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%;font-size:.9rem}"
    "th,td{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#f2f4f7}"
)


def as_html(about: About, sections: Sequence[Section], files: Sequence[tuple[str, KeptFile]], t: Texts) -> str:
    """The content of ``data.html``: the same rows, a table each."""
    e = html.escape
    title = t("What {community} holds about you", community=about.community)
    as_of = t("As of {moment}.", moment=t.stamp(about.made_at, about.zone))
    files_title = t("Files you sent")
    out = [
        f'<!doctype html><html lang="{t.locale.value}"><head><meta charset="utf-8"><title>{e(title)}</title>',
        f"<style>{STYLE}</style></head><body><h1>{e(title)}</h1>",
        f"<p>{e(as_of)} ",
        e(t("Responsible: {controller}. Questions: {contact}.", controller=about.controller, contact=about.contact)),
        "</p>",
    ]
    last = None
    for section in sections:
        if section.chapter is not last:
            last = section.chapter
            out.append(f"<h2>{e(labels.chapter(section.chapter, t))}</h2>")
        names = list(section.rows[0])
        head = "".join(f"<th>{e(labels.column(name, t))}</th>" for name in names)
        out.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
        for row in section.rows:
            cells = "".join(f"<td>{e(_cell(row[name], about.zone, t))}</td>" for name in names)
            out.append(f"<tr>{cells}</tr>")
        out.append("</tbody></table>")
    if files:
        out.append(f"<h2>{e(files_title)}</h2><ul>")
        for path, one in files:
            where = path if one.content is not None else t("kept by {platform}", platform=one.reference.platform)
            out.append(f"<li>{e(one.name)}: {e(where)}</li>")
        out.append("</ul>")
    out.append("</body></html>")
    return "".join(out)


def _cell(value: Any, zone: ZoneInfo, t: Texts) -> str:
    match value:
        case None:
            return ""
        case bool():
            return t("yes") if value else t("no")
        case datetime():
            return t.stamp(value, zone)
        case Enum():
            return str(value.value)
        case list():
            return ", ".join(_cell(one, zone, t) for one in value)
        case Mapping():
            return "; ".join(f"{key}: {_cell(one, zone, t)}" for key, one in value.items() if one not in (None, "", []))
        case _:
            return str(value)
