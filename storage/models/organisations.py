"""What belongs to an organisation beside its people: its contact, former names, wishes to join it, handovers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import HandoverState, RequestState
from storage.models.base import Base, Key, Line, Prose


class OrganisationContact(Base):
    """Who speaks for an organisation: sees its members and makes its invitations. The row goes with the person."""

    __tablename__ = "organisation_contacts"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]


class OrganisationAlias(Base):
    """Another name of an organisation: its former one, or that of a duplicate that was merged into it.

    ``name`` is in lower case (:func:`str.casefold`), since it is only compared.
    """

    __tablename__ = "organisation_aliases"
    name: Mapped[Line] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)


class OrganisationRequest(Base):
    """A member's wish to belong to another organisation, which the staff answer. It goes with the person.

    Without ``organisation_id`` the organisation is not known: ``claim`` is its name in their words, and empty when they
    left one and have not said where they are now.
    """

    __tablename__ = "organisation_requests"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"))
    claim: Mapped[Line] = mapped_column(default="")
    left_from: Mapped[Line] = mapped_column(default="")
    state: Mapped[RequestState] = mapped_column(default=RequestState.WAITING)
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Prose] = mapped_column(default="")

    __table_args__ = (Index("ix_organisation_requests_state", "state", "created_at"),)


class Handover(Base):
    """What somebody who leaves an organisation offers a colleague. It goes with either of them.

    What is handed over is looked up when the colleague accepts: what its owner holds then.
    """

    __tablename__ = "handovers"
    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    from_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    to_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    contact: Mapped[bool] = mapped_column(default=False)
    state: Mapped[HandoverState] = mapped_column(default=HandoverState.OFFERED)
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
