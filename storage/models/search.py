"""What can be found: one entry for each thing of any kind, the vocabulary of all entries, and their topics."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import Locale, SubjectKind
from storage.models.base import Base, Key, Line, Prose, Word


class SearchEntry(Base):
    """Something that a search finds, as the search sees it; the thing itself is in the table of its kind.

    The short columns come first: most of what is found is only looked at in these.

    Attributes:
        kind, subject_id: what it is.
        audience: who may find it: one of the words that :class:`storage.queries.search_kinds.Reader` lists.
        version: of the analysis that made the stems; an older one is made anew.
        subkind: what sort within its kind, such as a post's kind; 0: none.
        sectors: the ids of its sectors between commas (``,1,3,``); ``*``: all; empty: none.
        language: ``None``: it is written in all of them.
        owner_id: whose it is.
        at: from when on it grows old: published, or over.
        until: how long it is open or valid; ``None``: always.
        useful: how many found it useful.
        title, topics, body: stems of the words, parted by spaces.
    """

    __tablename__ = "search_entries"
    id: Mapped[Key]
    kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    audience: Mapped[Word]
    version: Mapped[int] = mapped_column(SmallInteger)
    subkind: Mapped[int] = mapped_column(default=0)
    sectors: Mapped[Word] = mapped_column(default="")
    language: Mapped[Locale | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    useful: Mapped[int] = mapped_column(default=0)
    title: Mapped[Prose]
    topics: Mapped[Prose] = mapped_column(default="")
    body: Mapped[Prose]

    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index("ix_search_entries_version", "version"))


class SearchWord(Base):
    """A stem, in how many entries it is, and a word as somebody wrote it. The empty stem counts all entries."""

    __tablename__ = "search_words"
    stem: Mapped[Word] = mapped_column(primary_key=True)
    documents: Mapped[int]
    example: Mapped[Word]


class SearchTopic(Base):
    """A topic as it was first written; ``folded`` is without case and accents."""

    __tablename__ = "search_topics"
    id: Mapped[Key]
    folded: Mapped[Word] = mapped_column(unique=True)
    name: Mapped[Line]


class SearchEntryTopic(Base):
    """That an entry has a topic."""

    __tablename__ = "search_entry_topics"
    entry_id: Mapped[int] = mapped_column(ForeignKey("search_entries.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("search_topics.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index("ix_search_entry_topics_topic", "topic_id", "entry_id"),)
