"""All models, so that the metadata is whole wherever one of them is imported."""

from storage.models.announcements import (
    Acknowledgement,
    Announcement,
    AnnouncementPlan,
    AnnouncementRun,
    ChannelMember,
    Milestone,
    PersonTopic,
    Topic,
)
from storage.models.audit import AuditEntry
from storage.models.base import Base
from storage.models.conversations import Draft, WebMessage
from storage.models.delivery import CardCopy, InboxEvent, Lease, OutboxMessage, SecondPing
from storage.models.digests import DigestMention
from storage.models.events import CommunityEvent, EventAnswer, EventReminder
from storage.models.meetings import (
    Meeting,
    MeetingOffer,
    MeetingParty,
    MeetingStep,
    MeetingTable,
    SeatBooking,
    Slot,
    TableBooking,
)
from storage.models.missions import (
    Application,
    ApplicationPlace,
    Component,
    Mission,
    MissionQuestion,
    ProgrammeItem,
)
from storage.models.people import (
    Account,
    CodeAttempt,
    Consent,
    Invite,
    LinkCode,
    Organisation,
    OrganisationSector,
    Person,
    PersonRole,
    PersonSector,
    Sector,
)
from storage.models.posts import Post, PostAnswer, PostKind, PostReading
from storage.models.search import SearchEntry, SearchEntryTopic, SearchTopic, SearchWord

__all__ = [
    "Account",
    "Acknowledgement",
    "Announcement",
    "AnnouncementPlan",
    "AnnouncementRun",
    "Application",
    "ApplicationPlace",
    "AuditEntry",
    "Base",
    "CardCopy",
    "ChannelMember",
    "CodeAttempt",
    "CommunityEvent",
    "Component",
    "Consent",
    "DigestMention",
    "Draft",
    "EventAnswer",
    "EventReminder",
    "InboxEvent",
    "Invite",
    "Lease",
    "LinkCode",
    "Meeting",
    "MeetingOffer",
    "MeetingParty",
    "MeetingStep",
    "MeetingTable",
    "Milestone",
    "Mission",
    "MissionQuestion",
    "Organisation",
    "OrganisationSector",
    "OutboxMessage",
    "Person",
    "PersonRole",
    "PersonSector",
    "PersonTopic",
    "Post",
    "PostAnswer",
    "PostKind",
    "PostReading",
    "ProgrammeItem",
    "SearchEntry",
    "SearchEntryTopic",
    "SearchTopic",
    "SearchWord",
    "SeatBooking",
    "SecondPing",
    "Sector",
    "Slot",
    "TableBooking",
    "Topic",
    "WebMessage",
]
