"""People, the organisations they belong to, where they can be reached, and what they allowed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import (
    CodeUse,
    ConsentPurpose,
    DigestFrequency,
    Locale,
    OrganisationCategory,
    PersonStatus,
    Platform,
    QuietChoice,
    Role,
)
from storage.models.base import Base, JsonList, Key, Line, Prose, Word


class Sector(Base):
    """A sector of the cluster: data, since the cluster's own list changes."""

    __tablename__ = "sectors"
    id: Mapped[Key]
    key: Mapped[Word] = mapped_column(unique=True)
    name_it: Mapped[Line]
    name_en: Mapped[Line]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Organisation(Base):
    """A member organisation.

    Attributes:
        domains: the domains of its e-mail addresses, in lower case; whoever reads mail there is one of its people.
        seats: how many members it may have by invitation and by address; ``None``: any number.
        active: a retired one keeps its people and takes no new ones.
    """

    __tablename__ = "organisations"
    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(unique=True)
    category: Mapped[OrganisationCategory]
    city: Mapped[Line] = mapped_column(default="")
    domains: Mapped[JsonList] = mapped_column(default=list)
    about_it: Mapped[Prose] = mapped_column(default="")
    about_en: Mapped[Prose] = mapped_column(default="")
    seats: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)


class OrganisationSector(Base):
    """Which sectors an organisation works in."""

    __tablename__ = "organisation_sectors"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    sector_id: Mapped[int] = mapped_column(ForeignKey("sectors.id", ondelete="CASCADE"), primary_key=True)


class Person(Base):
    """Somebody who accepted the privacy notice. Before that nobody has a row.

    ``notice_version`` is the notice they accepted. ``next_digest_at`` is when the next digest is due, in UTC,
    computed from their frequency, weekday, hour and zone. ``invited`` is true for whoever needs no answer of the staff:
    an organisation's invitation or address let them in. ``work_address`` is an e-mail address that they proved to
    read; nobody else has the same. It is taken back when they leave the organisation, and goes when they are
    erased. ``channel`` is where they always want to be written to; without it that is where they acted last.
    ``quiet_from`` and ``quiet_until`` are minutes after midnight on their own clock, ``quiet_days`` the weekdays (0
    is Monday) on which the quiet begins, ``quiet_weekends`` makes Saturdays and Sundays quiet as a whole; they
    count where ``quiet`` says that they are their own. ``suspended_from`` is what they were before a suspension and
    are again after it.
    """

    __tablename__ = "people"
    id: Mapped[Key]
    status: Mapped[PersonStatus]
    name: Mapped[Line] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    organisation_claim: Mapped[Line] = mapped_column(default="")
    invited: Mapped[bool] = mapped_column(default=False)
    job_title: Mapped[Line] = mapped_column(default="")
    locale: Mapped[Locale]
    timezone: Mapped[Word] = mapped_column(default="Europe/Rome")
    offers: Mapped[Prose] = mapped_column(default="")
    seeks: Mapped[Prose] = mapped_column(default="")
    languages: Mapped[JsonList] = mapped_column(default=list)
    notice_version: Mapped[Word]
    notice_accepted_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    digest_frequency: Mapped[DigestFrequency] = mapped_column(default=DigestFrequency.WEEKLY)
    digest_weekday: Mapped[int] = mapped_column(default=0)
    digest_hour: Mapped[int] = mapped_column(default=8)
    next_digest_at: Mapped[datetime | None]
    last_digest_at: Mapped[datetime | None]
    work_address: Mapped[Line] = mapped_column(default="")
    channel: Mapped[Platform | None]
    quiet: Mapped[QuietChoice] = mapped_column(default=QuietChoice.DEFAULT)
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)
    quiet_until: Mapped[int] = mapped_column(default=7 * 60 + 30)
    quiet_days: Mapped[Word] = mapped_column(default="0123456")
    quiet_weekends: Mapped[bool] = mapped_column(default=False)
    suspended_from: Mapped[PersonStatus | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_people_digest_due", "next_digest_at"),
        Index("ix_people_status", "status"),
        Index(
            "ix_people_work_address",
            "work_address",
            unique=True,
            sqlite_where=text("work_address <> ''"),
            postgresql_where=text("work_address <> ''"),
        ),
    )


class PersonSector(Base):
    """Which sectors a person follows."""

    __tablename__ = "person_sectors"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    sector_id: Mapped[int] = mapped_column(ForeignKey("sectors.id", ondelete="CASCADE"), primary_key=True)


class PersonRole(Base):
    """What a person may do beyond a member's rights."""

    __tablename__ = "person_roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))


class Account(Base):
    """One person on one platform.

    ``chat`` is where they are written to in private; ``reachable`` turns false when the platform says that they
    blocked the bot, and true again when they speak.
    """

    __tablename__ = "accounts"
    id: Mapped[Key]
    platform: Mapped[Platform]
    account: Mapped[Word]
    user: Mapped[Word]
    chat: Mapped[Word]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    reachable: Mapped[bool] = mapped_column(default=True)
    last_acted_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("platform", "account", "user"),)


class Invite(Base):
    """A code that lets people join as members of an organisation. Only the code's keyed digest is kept.

    Attributes:
        hint: its last characters, by which whoever made it tells it from others.
        uses: for how many people it was made.
        uses_left: for how many it still works.
        revoked_at: since when it no longer works although it has uses left.
    """

    __tablename__ = "invites"
    id: Mapped[Key]
    code_hash: Mapped[Word] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    uses_left: Mapped[int]
    hint: Mapped[Word] = mapped_column(default="")
    uses: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_invites_organisation", "organisation_id", "created_at"),)


class LinkCode(Base):
    """A one-time code that joins a second platform to a person. Only its keyed digest is kept."""

    __tablename__ = "link_codes"
    id: Mapped[Key]
    code_hash: Mapped[Word] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    platform: Mapped[Platform]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CodeAttempt(Base):
    """Something about a code that is counted: too often in a while and it is not done any more.

    ``digest`` stands for an account or an address; it is keyed, so the table alone tells neither. Rows are forgotten
    after a day and belong to no person: erasing oneself does not begin the count anew.
    """

    __tablename__ = "code_attempts"
    id: Mapped[Key]
    use: Mapped[CodeUse]
    digest: Mapped[Word]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_code_attempts_who", "use", "digest", "at"),)


class Consent(Base):
    """What a person said about one purpose, with proof: which text, when, where. Rows are only added."""

    __tablename__ = "consents"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[ConsentPurpose]
    given: Mapped[bool]
    text_version: Mapped[Word]
    locale: Mapped[Locale]
    platform: Mapped[Platform]
    at: Mapped[datetime]
