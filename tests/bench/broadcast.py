"""Figure 3: a broadcast at Telegram's limits beside what the field does, and without limits; replies meanwhile; kills.

The far side refuses whatever exceeds the documented limits by a millisecond. Everybody sends to as many people, one
contestant at a time, in the same minutes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import cpu_seconds, percentile
from tests.bench.postgres import Cluster, cluster
from tests.bench.processes import Json, Worker
from tests.bench.tables import Table, milliseconds, per_second, progress

PER_SECOND = 30
TEXT = "Missione a Tel Aviv. Domani alle 9 si aprono le iscrizioni agli incontri B2B di MIXiii BIOMED."
COMMAND = "/eventi"
LATENCY = 0.05
"""Seconds: what an answer of a server some countries away takes."""
LIBRARIES = {"ptb": "python-telegram-bot, AIORateLimiter", "aiogram": "aiogram, its broadcasting recipe"}
OURS = "the bot"
WIDE = ("--in-flight", "64", "--unrepeatable", "64")


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured.

    Attributes:
        limited: recipients at the documented limits.
        unlimited: recipients of a server without limits.
        replies: messages that each of ten people writes during a broadcast.
    """

    limited: int
    unlimited: int
    replies: int


FULL = Extent(limited=1500, unlimited=4000, replies=12)
QUICK = Extent(limited=240, unlimited=600, replies=2)


@dataclass(slots=True)
class Place:
    """One server on the far side with the people who are written to there."""

    far_side: Worker
    server: int
    address: tuple[str, ...]
    ids: list[int]

    @classmethod
    async def make(cls, far_side: Worker, people: int, *, limits: bool, latency: float = 0.0) -> "Place":
        """A server of its own; each answer takes so many seconds."""
        place = await far_side.ask("open", limits=limits, latency=latency)
        ids = (await far_side.ask("people", server=place["server"], count=people))["ids"]
        return cls(far_side, place["server"], ("--base-url", place["base_url"], "--token", place["token"]), ids)

    async def arrivals(self) -> Json:
        """What came."""
        return await self.far_side.ask("arrivals", server=self.server, ids=self.ids)

    async def until(self, messages: int) -> float:
        """When so many have come (monotonic)."""
        return float((await self.far_side.ask("until", server=self.server, messages=messages))["at"])


@asynccontextmanager
async def our_program(place: Place, database_url: str, *more: str, filled: bool = False) -> AsyncIterator[Worker]:
    """The program, with the people of that place as its members."""
    known = ("--go-on",) if filled else ()
    arguments = (*place.address, "--database", database_url, *more, *known)
    async with await Worker.start("tests.bench.program", *arguments) as worker:
        if not filled:
            await worker.ask("members", ids=place.ids)
        yield worker


async def measure(folder: Path, extent: Extent) -> list[Table]:
    """All of it."""
    async with AsyncExitStack() as stack:
        far_side = await stack.enter_async_context(await Worker.start("tests.bench.far_side"))
        server = await stack.enter_async_context(cluster(folder))
        return [
            await _at_the_limits(far_side, folder, extent),
            await _policies(far_side, folder, extent),
            await _paid(far_side, folder, server, extent),
            await _killed(far_side, folder, extent),
            await _replies(far_side, folder, extent),
            await _unlimited(far_side, folder, server, extent),
            await _takeover(far_side, folder, server),
        ]


async def _at_the_limits(far_side: Worker, folder: Path, extent: Extent) -> Table:
    table = Table(
        "A broadcast at Telegram's limits", ("", "s", "share of the limit", "429s", "lost", "repeated", "CPU ms each")
    )
    table.note(
        f"{extent.limited:,} people, {PER_SECOND} messages in any second allowed. The share counts from the first "
        "arrival to the last."
    )
    progress("broadcast at the limits: ours")
    place = await Place.make(far_side, extent.limited, limits=True)
    async with our_program(place, f"sqlite:///{folder / 'limited.sqlite3'}", "--limits") as worker:
        cpu = cpu_seconds(worker.pid)
        await worker.ask("broadcast", ids=place.ids)
        await worker.ask("settle", look_every=0.1)
        cpu = cpu_seconds(worker.pid) - cpu
    table.rows.append((OURS, *outcome(await place.arrivals()), milliseconds(cpu / extent.limited)))
    for library, name in LIBRARIES.items():
        progress(f"broadcast at the limits: {library}")
        place = await Place.make(far_side, extent.limited, limits=True)
        more = (*place.address, "--library", library)
        async with await Worker.start("tests.bench.broadcasters", *more) as worker:
            cpu = cpu_seconds(worker.pid)
            await worker.ask("send", chats=place.ids, text=TEXT)
            cpu = cpu_seconds(worker.pid) - cpu
        table.rows.append((name, *outcome(await place.arrivals()), milliseconds(cpu / extent.limited)))
    return table


