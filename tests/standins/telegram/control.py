"""A small HTTP door to the person's side, for when the stand-in runs as a process of its own.

| request | effect |
|---|---|
| ``POST /control/users`` {first_name, language_code, id, started} | makes a person, answers {id} |
| ``POST /control/says`` {user, text} | writes in private, answers {update_id} |
| ``POST /control/starts`` {user, payload} | presses Start |
| ``POST /control/presses`` {user, button} | presses it on the newest message that has it, answers {query_id} |
| ``POST /control/flood`` {users, texts} | so many new people, each writes every text once; answers {user_ids} |
| ``POST /control/update`` any update | hands it to the bot |
| ``POST /control/reset`` | forgets counts and violations |
| ``GET /control/messages?user=ID`` | what the bot wrote to a person |
| ``GET /control/stats`` | counts by method, violations, 429s, unconfirmed updates, times |
"""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.standins.telegram.people import TelegramUser
from tests.standins.telegram.state import Json

if TYPE_CHECKING:
    from tests.standins.telegram.server import TelegramServer


class Control:
    """Serves ``/control/…``."""

    def __init__(self, server: "TelegramServer") -> None:
        self.server = server
        self._verbs: dict[str, Callable[[Json], Any]] = {
            "users": self._users,
            "says": lambda b: {"update_id": self._person(b).says(b["text"]).update_id},
            "starts": lambda b: {"update_id": self._person(b).starts(b.get("payload", "")).update_id},
            "presses": lambda b: {"query_id": self._person(b).presses(b["button"]).query_id},
            "flood": self._flood,
            "update": lambda b: {"update_id": self.server.push_update(b)},
            "reset": lambda b: self._reset(),
            "messages": self._messages,
            "stats": lambda b: self.stats(),
        }

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer one request; 404 for an unknown verb, 400 with the reason for an impossible act."""
        verb = self._verbs.get(request.path.removeprefix("/control/"))
        if verb is None:
            return web.Response(status=404)
        raw = await request.read()
        try:
            body = json.loads(raw) if raw else dict(request.query)
            answer = verb(body)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(answer)

    def stats(self) -> Json:
        """Counts since the start or the last reset."""
        server = self.server
        return {
            "counts": dict(server.counts),
            "violations": server.violations,
            "losses": server.losses,
            "too_many_requests": server.limits.refused if server.limits else 0,
            "impatient": server.limits.impatient if server.limits else 0,
            "unconfirmed": len(server.updates.unconfirmed),
            "now": time.monotonic(),
            "last_request_at": server.last_request_at,
        }

    def _person(self, body: Json) -> TelegramUser:
        return TelegramUser(self.server, self.server.state.accounts[int(body["user"])])

    def _users(self, body: Json) -> Json:
        user = self.server.user(
            body.get("first_name", "Anna"), body.get("language_code", "it"), int(body["id"]) if "id" in body else None
        )
        user.account.started = bool(body.get("started", False))
        return {"id": user.id}

    def _flood(self, body: Json) -> Json:
        people = [self.server.user(f"Person {n + 1}") for n in range(int(body["users"]))]
        for text in body["texts"]:
            for person in people:
                person.says(text)
        return {"user_ids": [person.id for person in people]}

    def _reset(self) -> Json:
        self.server.counts.clear()
        self.server.violations.clear()
        self.server.sent.clear()
        return {}

    def _messages(self, body: Json) -> list[Json]:
        return [
            {
                "message_id": m.message_id,
                "text": m.text,
                "html": m.html,
                "buttons": [[{"text": b.text, "data": b.data, "url": b.url} for b in row] for row in m.buttons],
                "file": m.file.name if m.file else None,
                "edits": m.edits,
            }
            for m in self._person(body).messages
        ]
