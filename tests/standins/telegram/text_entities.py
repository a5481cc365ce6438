"""Message text as Telegram reads it: HTML into plain text and entities and back, lengths in UTF-16 units.

The grammar and the refusals follow the Bot API's "Formatting options" and the wording of its server
("can't parse entities: …"). Offsets and lengths of entities are in UTF-16 code units, byte offsets in errors in UTF-8.
"""

import html
import re
from typing import Any

from tests.standins.telegram.refusals import BadRequest

Entity = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
OTHER_TAGS = frozenset({"a", "span", "tg-emoji"})
NAMED_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
MAX_ENTITIES = 100
"""Entities kept in one message; the rest is dropped without a word (PTB's MessageLimit.MESSAGE_ENTITIES)."""

_CHARACTER_REFERENCE = re.compile(r"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[a-zA-Z]+));")
_SPECIAL = re.compile(r"[<&]")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]+")
_SPACES = re.compile(r"\s*")

_DETECTABLE = re.compile(
    r"(?P<url>\bhttps?://[^\s<>]+[^\s<>.,;:!?)\]'\"])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d_]\w*)"
)
_MAY_HOLD_DETECTABLE = re.compile(r"[/@#]")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entity offsets."""
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity names."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def detect_entities(text: str) -> list[Entity]:
    """Commands, mentions, hashtags, addresses of pages and mail that Telegram marks by itself in unformatted text."""
    if not _MAY_HOLD_DETECTABLE.search(text):
        return []
    return [
        {
            "type": found.lastgroup,
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in _DETECTABLE.finditer(text)
    ]


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of a text in Telegram's HTML.

    Stricter than the original in one point: a bare ``&`` or an unknown named reference is refused, since it shows that
    somebody forgot to escape; Telegram itself would print it as it stands.

    Raises:
        BadRequest: unknown or unclosed tag, malformed attribute or character reference.
    """
    if not _SPECIAL.search(source):
        return source, []
    return _HtmlReader(source).read()


