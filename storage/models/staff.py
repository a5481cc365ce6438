"""What the staff work with: who has which item of the inbox, for whom they act, and lists that come from files."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.enums import ImportState, ListKind, Locale
from storage.models.base import Base, JsonDict, Key, Line, Prose, Word


class DecisionHold(Base):
    """Who of the staff takes care of something that waits for a decision.

    Erasure: the row goes with the person who has it; ``given_by`` becomes empty.
    """

    __tablename__ = "decision_holds"
    kind: Mapped[Word] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))


class ActingSession(Base):
    """A quarter of an hour in which one of the staff acts for somebody, from one account of theirs.

    Erasure: the row goes with either person. What was done stands in the audit log, and is blanked there.

    Attributes:
        ends_at: when it is over by itself.
        ended_at: when it was stopped or was found to be over; it counts as open until then or until ``ends_at``.
        told_at: when the person was told what was done.
    """

    __tablename__ = "acting"
    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    reason: Mapped[Prose]
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_acting_open", "account_id", "ended_at"),
        Index("ix_acting_untold", "told_at", "ends_at"),
    )


class OrganisationRecord(Base):
    """Under which keys a list from outside knows an organisation. No personal data."""

    __tablename__ = "organisation_records"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    external_id: Mapped[Word | None] = mapped_column(unique=True)
    vat_number: Mapped[Word | None] = mapped_column(unique=True)


class MemberRecord(Base):
    """Somebody on a list of members that staff brought in.

    Until they join it is all that is known of them: what is needed to invite them and no more; it expires with their
    invitation, and the tick deletes it. Once they have joined, name, role and language are theirs to keep in the
    profile and are emptied here; the keys stay, so that a later list finds the person again.

    Erasure: the row goes with the person; for somebody who has not joined it is deleted by their e-mail address.

    Attributes:
        external_id, work_email: the list's keys; the address in lower case. At least one is there.
        invite_id: their own invitation, for one use.
        person_id: who they became.
        expires_at: until when it waits for them; empty once they have joined.
    """

    __tablename__ = "member_records"
    id: Mapped[Key]
    external_id: Mapped[Word | None] = mapped_column(unique=True)
    work_email: Mapped[Line | None] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    name: Mapped[Line] = mapped_column(default="")
    job_title: Mapped[Line] = mapped_column(default="")
    locale: Mapped[Locale]
    invite_id: Mapped[int | None] = mapped_column(ForeignKey("invites.id", ondelete="SET NULL"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_member_records_expiry", "expires_at"),)


class ImportRun(Base):
    """A list that somebody sent as a file, until it was taken over or thrown away; at most a day.

    Erasure: the row goes with who sent it. What it says of others is gone within a day.

    Attributes:
        file: a form's FILE value: where the platform keeps it.
        content: what was read from it, as the feature writes it; emptied when it is over.
        fingerprint: of the differences that were shown: other ones are shown again before anything happens.
    """

    __tablename__ = "imports"
    id: Mapped[Key]
    kind: Mapped[ListKind]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    file: Mapped[JsonDict]
    content: Mapped[JsonDict] = mapped_column(default=dict)
    fingerprint: Mapped[Word] = mapped_column(default="")
    state: Mapped[ImportState]
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_imports_state", "state", "created_at"),)
