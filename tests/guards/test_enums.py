"""The values of enums: the database holds them and old buttons carry them, so none is renamed or taken away.

A new value is added here with the code that brings it; a value that vanished needs a migration and patience with
buttons that are a year old.
"""

import inspect
from enum import StrEnum

import storage.enums
from handlers.conversation.actions import REGISTRY
from storage.enums import (
    BOOKED_MEETINGS,
    LIVE_MEETINGS,
    OPEN_OUTBOX,
    PARTICIPANTS,
    MeetingStatus,
    OutboxState,
    PersonStatus,
)

VALUES = {
    "storage.enums.Platform": "telegram slack web",
    "storage.enums.Locale": "it en",
    "storage.enums.PersonStatus": "joining waiting member guest refused suspended left erased",
    "storage.enums.Role": "owner staff mission_lead moderator door",
    "storage.enums.OrganisationCategory": "company university hospital research agency",
    "storage.enums.ConsentPurpose": "directory news sharing",
    "storage.enums.PostStatus": "pending published rejected removed changes closed",
    "storage.enums.PartneringProfile": "TO TR BO BR RDR",
    "storage.enums.PostVisibility": "public community sector group mission staff",
    "storage.enums.Moderation": "none first all after",
    "storage.enums.EventStatus": "proposed published cancelled declined",
    "storage.enums.Answer": "going maybe cant waiting",
    "storage.enums.MissionStatus": "draft open closed cancelled",
    "storage.enums.ComponentKind": "fair b2b visit seminar dinner",
    "storage.enums.ApplicationStatus": "waiting accepted reserve declined withdrawn",
    "storage.enums.PlaceStatus": "asked confirmed waiting released",
    "storage.enums.MeetingStatus": "proposed scheduled confirmed held not_held cancelled expired",
    "storage.enums.PartyAnswer": "pending yes no another_time",
    "storage.enums.AnnouncementStatus": "draft sending paused stopped done approval planned withdrawn",
    "storage.enums.TopicLevel": "now digest muted",
    "storage.enums.NoticeTopic": (
        "_events _event_reminders _missions _meetings _meeting_reminders _answers _introductions _experts _matches"
    ),
    "storage.enums.QuietChoice": "default off own",
    "storage.enums.IntroductionStatus": "open accepted declined expired withdrawn",
    "storage.enums.InterestState": "open accepted declined withdrawn ended",
    "storage.enums.ExpertState": "next waiting taken referred declined silent",
    "storage.enums.ChannelPost": "none also instead",
    "storage.enums.RunPurpose": "send chase copies correct note withdraw",
    "storage.enums.DigestFrequency": "off daily weekly monthly",
    "storage.enums.OutboxState": "queued held sending sent failed uncertain cancelled expired skipped",
    "storage.enums.OutboxOp": "send edit delete",
    "storage.enums.Priority": "reply reminder announcement",
    "handlers.finding.carried.By": "k s t l",
    "storage.enums.SubjectKind": (
        "post answer event mission meeting announcement person organisation application introduction vocabulary outbox "
        "list disclosure group"
    ),
    "storage.enums.ReportOutcome": "dismissed removed gone",
    "storage.enums.SlipAnswer": "yes partly no",
    "storage.enums.SlipField": "name organisation job_title sectors languages offers seeks phone email diet",
    "storage.enums.ListKind": "members organisations",
    "storage.enums.ImportState": "received read refused done discarded",
    "handlers.following.rules.Wanted": "now digest muted usual",
    "handlers.staff.rules.Change": "suspend restore remove",
    "handlers.staff.rules.Turn": "give take",
    "handlers.staff.inbox_screens.Whose": "all mine free",
    "handlers.staff.audit_screens.Period": "week month year ever",
    "storage.enums.MailState": "queued sending sent failed expired skipped",
    "storage.enums.CodeUse": "link invite address mail_by mail_to",
    "storage.enums.RequestState": "waiting accepted declined settled",
    "storage.enums.HandoverState": "offered accepted declined",
    "handlers.identity.screens.ProfileField": "name job_title sectors topics offers seeks languages",
    "handlers.organisations.screens.OrganisationField": "name category city sectors domains seats contact",
    "storage.queries.vocabulary.Vocabulary": "sectors topics kinds",
    "handlers.missions.screens.Page": "sheet parts programme questions who mine",
    "handlers.meetings.staff_screens.Filter": "all open confirmed over",
    "handlers.meetings.staff_screens.TookPlace": "yes no",
    "storage.audience.Facet": "sector group category lang platform event mission topic",
    "storage.audience.Match": "all any",
    "handlers.announcements.extras.Part": "picture file",
    "handlers.announcements.sending.How": "window any",
    "handlers.sheets.writing.SheetForm": "xlsx csv",
    "storage.audience.Mark": "in out off",
}


def stored_or_pressed() -> dict[str, type[StrEnum]]:
    """The enums of the database, and those of the words of actions."""
    enums = [
        one
        for _, one in inspect.getmembers(storage.enums, inspect.isclass)
        if issubclass(one, StrEnum) and one is not StrEnum
    ]
    enums += [kind for spec in REGISTRY.actions.values() for _, kind, _ in spec.parameters if issubclass(kind, StrEnum)]
    return {f"{one.__module__}.{one.__name__}": one for one in enums}


def test_no_value_is_renamed_or_taken_away() -> None:
    real = {name: " ".join(one) for name, one in stored_or_pressed().items()}
    assert real == VALUES


def test_values_fit_an_action_and_a_column() -> None:
    for name, one in stored_or_pressed().items():
        for value in one:
            assert len(value) <= 20, name
            assert ":" not in value, name


def test_groups_of_states() -> None:
    assert {PersonStatus.MEMBER, PersonStatus.GUEST} == PARTICIPANTS
    assert {MeetingStatus.PROPOSED, MeetingStatus.SCHEDULED, MeetingStatus.CONFIRMED} == LIVE_MEETINGS
    assert {MeetingStatus.SCHEDULED, MeetingStatus.CONFIRMED} == BOOKED_MEETINGS
    assert {OutboxState.QUEUED, OutboxState.SENDING} == OPEN_OUTBOX
