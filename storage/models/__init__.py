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
from storage.models.digests import DigestItem, DigestMention
from storage.models.directory import DirectoryEntry, DirectoryWord, Introduction, PersonBlock, PersonReport
from storage.models.events import CommunityEvent, EventAnswer, EventReminder
from storage.models.interests import PersonInterest
from storage.models.mails import AddressCode, Mail
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
from storage.models.organisations import Handover, OrganisationAlias, OrganisationContact, OrganisationRequest
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
from storage.models.posts import Post, PostAnswer, PostKind, PostReading, PostSearch

__all__ = [
    "Account",
    "Acknowledgement",
    "AddressCode",
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
    "DigestItem",
    "DigestMention",
    "DirectoryEntry",
    "DirectoryWord",
    "Draft",
    "EventAnswer",
    "EventReminder",
    "Handover",
    "InboxEvent",
    "Introduction",
    "Invite",
    "Lease",
    "LinkCode",
    "Mail",
    "Meeting",
    "MeetingOffer",
    "MeetingParty",
    "MeetingStep",
    "MeetingTable",
    "Milestone",
    "Mission",
    "MissionQuestion",
    "Organisation",
    "OrganisationAlias",
    "OrganisationContact",
    "OrganisationRequest",
    "OrganisationSector",
    "OutboxMessage",
    "Person",
    "PersonInterest",
    "PersonBlock",
    "PersonReport",
    "PersonRole",
    "PersonSector",
    "PersonTopic",
    "Post",
    "PostAnswer",
    "PostKind",
    "PostReading",
    "PostSearch",
    "ProgrammeItem",
    "SeatBooking",
    "SecondPing",
    "Sector",
    "Slot",
    "TableBooking",
    "Topic",
    "WebMessage",
]
