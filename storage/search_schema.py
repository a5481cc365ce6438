"""What full-text search needs of each database beyond the models; called by the migrations.

SQLite: an FTS5 index over ``post_search``, which holds stems already, kept by triggers. PostgreSQL: a generated
``tsvector`` column with each row's language, and a GIN index. No extension is needed: accents are folded before.
"""

from sqlalchemy import Connection, text

FTS_TABLE = "post_search_fts"
DOCUMENT_COLUMN = "document"

SQLITE_CREATE = (
    f"""
    CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5(
        title, topics, body,
        content='post_search', content_rowid='post_id',
        tokenize='unicode61 remove_diacritics 0', prefix='3 4'
    )
    """,
    f"""
    CREATE TRIGGER post_search_added AFTER INSERT ON post_search BEGIN
        INSERT INTO {FTS_TABLE}(rowid, title, topics, body)
        VALUES (new.post_id, new.title, new.topics, new.body);
    END
    """,
    f"""
    CREATE TRIGGER post_search_gone AFTER DELETE ON post_search BEGIN
        INSERT INTO {FTS_TABLE}({FTS_TABLE}, rowid, title, topics, body)
        VALUES ('delete', old.post_id, old.title, old.topics, old.body);
    END
    """,
    f"""
    CREATE TRIGGER post_search_changed AFTER UPDATE ON post_search BEGIN
        INSERT INTO {FTS_TABLE}({FTS_TABLE}, rowid, title, topics, body)
        VALUES ('delete', old.post_id, old.title, old.topics, old.body);
        INSERT INTO {FTS_TABLE}(rowid, title, topics, body)
        VALUES (new.post_id, new.title, new.topics, new.body);
    END
    """,
    f"INSERT INTO {FTS_TABLE}({FTS_TABLE}) VALUES ('rebuild')",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS post_search_added",
    "DROP TRIGGER IF EXISTS post_search_gone",
    "DROP TRIGGER IF EXISTS post_search_changed",
    f"DROP TABLE IF EXISTS {FTS_TABLE}",
)

# A generated column needs an immutable expression: both configurations are constants, chosen by the row's language.
_CONFIGURATION = "CASE language WHEN 'it' THEN 'pg_catalog.italian'::regconfig ELSE 'pg_catalog.english'::regconfig END"
POSTGRESQL_CREATE = (
    f"""
    ALTER TABLE post_search ADD COLUMN {DOCUMENT_COLUMN} tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector({_CONFIGURATION}, title), 'A')
        || setweight(to_tsvector({_CONFIGURATION}, topics), 'B')
        || setweight(to_tsvector({_CONFIGURATION}, body), 'D')
    ) STORED
    """,
    f"CREATE INDEX ix_post_search_{DOCUMENT_COLUMN} ON post_search USING gin ({DOCUMENT_COLUMN})",
)
POSTGRESQL_DROP = (f"ALTER TABLE IF EXISTS post_search DROP COLUMN IF EXISTS {DOCUMENT_COLUMN}",)


def create_search(connection: Connection) -> None:
    """Make the full-text index over ``post_search``; rows that are there already are indexed."""
    _run(connection, POSTGRESQL_CREATE if connection.dialect.name == "postgresql" else SQLITE_CREATE)


def drop_search(connection: Connection) -> None:
    """Remove the full-text index; ``post_search`` stays."""
    _run(connection, POSTGRESQL_DROP if connection.dialect.name == "postgresql" else SQLITE_DROP)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(text(statement.replace("::", r"\:\:")))
