"""What full-text search needs of each database beyond the models; called by the migrations.

SQLite: an FTS5 index over ``post_search``, which holds stems already, kept by triggers. PostgreSQL: a generated
``tsvector`` column with each row's language, and a GIN index. No extension is needed: accents are folded before.
"""

from sqlalchemy import Connection, text

FTS_TABLE = "post_search_fts"
"""SQLite's virtual table."""
DOCUMENT_COLUMN = "document"
"""PostgreSQL's generated column of ``post_search``."""

SQLITE_CREATE = (
    """
    CREATE VIRTUAL TABLE post_search_fts USING fts5(
        title, topics, body,
        content='post_search', content_rowid='post_id',
        tokenize='unicode61 remove_diacritics 0', prefix='3 4'
    )
    """,
    """
    CREATE TRIGGER post_search_added AFTER INSERT ON post_search BEGIN
        INSERT INTO post_search_fts(rowid, title, topics, body)
        VALUES (new.post_id, new.title, new.topics, new.body);
    END
    """,
    """
    CREATE TRIGGER post_search_gone AFTER DELETE ON post_search BEGIN
        INSERT INTO post_search_fts(post_search_fts, rowid, title, topics, body)
        VALUES ('delete', old.post_id, old.title, old.topics, old.body);
    END
    """,
    """
    CREATE TRIGGER post_search_changed AFTER UPDATE ON post_search BEGIN
        INSERT INTO post_search_fts(post_search_fts, rowid, title, topics, body)
        VALUES ('delete', old.post_id, old.title, old.topics, old.body);
        INSERT INTO post_search_fts(rowid, title, topics, body)
        VALUES (new.post_id, new.title, new.topics, new.body);
    END
    """,
    "INSERT INTO post_search_fts(post_search_fts) VALUES ('rebuild')",
)
FTS_FORGET = "INSERT INTO post_search_fts(post_search_fts) VALUES ('optimize')"
"""Merges SQLite's index, so that the words of rows that are gone leave its pages."""
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS post_search_added",
    "DROP TRIGGER IF EXISTS post_search_gone",
    "DROP TRIGGER IF EXISTS post_search_changed",
    "DROP TABLE IF EXISTS post_search_fts",
)

# A generated column needs an immutable expression: both configurations are constants, chosen by the row's language.
_CONFIGURATION = "CASE language WHEN 'it' THEN 'pg_catalog.italian'::regconfig ELSE 'pg_catalog.english'::regconfig END"
POSTGRESQL_CREATE = (
    f"""
    ALTER TABLE post_search ADD COLUMN document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector({_CONFIGURATION}, title), 'A')
        || setweight(to_tsvector({_CONFIGURATION}, topics), 'B')
        || setweight(to_tsvector({_CONFIGURATION}, body), 'D')
    ) STORED
    """,
    # Kept in the row, so that ranking many rows reads each once; the texts beside it move out first.
    "ALTER TABLE post_search ALTER COLUMN document SET STORAGE MAIN",
    "CREATE INDEX ix_post_search_document ON post_search USING gin (document)",
)
POSTGRESQL_DROP = ("ALTER TABLE IF EXISTS post_search DROP COLUMN IF EXISTS document",)


def create_search(connection: Connection) -> None:
    """Make the full-text index over ``post_search``; rows that are there already are indexed."""
    _run(connection, POSTGRESQL_CREATE if connection.dialect.name == "postgresql" else SQLITE_CREATE)


def drop_search(connection: Connection) -> None:
    """Remove the full-text index; ``post_search`` stays."""
    _run(connection, POSTGRESQL_DROP if connection.dialect.name == "postgresql" else SQLITE_DROP)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(text(statement.replace("::", r"\:\:")))
