"""The web chat with a small bot of its own behind it: ``python -m tests.contracts.webchat.harness FOLDER [PORT]``.

It answers every kind of event with a gallery of everything that a screen can hold, so that the page can be looked at
and driven without the rest of the program. Prints ``ready PORT`` once it listens.
"""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI

from bot.platforms.base import Accepted, MenuEntry, Raw
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.page import mount
from bot.platforms.webchat.payloads import COMMUNITY
from bot.platforms.webchat.people import Persona
from handlers.conversation.event import Address, Errors, Event, EventKind, MessageRef, Outcome, Payload, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option
from handlers.conversation.screen import (
    Bold,
    Button,
    File,
    FileReference,
    Link,
    Picture,
    Progress,
    Screen,
    Style,
    UrlButton,
    screen,
)
from storage.enums import Locale, Platform
from tests.contracts.webchat.memory_history import FileHistory

IT, EN = Locale.ITALIAN, Locale.ENGLISH
HOSTILE = '<img src=x onerror=alert(1)> {{7*7}} ${1} `x` " onfocus=alert(2) autofocus="'

PERSONAS = [
    Persona("giulia", "Giulia Ferraris", {IT: "socia", EN: "member"}, "Nerviano Terapie", IT),
    Persona("marco", "Marco Bellandi", {IT: "socio", EN: "member"}, "Adda Biosensori", IT),
    Persona("chiara", "Chiara Rovati", {IT: "segreteria", EN: "staff"}, "Cluster Vita Lombardia", IT, staff=True),
    Persona("noa", "Noa Levin", {IT: "delegata", EN: "delegate"}, "Haifa Cell Works", EN),
    Persona(
        "davide", "Davide Sormani", {IT: "capo missione", EN: "mission lead"}, "Clinica San Tommaso", IT, staff=True
    ),
]


def _entry(it: str, en: str, it_words: str, en_words: str, *, staff: bool = False) -> MenuEntry:
    return MenuEntry({IT: it, EN: en}, {IT: it_words, EN: en_words}, staff)


MENU = [
    _entry("home", "home", "Tutto quello che puoi fare qui", "Everything you can do here"),
    _entry("eventi", "events", "Gli appuntamenti in arrivo", "What is coming up"),
    _entry("condividi", "share", "Condividi un'esperienza con gli altri", "Share what you know"),
    _entry("missioni", "missions", "Le missioni aperte", "The open missions"),
    _entry("modulo", "form", "Un modulo con ogni tipo di campo", "A form with every kind of field"),
    _entry("ostile", "hostile", "Testi che vogliono fare danni", "Texts that mean harm"),
    _entry("avviso", "announce", "Scrivi a tutti", "Write to everybody", staff=True),
]

PICTURE = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 220'><rect width='640' height='220' fill='#e3f2ef'/>"
    b"<g fill='none' stroke='#0b666a' stroke-width='3'><path d='M20 170 120 120 220 140 320 70 420 90 520 40 620 60'/>"
    b"</g><g fill='#07404a'><circle cx='120' cy='120' r='6'/><circle cx='320' cy='70' r='6'/>"
    b"<circle cx='520' cy='40' r='6'/></g></svg>"
)


class DemoClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._instant = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._instant

    async def advance(self, span: timedelta) -> None:
        await self.to(self._instant + span)

    async def to(self, instant: datetime) -> None:
        if instant < self._instant:
            raise ValueError("past")
        await asyncio.sleep(0.05)
        self._instant = instant


