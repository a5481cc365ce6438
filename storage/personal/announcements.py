"""Announcements and who was told what."""

from sqlalchemy import select

from storage.models import (
    Acknowledgement,
    Announcement,
    AnnouncementPlan,
    AnnouncementRun,
    ChannelMember,
    DigestMention,
    Milestone,
    PersonTopic,
    Topic,
)
from storage.personal.terms import (
    Chapter,
    Declared,
    Erase,
    Link,
    Period,
    columns,
    is_person,
)
from storage.post_topics import topic_of_author

ANNOUNCEMENTS = (
    Declared(
        model=Topic,
        chapter=Chapter.NONE,
        says=columns(plain="id key position active", house="name_it name_en"),
        kept=Period.COMMUNITY,
        why="The community's vocabulary.",
    ),
    Declared(
        model=PersonTopic,
        chapter=Chapter.PREFERENCES,
        says=columns(plain="level at", words="topic", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonTopic.person_id),
                export=(PersonTopic.topic, PersonTopic.level, PersonTopic.at),
                erase=Erase.DELETE,
            ),
            Link(
                role="followed",
                rows=lambda who: PersonTopic.topic == topic_of_author(who.id),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="How much of a topic somebody wants.",
    ),
    Declared(
        model=Announcement,
        chapter=Chapter.ANNOUNCEMENTS,
        says=columns(
            plain="id fallback promotional audience status recipients created_at started_at resumed_at shown "
            "finished_at topic trial channel asks_ack chase_hours chases chased_at joins_until version corrected_at",
            person="author_id",
            house="title_it text_it title_en text_en extras",
        ),
        links=(
            Link(
                role="author",
                rows=is_person(Announcement.author_id),
                export=(
                    Announcement.id,
                    Announcement.title_it,
                    Announcement.title_en,
                    Announcement.status,
                    Announcement.created_at,
                ),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.COMMUNITY,
        why="Written in the community's name.",
    ),
    Declared(
        model=AnnouncementPlan,
        chapter=Chapter.ANNOUNCEMENTS,
        says=columns(
            plain="announcement_id send_wall send_zone send_at event_id event_minutes any_time asked_at asked_for "
            "approved_at approved_for",
            person="asked_by_id approved_by_id",
        ),
        links=(
            Link(
                role="confirmed by me",
                rows=is_person(AnnouncementPlan.asked_by_id),
                export=(AnnouncementPlan.announcement_id, AnnouncementPlan.asked_at),
                erase=Erase.CHANGE,
                blank={AnnouncementPlan.asked_by_id: None},
            ),
            Link(
                role="approved by me",
                rows=is_person(AnnouncementPlan.approved_by_id),
                export=(AnnouncementPlan.announcement_id, AnnouncementPlan.approved_at),
                erase=Erase.CHANGE,
                blank={AnnouncementPlan.approved_by_id: None},
            ),
        ),
        kept=Period.SUBJECT,
        why="Who confirmed and who approved.",
    ),
    Declared(
        model=AnnouncementRun,
        chapter=Chapter.NONE,
        says=columns(plain="id announcement_id purpose number cursor queued skipped started_at finished_at"),
        kept=Period.SUBJECT,
        why="How far queueing got.",
    ),
    Declared(
        model=Acknowledgement,
        chapter=Chapter.ANNOUNCEMENTS,
        says=columns(plain="announcement_id version at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(Acknowledgement.person_id),
                export=(Acknowledgement.announcement_id, Acknowledgement.version, Acknowledgement.at),
                beside={
                    "announcement": lambda: (
                        select(Announcement.title_en)
                        .where(Announcement.id == Acknowledgement.announcement_id)
                        .scalar_subquery()
                    )
                },
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.SUBJECT,
        why="How many confirmed stays counted.",
    ),
    Declared(
        model=ChannelMember,
        chapter=Chapter.ACCOUNTS,
        says=columns(plain="platform account present seen_at", address="user"),
        links=(
            Link(
                role="self",
                rows=lambda who: who.acts(ChannelMember.platform, ChannelMember.account, ChannelMember.user),
                export=(ChannelMember.platform, ChannelMember.user, ChannelMember.present, ChannelMember.seen_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.CHANNELS,
        why="Who reads the community's channel, so that nobody gets the same thing twice.",
    ),
    Declared(
        model=Milestone,
        chapter=Chapter.DECISIONS,
        says=columns(plain="name at", person="by_person_id"),
        links=(
            Link(
                role="decided by me",
                rows=is_person(Milestone.by_person_id),
                export=(Milestone.name, Milestone.at),
                erase=Erase.CHANGE,
                blank={Milestone.by_person_id: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="Turning points of the installation.",
    ),
    Declared(
        model=DigestMention,
        chapter=Chapter.MESSAGES,
        says=columns(plain="kind subject_id at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(DigestMention.person_id),
                export=(DigestMention.kind, DigestMention.subject_id, DigestMention.at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.READINGS,
        why="So that no digest names a thing twice.",
    ),
)
