"""What the rules about personal data need to remember: exports on their way, warnings, purges, consent slips.

What becomes of each when the person is erased stands in :mod:`storage.personal.inventory`.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import Platform, SlipAnswer
from storage.models.base import Base, JsonDict, JsonList, Key, Line, Prose, Word
from storage.models.people import Person


class DataExport(Base):
    """A copy of somebody's data that they asked for. Erased with the person.

    Attributes:
        content: the archive, from when it was made until it was delivered or given up.
        made_at: when it was put together.
        closed_at: when its content was thrown away again.
    """

    __tablename__ = "data_exports"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_data_exports_open", "closed_at", "made_at"),)


class RetentionNotice(Base):
    """That somebody was told that their data goes for want of use, and when it goes. Erased with the person."""

    __tablename__ = "retention_notices"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    told_at: Mapped[datetime]
    erase_at: Mapped[datetime]


class PurgeRun(Base):
    """One day's purge: how many rows of which kind went. ``day`` is the community's date ("2018-04-19")."""

    __tablename__ = "purge_runs"
    day: Mapped[Word] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[JsonDict] = mapped_column(default=dict)


class Disclosure(Base):
    """A consent slip: these fields, to this recipient, for this purpose, until then.

    Attributes:
        fields: what is handed over, by :class:`~storage.enums.SlipField`.
        optional: those of them that a person may leave out and still say yes.
        mission_id, event_id: whose delegates or guests are asked; one of the two.
        until: from then on nothing is exported, and the answers are deleted.
        closed_at: when it was closed before its time.
        emptied_at: when its answers were deleted; ``counts`` then says how many said what.
    """

    __tablename__ = "disclosures"
    id: Mapped[Key]
    title: Mapped[Line]
    recipient: Mapped[Line]
    purpose: Mapped[Prose]
    fields: Mapped[JsonList]
    optional: Mapped[JsonList] = mapped_column(default=list)
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("missions.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    until: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]
    counts: Mapped[JsonDict] = mapped_column(default=dict)

    __table_args__ = (Index("ix_disclosures_until", "emptied_at", "until"),)


class DisclosureAnswer(Base):
    """What one person said to one slip. Erased with the person; deleted when the slip's date has come.

    Attributes:
        answer: empty until they have answered.
        values: what they entered for this slip alone, by field.
        exported_at: when an export last held them; a withdrawal after that is told to who made the slip.
    """

    __tablename__ = "disclosure_answers"
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    asked_at: Mapped[datetime]
    answer: Mapped[SlipAnswer | None]
    values: Mapped[JsonDict] = mapped_column(default=dict)
    platform: Mapped[Platform | None]
    answered_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class DisclosureExport(Base):
    """That a slip's yeses were handed out: by whom, when, how many. Rows are only added; they name nobody asked."""

    __tablename__ = "disclosure_exports"
    id: Mapped[Key]
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id", ondelete="CASCADE"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    people: Mapped[int]
    form: Mapped[Word]
