"""What full-text search needs of each database beyond the models; called by the migrations.

SQLite: an FTS5 index over the stems in ``search_entries``, kept by triggers. PostgreSQL: generated ``tsvector`` columns
of the same stems, each with a GIN index. Both only say which entries hold which stems; ranking is done by
:mod:`storage.search_ranking`, so neither keeps positions or lengths for it. No extension is needed.
"""

from sqlalchemy import Connection, text

FTS_TABLE = "search_entries_fts"
"""SQLite's virtual table."""
DOCUMENT_COLUMN = "document"
"""PostgreSQL's generated column of all stems."""
TITLE_COLUMN = "title_document"
"""PostgreSQL's generated column of the title's stems."""

SQLITE_CREATE = (
    """
    CREATE VIRTUAL TABLE search_entries_fts USING fts5(
        title, topics, body,
        content='search_entries', content_rowid='id', columnsize=0,
        tokenize='unicode61 remove_diacritics 0', prefix='3 4'
    )
    """,
    """
    CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_entries_fts(rowid, title, topics, body)
        VALUES (new.id, new.title, new.topics, new.body);
    END
    """,
    """
    CREATE TRIGGER search_entries_gone AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_entries_fts(search_entries_fts, rowid, title, topics, body)
        VALUES ('delete', old.id, old.title, old.topics, old.body);
    END
    """,
    """
    CREATE TRIGGER search_entries_changed AFTER UPDATE OF title, topics, body ON search_entries BEGIN
        INSERT INTO search_entries_fts(search_entries_fts, rowid, title, topics, body)
        VALUES ('delete', old.id, old.title, old.topics, old.body);
        INSERT INTO search_entries_fts(rowid, title, topics, body)
        VALUES (new.id, new.title, new.topics, new.body);
    END
    """,
    "INSERT INTO search_entries_fts(search_entries_fts) VALUES ('rebuild')",
)
FTS_FORGET = "INSERT INTO search_entries_fts(search_entries_fts) VALUES ('optimize')"
"""Merges SQLite's index, so that the words of rows that are gone leave its pages."""
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS search_entries_added",
    "DROP TRIGGER IF EXISTS search_entries_gone",
    "DROP TRIGGER IF EXISTS search_entries_changed",
    "DROP TABLE IF EXISTS search_entries_fts",
)

# The stems are made by the program, so no parser and no dictionary of the server has a say; an empty text has none.
_STEMS = "array_to_tsvector(array_remove(string_to_array({}, ' '), ''))"
_ALL = _STEMS.format("title || ' ' || topics || ' ' || body")
_TITLE = _STEMS.format("title")
POSTGRESQL_CREATE = (
    # Texts and stems move out of the row, so that looking through the rows found for the newest reads few pages.
    "ALTER TABLE search_entries SET (toast_tuple_target = 128)",
    f"""
    ALTER TABLE search_entries
        ADD COLUMN document tsvector GENERATED ALWAYS AS ({_ALL}) STORED,
        ADD COLUMN title_document tsvector GENERATED ALWAYS AS ({_TITLE}) STORED
    """,
    "CREATE INDEX ix_search_entries_document ON search_entries USING gin (document)",
    "CREATE INDEX ix_search_entries_title_document ON search_entries USING gin (title_document)",
)
POSTGRESQL_DROP = (
    "ALTER TABLE IF EXISTS search_entries DROP COLUMN IF EXISTS document, DROP COLUMN IF EXISTS title_document",
)


def create_search(connection: Connection) -> None:
    """Make the full-text index over ``search_entries``; rows that are there already are indexed."""
    _run(connection, POSTGRESQL_CREATE if connection.dialect.name == "postgresql" else SQLITE_CREATE)


def drop_search(connection: Connection) -> None:
    """Remove the full-text index; ``search_entries`` stays."""
    _run(connection, POSTGRESQL_DROP if connection.dialect.name == "postgresql" else SQLITE_DROP)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(text(statement))