def outcome(arrivals: Json) -> tuple[str, ...]:
    """Seconds, share of the limit, refused, lost and repeated messages, as they are shown."""
    times, copies = arrivals["times"], arrivals["copies"]
    seconds = times[-1] - times[0]
    # The first thirty may come at once; from then on it is the limit that counts.
    share = (len(times) - PER_SECOND) / PER_SECOND / seconds
    return (
        f"{seconds:.1f}",
        f"{share:.1%}",
        f"{arrivals['refused']:,}",
        f"{sum(one == 0 for one in copies):,}",
        f"{sum(max(0, one - 1) for one in copies):,}",
    )


async def _policies(far_side: Worker, folder: Path, extent: Extent) -> Table:
    """What "at most one in doubt" costs where the platform is not next door."""
    people = max(120, extent.limited // 4)
    table = Table(
        "The same with answers that take 50 ms", ("in doubt after a kill, at most", "s", "share of the limit", "429s")
    )
    table.note(
        f"{people:,} people. `unrepeatable_in_flight` is the setting: how many are on their way at a time. "
        "With one, the next waits for the answer to the last."
    )
    for doubts in (1, 2, 4):
        progress(f"broadcast at the limits, {LATENCY * 1000:.0f} ms away: {doubts} at a time")
        place = await Place.make(far_side, people, limits=True, latency=LATENCY)
        store = f"sqlite:///{folder / f'policy_{doubts}.sqlite3'}"
        async with our_program(place, store, "--limits", "--unrepeatable", str(doubts)) as worker:
            await worker.ask("broadcast", ids=place.ids)
            await worker.ask("settle", look_every=0.1)
        seconds, share, refused, *_ = outcome(await place.arrivals())
        table.rows.append((str(doubts), seconds, share, refused))
    return table


async def _paid(far_side: Worker, folder: Path, server: Cluster, extent: Extent) -> Table:
    table = Table(
        "Paid broadcasts: 1,000 a second",
        ("", "messages/s", "429s", "lost", "repeated", "CPU ms each", "in doubt after a kill, at most"),
    )
    table.note(
        f"{extent.unlimited:,} people; the far side refuses more than 1,000 in any second, and more than 30 of those "
        "without `allow_paid_broadcast`. 64 at a time."
    )
    for store in ("SQLite", "PostgreSQL"):
        progress(f"paid broadcast: {store}")
        place = await Place.make(far_side, extent.unlimited, limits=True)
        url = f"sqlite:///{folder / 'paid.sqlite3'}" if store == "SQLite" else await server.create("paid")
        async with our_program(place, url, *WIDE, "--paid") as worker:
            cpu = cpu_seconds(worker.pid)
            await worker.ask("broadcast", ids=place.ids)
            await worker.ask("settle", look_every=0.1)
            cpu = cpu_seconds(worker.pid) - cpu
        arrivals = await place.arrivals()
        _, _, refused, lost, repeated = outcome(arrivals)
        rate = (extent.unlimited - 1) / (arrivals["times"][-1] - arrivals["times"][0])
        cost = milliseconds(cpu / extent.unlimited)
        table.rows.append((store, per_second(rate), refused, lost, repeated, cost, "64"))
    return table


async def _killed(far_side: Worker, folder: Path, extent: Extent) -> Table:
    people = max(120, extent.limited // 4)
    table = Table("Killed in the middle and started again", ("", "lost", "repeated", "known to be in doubt"))
    table.note(f"{people:,} people; kill -9 after half of them; the loops begin again, since they do not know where.")
    place = await Place.make(far_side, people, limits=True)
    store = f"sqlite:///{folder / 'killed.sqlite3'}"
    progress("killed in the middle: ours")
    async with our_program(place, store, "--limits", "--lease", "2") as worker:
        await worker.ask("broadcast", ids=place.ids)
        await place.until(people // 2)
        await worker.kill()
    async with our_program(place, store, "--limits", "--lease", "2", filled=True) as worker:
        await asyncio.sleep(3.0)  # the dead one's lease runs out
        await worker.ask("settle", look_every=0.1)
        states = await worker.ask("states")
    copies = (await place.arrivals())["copies"]
    table.rows.append((OURS, *_lost_and_repeated(copies), str(states.get("uncertain", 0))))
    for library, name in LIBRARIES.items():
        progress(f"killed in the middle: {library}")
        place = await Place.make(far_side, people, limits=True)
        more = (*place.address, "--library", library)
        async with await Worker.start("tests.bench.broadcasters", *more) as worker:
            await worker.give("send", chats=place.ids, text=TEXT)
            await place.until(people // 2)
            await worker.kill()
        async with await Worker.start("tests.bench.broadcasters", *more) as worker:
            await worker.ask("send", chats=place.ids, text=TEXT)
        table.rows.append((name, *_lost_and_repeated((await place.arrivals())["copies"]), "–"))
    return table


def _lost_and_repeated(copies: Sequence[int]) -> tuple[str, str]:
    return f"{sum(one == 0 for one in copies):,}", f"{sum(max(0, one - 1) for one in copies):,}"


async def _replies(far_side: Worker, folder: Path, extent: Extent) -> Table:
    table = Table("Answers while a broadcast runs", ("", "answers", "p50 ms", "p99 ms", "429s"))
    table.note(
        f"Ten people write {COMMAND} now and then, a second or two after the last answer, while a broadcast to others "
        "takes all that the limits leave."
    )
    place = await Place.make(far_side, extent.limited + 10, limits=True)
    talkers, others = place.ids[:10], place.ids[10:]
    async with our_program(place, f"sqlite:///{folder / 'replies.sqlite3'}", "--limits") as worker:
        for name, during in (("nothing else going on", False), ("during the broadcast", True)):
            progress(f"answers: {name}")
            if during:
                await worker.ask("broadcast", ids=others)
                await place.until(len((await place.arrivals())["times"]) + 40)
            talk = await far_side.ask(
                "talk", server=place.server, ids=talkers, text=COMMAND, times=extent.replies, pause=1.1
            )
            found = talk["latencies"]
            refused = (await place.arrivals())["refused"]
            row = (name, str(len(found)), milliseconds(percentile(found, 0.5)), milliseconds(percentile(found, 0.99)))
            table.rows.append((*row, str(refused)))
        await worker.ask("settle", look_every=0.1)
    return table


async def _unlimited(far_side: Worker, folder: Path, server: Cluster, extent: Extent) -> Table:
    table = Table("An announcement without limits", ("", "messages/s", "CPU ms each", "in doubt after a kill, at most"))
    table.note(
        f"{extent.unlimited:,} people; claimed, drawn for each reader from the store, sent, and a result for each "
        "committed. `unrepeatable_in_flight` is the policy: how many may be on their way at a time."
    )
    for wide, label, doubts in ((False, "one at a time (the default)", 1), (True, "64 at a time", 64)):
        for store in ("SQLite", "PostgreSQL"):
            progress(f"without limits: {store}, {label}")
            name = f"unlimited_{'wide' if wide else 'one'}"
            url = f"sqlite:///{folder / name}.sqlite3" if store == "SQLite" else await server.create(name)
            people = extent.unlimited if wide else max(200, extent.unlimited // 8)
            place = await Place.make(far_side, people, limits=False)
            async with our_program(place, url, *(WIDE if wide else ())) as worker:
                cpu = cpu_seconds(worker.pid)
                await worker.ask("broadcast", ids=place.ids)
                await worker.ask("settle", look_every=0.1)
                cpu = cpu_seconds(worker.pid) - cpu
                states = await worker.ask("states")
            arrivals = await place.arrivals()
            if states != {"sent": people} or set(arrivals["copies"]) != {1}:
                raise RuntimeError(f"{states}; copies {set(arrivals['copies'])}")
            rate = (people - 1) / (arrivals["times"][-1] - arrivals["times"][0])
            table.rows.append((f"{store}, {label}", per_second(rate), milliseconds(cpu / people), str(doubts)))
    return table


async def _takeover(far_side: Worker, folder: Path, server: Cluster) -> Table:
    table = Table("Two replicas: kill -9 of the one that sends", ("lease", "the other goes on after, s"))
    table.note("PostgreSQL; from the kill to the next message's arrival; `[delivery] lease_seconds` is the setting.")
    for lease in ("15", "3"):
        progress(f"take-over with a lease of {lease} s")
        place = await Place.make(far_side, 1200, limits=True)
        url = await server.create(f"takeover_{lease}")
        more = ("--limits", "--lease", lease)
        async with our_program(place, url, *more) as first, our_program(place, url, *more, filled=True) as second:
            await first.ask("broadcast", ids=place.ids)
            await place.until(60)
            sending = first if (await first.ask("sends"))["sends"] else second
            await sending.kill()
            came = len((await place.arrivals())["times"])
            before = await place.until(came)
            after = await place.until(came + 1)
        table.rows.append((f"{lease} s", f"{after - before:.1f}"))
    return table