def event_card(answer: str, *, going: int) -> Screen:
    """What most of the messages look like."""
    said = {"yes": "Ci sarai. Ci vediamo lì!", "no": "Hai detto che non puoi venire.", "": ""}[answer]
    return (
        screen(summary="Terapie avanzate: dal laboratorio al paziente")
        .heading("Terapie avanzate: dal laboratorio al paziente")
        .para("Un pomeriggio tra chi produce, chi sperimenta e chi cura. ", Bold("I posti sono pochi."))
        .facts(
            ("Quando", "giovedì 19 aprile, 17:30–19:30"),
            ("Dove", "Sala del Naviglio\nvia dei Tigli 12, Milano"),
            ("Relatrice", "Giulia Ferraris, Nerviano Terapie"),
        )
        .block(Progress(going, 40, "Posti presi"))
        .para(said)
        .row(
            Button("✓ Ci sarò" if answer == "yes" else "Ci sarò", "event.rsvp:1:yes", Style.PRIMARY),
            Button("Non posso", "event.rsvp:1:no"),
            Button("Programma", "event.programme:1"),
        )
        .row(
            UrlButton("Mappa", "https://www.openstreetmap.org/"),
            Button("Annulla evento", "event.cancel:1", Style.DANGER),
        )
        .file(File("terapie-avanzate.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
        .build()
    )


def gallery() -> Screen:
    """Every block once."""
    return (
        screen()
        .heading("Buongiorno Giulia")
        .para("Ecco che cosa succede nel cluster.\nTre appuntamenti, una missione e ", Bold("due risposte"), " per te.")
        .heading("In evidenza")
        .bullets(
            [
                ("Missione a Tel Aviv per ", Link("MIXiii BIOMED", "https://example.org/biomed"), ", 14–17 maggio"),
                "Bando fotonica per la diagnostica: scade venerdì 13 aprile",
                ("Nuovo socio: ", Bold("Laboratori Adda")),
            ]
        )
        .block(Picture(File("andamento.svg", "image/svg+xml", PICTURE), "Iscritti per mese, in crescita da gennaio"))
        .row(Button("Eventi", "events"), Button("Missioni", "missions"), Button("Know-how", "posts"))
        .row(Button("Compila il modulo", "form", Style.PRIMARY, opens_form=True), Button("Avviso", "alert"))
        .build()
    )


def hostile() -> Screen:
    """Words that would be markup if anything took them for it."""
    return (
        screen(summary=HOSTILE)
        .heading(HOSTILE)
        .para(HOSTILE, Bold(HOSTILE), Link(HOSTILE, "javascript:alert(1)"))
        .facts((HOSTILE, HOSTILE))
        .bullets([HOSTILE])
        .block(Progress(1, 2, HOSTILE))
        .block(Picture(File("x.html", "text/html", b"<script>alert(1)</script>"), HOSTILE))
        .row(Button(HOSTILE, "noop"), UrlButton(HOSTILE, "javascript:alert(1)"))
        .file(File(HOSTILE, "text/html", b"<script>alert(1)</script>"))
        .build()
    )


TOPICS = (Option("atmp", "Terapie avanzate"), Option("ivd", "Diagnostica"), Option("md", "Dispositivi"))
TOWN_NAMES = ("Milano", "Pavia", "Brescia", "Bergamo", "Como", "Lecco", "Varese")
TOWNS = tuple(Option(name.lower(), name) for name in TOWN_NAMES)
PEOPLE = tuple(Option(one.key, f"{one.name}, {one.organisation}") for one in PERSONAS)


def sample_form(**initial: object) -> Form:
    """Every kind of field once."""
    fields = [
        Field("title", "Titolo", hint="Come lo racconteresti in una riga.", max_length=120),
        Field("story", "Che cosa hai imparato?", FieldKind.TEXT),
        Field("topic", "Argomento", FieldKind.CHOICE, options=TOPICS),
        Field("sectors", "Settori", FieldKind.CHOICES, required=False, options=TOPICS),
        Field("town", "Dove", FieldKind.CHOICE, required=False, options=TOWNS),
        Field("seats", "Posti", FieldKind.NUMBER, minimum=1, maximum=200),
        Field("when", "Quando", FieldKind.WHEN, required=False),
        Field("deadline", "Iscrizioni entro", FieldKind.WHEN, required=False, date_only=True),
        Field("with", "Con chi", FieldKind.PERSON, required=False, options=PEOPLE, hint="Un altro socio."),
        Field("slides", "Allegato", FieldKind.FILE, required=False),
    ]
    filled = tuple(
        Field(**({name: getattr(one, name) for name in Field.__slots__} | {"initial": initial.get(one.name)}))
        for one in fields
    )
    intro = "Bastano due minuti. Quello che scrivi resta anche se chiudi la finestra."
    return Form("sample", "Condividi un'esperienza", filled, "Pubblica", {"from": "harness"}, intro)


class HarnessReceiver:
    """Answers events as the whole program would, without its rules."""

    def __init__(self, adapter: WebChatAdapter) -> None:
        self._adapter = adapter
        self._seen: set[str] = set()
        self._drafts: dict[str, dict[str, object]] = {}
        self._going = 23
        self._tasks: set[asyncio.Task[None]] = set()

    async def store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        fresh = [raw for raw in raws if raw.id not in self._seen]
        self._seen.update(raw.id for raw in fresh)
        return [Accepted(number, raw, platform, account) for number, raw in enumerate(fresh)]

    async def handle(self, accepted: Accepted) -> Outcome:
        event = self._adapter.parse(accepted.raw.payload)
        return await self._answer(event) if event else Outcome()

    def spawn(self, work: Awaitable[None], *, name: str) -> None:
        async def run() -> None:
            await work

        task = asyncio.create_task(run(), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, event: Event) -> Outcome:
        match event.kind:
            case EventKind.PRESS:
                return await self._pressed(event)
            case EventKind.COMMAND:
                return await self._commanded(event)
            case EventKind.SUBMIT:
                return await self._submitted(event)
            case EventKind.ABANDON:
                self._drafts[event.user] = dict(event.values)
                return Outcome(toast=Toast("Bozza conservata."))
            case EventKind.TEXT:
                await self._say(event.address, screen().para(f"Hai scritto: {event.text}").build())
            case EventKind.FILE if event.file:
                kept = FileReference("web", "web", event.file.reference)
                back = screen().para(f"Ricevuto: {event.file.name}, {event.file.size} byte.")
                await self._say(
                    event.address, back.file(File(event.file.name, event.file.mime, reference=kept)).build()
                )
            case _:
                return Outcome()
        return Outcome()

    async def _commanded(self, event: Event) -> Outcome:
        match event.action:
            case "modulo" | "form":
                return Outcome(form=sample_form(**self._drafts.get(event.user, {})))
            case "eventi" | "events":
                await self._say(event.address, event_card("", going=self._going))
            case "ostile" | "hostile":
                await self._say(event.address, hostile())
            case "avviso" | "announce":
                for key in [one.key for one in PERSONAS] + [COMMUNITY]:
                    await self._say(Address(Platform.WEB, "web", key), screen().para(event.text or "Un avviso").build())
            case _:
                await self._say(event.address, gallery())
        return Outcome()

    async def _pressed(self, event: Event) -> Outcome:
        message = event.message
        assert message is not None
        match event.action:
            case "form":
                return Outcome(form=sample_form(**self._drafts.get(event.user, {})))
            case "alert":
                return Outcome(toast=Toast("Le iscrizioni chiudono venerdì.", alert=True))
            case "event.rsvp:1:yes":
                return await self._redraw(message, event_card("yes", going=self._going + 1))
            case "event.rsvp:1:no":
                return await self._redraw(message, event_card("no", going=self._going))
            case "event.cancel:1":
                await self._adapter.delete(message)
                return Outcome(toast=Toast("Evento annullato."))
            case "events":
                await self._say(event.address, event_card("", going=self._going))
        return Outcome(toast=Toast("Fatto."))

    async def _submitted(self, event: Event) -> Outcome:
        wrong = {}
        if not event.values.get("title"):
            wrong["title"] = "Scrivi un titolo: basta una riga."
        if not event.values.get("topic"):
            wrong["topic"] = "Scegli un argomento."
        if wrong:
            return Outcome(errors=Errors(wrong))
        self._drafts.pop(event.user, None)
        lines = [f"{name} = {value!r}" for name, value in sorted(event.values.items())]
        await self._say(event.address, screen().heading("Pubblicato").bullets(lines).build())
        return Outcome(toast=Toast("Grazie, è in bacheca."))

    async def _redraw(self, message: MessageRef, drawn: Screen) -> Outcome:
        await self._adapter.edit(message, drawn)
        return Outcome(toast=Toast("Segnato."))

    async def _say(self, address: Address, shown: Screen) -> None:
        await self._adapter.send(address, shown, token="")


async def _no_such_file(reference: FileReference) -> bytes:
    raise FileNotFoundError(reference.reference)


async def _personas() -> list[Persona]:
    return PERSONAS


def build(folder: Path) -> tuple[FastAPI, WebChatAdapter]:
    """The application, with its history in ``folder``."""
    clock = DemoClock()
    history = FileHistory(folder / "history.json")
    adapter = WebChatAdapter(history=history, now=clock.now, fetch=_no_such_file, uploads=folder / "uploads")
    app = FastAPI(openapi_url=None)

    async def send_as_bot(chat: str, payload: Payload) -> None:
        await adapter.send(Address(Platform.WEB, "web", chat), screen().para(str(payload["text"])).build(), token="")

    async def forget() -> None:
        history.messages.clear()
        history.changed()

    app.add_api_route("/harness/{chat}", send_as_bot, methods=["POST"])
    app.add_api_route("/harness", forget, methods=["DELETE"])
    mount(
        app,
        adapter,
        personas=_personas,
        menu=MENU,
        clock=clock,
        title="Cluster Vita Lombardia",
        milestones=[datetime(2018, 5, 13, 9, 0, tzinfo=ZoneInfo("Europe/Rome"))],
    )
    return app, adapter


async def serve(folder: Path, port: int) -> None:
    """Run until killed."""
    app, adapter = build(folder)
    await adapter.open(MENU)
    await adapter.listen(HarnessReceiver(adapter))
    listening = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    sys.stdout.write(f"ready {listening.getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve([listening])


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