class _OpenTag:
    __slots__ = ("argument", "name", "offset")

    def __init__(self, name: str, argument: str, offset: int) -> None:
        self.name = name
        self.argument = argument
        self.offset = offset


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.units = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while (special := _SPECIAL.search(self.source, self.at)) is not None:
            self._emit(self.source[self.at : special.start()])
            self.at = special.start()
            if special.group() == "&":
                self._character_reference()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._emit(self.source[self.at :])
        if self.open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _emit(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.units += utf16_length(text)

    def _byte_offset(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _character_reference(self) -> None:
        found = _CHARACTER_REFERENCE.match(self.source, self.at)
        character: str | None = None
        if found is not None:
            if found["name"]:
                character = NAMED_ENTITIES.get(found["name"])
            else:
                code = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
                valid = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
                character = chr(code) if valid else None
        if found is None or character is None:
            raise _unparsable(f"Unsupported character reference at byte offset {self._byte_offset(self.at)}")
        self._emit(character)
        self.at = found.end()

    def _start_tag(self) -> None:
        begin = self.at
        name_found = _TAG_NAME.match(self.source, begin + 1)
        end = name_found.end() if name_found else len(self.source)
        if end >= len(self.source):
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte_offset(begin)}")
        name = self.source[begin + 1 : end].lower()
        if name not in SIMPLE_TAGS and name not in OTHER_TAGS:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {self._byte_offset(begin)}')
        self.at = end
        argument = self._attributes(name, begin)
        if name == "span" and argument != "tg-spoiler":
            where = self._byte_offset(begin)
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        if name == "tg-emoji" and not argument.isdigit():
            raise _unparsable(f"Invalid custom emoji identifier specified at byte offset {self._byte_offset(begin)}")
        self.open.append(_OpenTag(name, argument, self.units))

    def _attributes(self, tag: str, begin: int) -> str:
        """Read up to the closing ``>`` and return the one argument that matters to this tag."""
        argument = ""
        source = self.source
        while True:
            self._skip_spaces()
            if self.at >= len(source):
                raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {self._byte_offset(begin)}')
            if source[self.at] == ">":
                self.at += 1
                return argument
            found = _ATTRIBUTE_NAME.match(source, self.at)
            name = found.group().lower() if found else ""
            where = self._byte_offset(begin)
            if not name:
                raise _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
            self.at += len(name)
            self._skip_spaces()
            if tag == "blockquote" and name == "expandable" and not source.startswith("=", self.at):
                argument = "expandable"
                continue
            if not source.startswith("=", self.at):
                raise _unparsable(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {where}'
                )
            self.at += 1
            self._skip_spaces()
            value = self._attribute_value(tag, begin)
            argument = _meaning(tag, name, value, argument)

    def _attribute_value(self, tag: str, begin: int) -> str:
        source = self.source
        quote = source[self.at : self.at + 1]
        if quote in {'"', "'"}:
            end = source.find(quote, self.at + 1)
            if end < 0:
                raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {self._byte_offset(begin)}')
            raw = source[self.at + 1 : end]
            self.at = end + 1
            return html.unescape(raw)
        token = _NAME_TOKEN.match(source, self.at)
        if token is None:
            raise _unparsable(f"Unexpected end of name token at byte offset {self._byte_offset(self.at)}")
        self.at = token.end()
        return token.group()

    def _skip_spaces(self) -> None:
        spaces = _SPACES.match(self.source, self.at)
        if spaces:
            self.at = spaces.end()

    def _end_tag(self) -> None:
        begin = self.at
        where = self._byte_offset(begin)
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {where}")
        found = _TAG_NAME.match(self.source, begin + 2)
        name = found.group().lower() if found else ""
        self.at = begin + 2 + len(name)
        self._skip_spaces()
        if not self.source.startswith(">", self.at):
            raise _unparsable(f"Unclosed end tag at byte offset {where}")
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            raise _unparsable(f'Unmatched end tag at byte offset {where}, expected "</{tag.name}>", found "</{name}>"')
        self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self.units - tag.offset
        if length == 0:
            return
        entity: Entity = {"type": SIMPLE_TAGS.get(tag.name, ""), "offset": tag.offset, "length": length}
        if tag.name == "a":
            if not is_web_address(tag.argument):
                return  # Telegram keeps the words and forgets the link
            entity |= {"type": "text_link", "url": tag.argument}
        elif tag.name == "span":
            entity["type"] = "spoiler"
        elif tag.name == "tg-emoji":
            entity |= {"type": "custom_emoji", "custom_emoji_id": tag.argument}
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and tag.argument and self.open and self.open[-1].name == "pre":
            self.open[-1].argument = tag.argument
            return
        elif tag.name == "pre" and tag.argument:
            entity["language"] = tag.argument
        self.entities.append(entity)


def _meaning(tag: str, name: str, value: str, known: str) -> str:
    match tag, name:
        case ("a", "href") | ("span", "class") | ("tg-emoji", "emoji-id"):
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "blockquote", "expandable":
            return "expandable"
        case _:
            return known


def _unparsable(reason: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {reason}")


_WEB_ADDRESS = re.compile(
    r"(?:https?://(?:[^\s/?#@]+@)?(?P<host>[^\s/?#:@\[\]]+\.[^\s/?#:@\[\].]+|\[[0-9a-fA-F:]+\])(?::(?P<port>[0-9]{1,5}))?(?:[/?#]\S*)?"
    r"|(?:tg|ton)://\S+|mailto:\S+|tel:\S+)",
    re.IGNORECASE,
)


def is_web_address(address: str) -> bool:
    """Whether Telegram would make a link of it; a host without a dot, such as localhost, is refused."""
    found = _WEB_ADDRESS.fullmatch(address)
    return found is not None and (found["port"] is None or 0 < int(found["port"]) < 65536)


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without blank ends, entities moved and cut to what is left, as Telegram stores it."""
    if not text or not (text[0].isspace() or text[-1].isspace()):
        return text, entities
    lead = len(text) - len(text.lstrip())
    trimmed = text.strip()
    size = utf16_length(trimmed)
    kept: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return trimmed, kept


_OPENING = {
    "bold": "<b>",
    "italic": "<i>",
    "underline": "<u>",
    "strikethrough": "<s>",
    "spoiler": "<tg-spoiler>",
    "code": "<code>",
    "blockquote": "<blockquote>",
    "expandable_blockquote": "<blockquote expandable>",
}
_CLOSING = {
    "bold": "</b>",
    "italic": "</i>",
    "underline": "</u>",
    "strikethrough": "</s>",
    "spoiler": "</tg-spoiler>",
    "code": "</code>",
    "blockquote": "</blockquote>",
    "expandable_blockquote": "</blockquote>",
}


def _tags(entity: Entity) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{html.escape(entity["url"])}">', "</a>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    if kind == "pre":
        language = entity.get("language")
        return (f'<pre><code class="language-{language}">', "</code></pre>") if language else ("<pre>", "</pre>")
    if kind in _OPENING:
        return _OPENING[kind], _CLOSING[kind]
    return None


def to_html(text: str, entities: list[Entity]) -> str:
    """Text and entities written back as Telegram HTML; what Telegram marks by itself stays unmarked."""
    marks: list[tuple[int, int, int, int, str]] = []
    for index, entity in enumerate(entities):
        tags = _tags(entity)
        if tags is None:
            continue
        start, end = entity["offset"], entity["offset"] + entity["length"]
        # At one place ends come before starts; inner ends first (later start), outer starts first (longer).
        marks.append((start, 1, -entity["length"], index, tags[0]))
        marks.append((end, 0, -start, -index, tags[1]))
    if not marks:
        return html.escape(text, quote=False)
    marks.sort(key=lambda mark: mark[:4])
    encoded = text.encode("utf-16-le")
    written: list[str] = []
    position = 0
    for place, *_, tag in marks:
        written.append(html.escape(encoded[position * 2 : place * 2].decode("utf-16-le"), quote=False))
        written.append(tag)
        position = place
    written.append(html.escape(encoded[position * 2 :].decode("utf-16-le"), quote=False))
    return "".join(written)
