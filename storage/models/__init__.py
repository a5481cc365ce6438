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
from storage.models.answering import AnswerVote, ContentReport, PostOutcome, PostReminder, PostSave, PostVote
from storage.models.audit import AuditEntry
from storage.models.base import Base
from storage.models.blind import BlindInterest
from storage.models.calls import CallFollow, CallPartner, CallReminder
from storage.models.conversations import Draft, WebMessage
from storage.models.delivery import CardCopy, InboxEvent, Lease, OutboxMessage, SecondPing
from storage.models.digest_lessons import DigestLesson
from storage.models.digests import DigestItem, DigestMention
from storage.models.directory import DirectoryEntry, DirectoryWord, Introduction, PersonBlock, PersonReport
from storage.models.events import CommunityEvent, EventAnswer, EventReminder
from storage.models.experts import ExpertAsk, ExpertRound
from storage.models.groups import GroupMember, WorkingGroup
from storage.models.interests import PersonInterest
from storage.models.mails import AddressCode, Mail
from storage.models.matching import MatchRefusal, PostCompared, PostMatch, ProfileCompared, ProfileMatch
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
from storage.models.posts import Post, PostAnswer, PostAudience, PostKind, PostReading, PostRevision
from storage.models.privacy import (
    DataExport,
    Disclosure,
    DisclosureAnswer,
    DisclosureExport,
    PurgeRun,
    RetentionNotice,
)
from storage.models.search import SearchEntry, SearchEntryTopic, SearchTopic, SearchWord
from storage.models.staff import ActingSession, DecisionHold, ImportRun, MemberRecord, OrganisationRecord

__all__ = [
    "Account",
    "Acknowledgement",
    "ActingSession",
    "AddressCode",
    "Announcement",
    "AnnouncementPlan",
    "AnnouncementRun",
    "AnswerVote",
    "Application",
    "ApplicationPlace",
    "AuditEntry",
    "Base",
    "BlindInterest",
    "CallFollow",
    "CallPartner",
    "CallReminder",
    "CardCopy",
    "ChannelMember",
    "CodeAttempt",
    "CommunityEvent",
    "Component",
    "Consent",
    "ContentReport",
    "DataExport",
    "DecisionHold",
    "DigestItem",
    "DigestLesson",
    "DigestMention",
    "DirectoryEntry",
    "DirectoryWord",
    "Disclosure",
    "DisclosureAnswer",
    "DisclosureExport",
    "Draft",
    "EventAnswer",
    "EventReminder",
    "ExpertAsk",
    "ExpertRound",
    "GroupMember",
    "Handover",
    "ImportRun",
    "InboxEvent",
    "Introduction",
    "Invite",
    "Lease",
    "LinkCode",
    "Mail",
    "MatchRefusal",
    "Meeting",
    "MeetingOffer",
    "MeetingParty",
    "MeetingStep",
    "MeetingTable",
    "MemberRecord",
    "Milestone",
    "Mission",
    "MissionQuestion",
    "Organisation",
    "OrganisationAlias",
    "OrganisationContact",
    "OrganisationRecord",
    "OrganisationRequest",
    "OrganisationSector",
    "OutboxMessage",
    "Person",
    "PersonBlock",
    "PersonInterest",
    "PersonReport",
    "PersonRole",
    "PersonSector",
    "PersonTopic",
    "Post",
    "PostAnswer",
    "PostAudience",
    "PostCompared",
    "PostKind",
    "PostMatch",
    "PostOutcome",
    "PostReading",
    "PostReminder",
    "PostRevision",
    "PostSave",
    "PostVote",
    "ProfileCompared",
    "ProfileMatch",
    "ProgrammeItem",
    "PurgeRun",
    "RetentionNotice",
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
    "WorkingGroup",
]
