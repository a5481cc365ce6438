"""The open feed of posts that their authors share with everybody, as Atom (RFC 4287), for any reader of feeds."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.conversation.texts import texts_for
from handlers.knowhow.bylines import byline_of_post
from storage.engine import Database
from storage.enums import Locale
from storage.models import Post
from storage.queries.posts import public_posts

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50
"""The newest posts that the feed holds."""
MAX_AGE_SECONDS = 300
"""How long a reader may keep what it has fetched."""
SINCE = "2018"
"""The year behind the host in the ids of entries (RFC 4151): an id never changes, whatever becomes of the address."""


class AtomFeed:
    """Makes the feed.

    Args:
        name: of the community; the feed's title.
        locale: its language.
        public_url: how the outside reaches the program; empty where it is not known.
    """

    def __init__(self, name: str, locale: Locale, public_url: str) -> None:
        self._name = name
        self._locale = locale
        self._url = public_url.rstrip("/")
        self._host = urlsplit(self._url).hostname or "community.invalid"

    def document(self, posts: Sequence[Post]) -> bytes:
        """The feed of these posts, the newest first, read with their authors and kinds; UTF-8."""
        t = texts_for(self._locale)
        feed = Element("feed", {"xmlns": ATOM, "xml:lang": self._locale.value})
        SubElement(feed, "id").text = f"tag:{self._host},{SINCE}:know-how"
        SubElement(feed, "title").text = t("{community}: know-how", community=self._name)
        newest = max((_changed(post) for post in posts), default=datetime(int(SINCE), 1, 1, tzinfo=UTC))
        SubElement(feed, "updated").text = newest.isoformat()
        if self._url:
            SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{self._url}/feed.atom"})
        for post in posts:
            self._entry(feed, post)
        return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))

    def _entry(self, feed: Element, post: Post) -> None:
        t = texts_for(self._locale)
        entry = SubElement(feed, "entry", {"xml:lang": post.language.value})
        SubElement(entry, "id").text = f"tag:{self._host},{SINCE}:post-{post.id}"
        SubElement(entry, "title").text = _printable(post.title)
        SubElement(entry, "published").text = (post.published_at or post.created_at).isoformat()
        SubElement(entry, "updated").text = _changed(post).isoformat()
        author = SubElement(entry, "author")
        SubElement(author, "name").text = _printable(byline_of_post(post, t))
        SubElement(entry, "category", {"term": post.kind.key, "label": t.of(post.kind, "name")})
        for topic in post.topics:
            SubElement(entry, "category", {"term": _printable(topic)})
        if post.link:
            SubElement(entry, "link", {"rel": "related", "href": post.link})
        SubElement(entry, "content", {"type": "text"}).text = _printable(post.body)


def _changed(post: Post) -> datetime:
    return post.edited_at or post.published_at or post.created_at


def _printable(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(one for one in text if one in "\t\n" or (one >= " " and one not in "\ufffe\uffff"))


def feed_route(database: Database, feed: AtomFeed) -> Route:
    """``/feed.atom``: unchanged since a reader's last look, it is not sent again."""

    async def atom(request: Request) -> Response:
        async with database.reading() as session:
            document = feed.document(await public_posts(session, ENTRIES))
        tag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}"}
        known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
        if tag in known:
            return Response(status_code=304, headers=headers)
        return Response(document, media_type="application/atom+xml", headers=headers)

    return Route("/feed.atom", atom)
