"""Announcements of the staff, their topics, and what follows from each."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.enums import AnnouncementStatus, ChannelPost, Locale, Platform, RunPurpose, TopicLevel
from storage.models.base import Base, JsonDict, Key, Line, Prose, Word
from storage.models.people import Person


class Topic(Base):
    """What promotional news can be about: data, since every community has its own list. Never deleted, only retired."""

    __tablename__ = "topics"
    id: Mapped[Key]
    key: Mapped[Word] = mapped_column(unique=True)
    name_it: Mapped[Line]
    name_en: Mapped[Line]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class PersonTopic(Base):
    """How much of a topic a person wants; without a row it is what the topic begins with: mostly all, at once.

    ``topic`` is the key of one of the community's topics, or one of the bot's own: :class:`storage.enums.NoticeTopic`,
    or what posts are about (:mod:`storage.post_topics`): a sector, a topic's word, an author, an organisation.
    """

    __tablename__ = "person_topics"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Word] = mapped_column(primary_key=True)
    level: Mapped[TopicLevel]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_person_topics_topic", "topic", "level"),)


class Announcement(Base):
    """A text in one or both languages, whom it is for, and how far it got.

    Each recipient's result is their row in the outbox.

    Attributes:
        topic: the key of what it is about; empty for none.
        audience: a :class:`storage.audience.Segment` as JSON; empty means everybody.
        extras: picture, file and link buttons, as ``handlers.announcements.extras`` writes them.
        trial: it went to the staff alone, because the installation was being tried out.
        channel: whether it goes to the community's channels too.
        recipients: for how many it was queued.
        asks_ack: its readers are asked to confirm that they have read it.
        chase_hours: after so many hours those who have not are reminded by the bot itself; 0 for never.
        chases, chased_at: how often that was done, by a press or by itself, and when last.
        joins_until: those who join before this moment get it as well.
        version: counts its corrections.
        resumed_at: when sending last began or went on: failures before it no longer count towards pausing by itself.
        shown: what the live card showed last, by state of the outbox, so that it is edited only when something changed.
    """

    __tablename__ = "announcements"
    id: Mapped[Key]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    title_it: Mapped[Line] = mapped_column(default="")
    text_it: Mapped[Prose] = mapped_column(default="")
    title_en: Mapped[Line] = mapped_column(default="")
    text_en: Mapped[Prose] = mapped_column(default="")
    fallback: Mapped[Locale]
    promotional: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[JsonDict] = mapped_column(default=dict)
    status: Mapped[AnnouncementStatus]
    recipients: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    shown: Mapped[JsonDict] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
    topic: Mapped[Word] = mapped_column(default="")
    extras: Mapped[JsonDict] = mapped_column(default=dict)
    trial: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[ChannelPost] = mapped_column(default=ChannelPost.NONE)
    asks_ack: Mapped[bool] = mapped_column(default=False)
    chase_hours: Mapped[int] = mapped_column(default=0)
    chases: Mapped[int] = mapped_column(default=0)
    chased_at: Mapped[datetime | None]
    joins_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    corrected_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (Index("ix_announcements_status", "status", "started_at"),)


class AnnouncementPlan(Base):
    """When an announcement goes out, who confirmed it and who approved it.

    Attributes:
        send_wall: the wall time that was meant ("2018-04-19T17:30" in ``send_zone``); empty for at once.
        send_at: the UTC instant of it, moved into the sending window.
        event_id, event_minutes: instead of a wall time: so many minutes after an event's start (negative: before).
        any_time: it may go out outside the sending window.
        asked_by_id, asked_at, asked_for: who confirmed it, when, and for how many people.
        approved_by_id, approved_at, approved_for: the second person.
    """

    __tablename__ = "announcement_plans"
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True)
    send_wall: Mapped[Word] = mapped_column(default="")
    send_zone: Mapped[Word] = mapped_column(default="")
    send_at: Mapped[datetime | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="SET NULL"))
    event_minutes: Mapped[int] = mapped_column(default=0)
    any_time: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime | None]
    asked_for: Mapped[int] = mapped_column(default=0)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    approved_for: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_announcement_plans_send_at", "send_at"),)


class AnnouncementRun(Base):
    """Rows being queued for many people, batch by batch in short transactions, so that a kill loses no batch.

    Attributes:
        number: tells two runs of the same purpose apart; part of the rows' dedup keys.
        cursor: the last person, row or copy that was looked at.
        queued: how many rows so far.
        skipped: how many could not be queued (too old to be deleted).
    """

    __tablename__ = "announcement_runs"
    id: Mapped[Key]
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    purpose: Mapped[RunPurpose]
    number: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(default=0)
    queued: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("announcement_id", "purpose", "number"),
        Index("ix_announcement_runs_open", "finished_at", "id"),
    )


class Acknowledgement(Base):
    """That a reader confirmed an announcement, and which version of it they had before them."""

    __tablename__ = "acknowledgements"
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


class ChannelMember(Base):
    """Whether somebody was in the community's channel of a platform when it was last looked at."""

    __tablename__ = "channel_members"
    platform: Mapped[Platform] = mapped_column(primary_key=True)
    account: Mapped[Word] = mapped_column(primary_key=True)
    user: Mapped[Word] = mapped_column(primary_key=True)
    present: Mapped[bool]
    seen_at: Mapped[datetime]


class Milestone(Base):
    """A turning point of the installation, such as the end of its trial. Rows are only added."""

    __tablename__ = "milestones"
    name: Mapped[Word] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
