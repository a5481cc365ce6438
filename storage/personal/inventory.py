"""Every table of the store, declared: the one place to extend when a table or a column is added.

A table takes one entry: what each column says, how its rows are about somebody, what the export hands over, what
erasure does, how long rows are kept. The tests fail for a table or column without its entry, and for words about a
person that no erasure reaches.
"""

from sqlalchemy import and_, or_, select

from storage.enums import DigestFrequency, Locale, PersonStatus, QuietChoice, SubjectKind
from storage.models import (
    Account,
    Acknowledgement,
    ActingSession,
    Announcement,
    AnnouncementPlan,
    AnnouncementRun,
    Application,
    ApplicationPlace,
    AuditEntry,
    CardCopy,
    ChannelMember,
    CodeAttempt,
    CommunityEvent,
    Component,
    Consent,
    DataExport,
    DigestMention,
    Disclosure,
    DisclosureAnswer,
    DisclosureExport,
    Draft,
    EventAnswer,
    EventReminder,
    InboxEvent,
    Invite,
    Lease,
    LinkCode,
    Meeting,
    MeetingOffer,
    MeetingParty,
    MeetingStep,
    MeetingTable,
    Milestone,
    Mission,
    MissionQuestion,
    Organisation,
    OrganisationSector,
    OutboxMessage,
    Person,
    PersonRole,
    PersonSector,
    PersonTopic,
    Post,
    PostAnswer,
    PostKind,
    PostReading,
    ProgrammeItem,
    PurgeRun,
    RetentionNotice,
    SearchEntry,
    SearchEntryTopic,
    SearchTopic,
    SearchWord,
    SeatBooking,
    SecondPing,
    Sector,
    Slot,
    TableBooking,
    Topic,
    WebMessage,
)
from storage.personal.meeting_people import MEETING_PEOPLE
from storage.personal.membership import MEMBERSHIP
from storage.personal.terms import (
    ANONYMOUS,
    Chapter,
    Declared,
    Erase,
    Link,
    Moment,
    Period,
    columns,
    is_person,
)

PEOPLE = (
    Declared(
        model=Person,
        chapter=Chapter.PROFILE,
        says=columns(
            plain="status invited locale timezone notice_version notice_accepted_at joined_at created_at "
            "digest_frequency digest_weekday digest_hour next_digest_at last_digest_at channel quiet quiet_from "
            "quiet_until quiet_days quiet_weekends suspended_from",
            address="work_address",
            words="name organisation_claim job_title offers seeks languages",
            person="id",
            house="organisation_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(Person.id),
                export=(
                    Person.id,
                    Person.status,
                    Person.name,
                    Person.organisation_claim,
                    Person.job_title,
                    Person.offers,
                    Person.seeks,
                    Person.languages,
                    Person.locale,
                    Person.timezone,
                    Person.notice_version,
                    Person.notice_accepted_at,
                    Person.joined_at,
                    Person.created_at,
                    Person.digest_frequency,
                    Person.digest_weekday,
                    Person.digest_hour,
                    Person.next_digest_at,
                    Person.last_digest_at,
                    Person.work_address,
                    Person.channel,
                    Person.quiet,
                    Person.quiet_from,
                    Person.quiet_until,
                    Person.quiet_days,
                    Person.quiet_weekends,
                    Person.suspended_from,
                ),
                beside={
                    "organisation": lambda: (
                        select(Organisation.name).where(Organisation.id == Person.organisation_id).scalar_subquery()
                    )
                },
                erase=Erase.CHANGE,
                blank={
                    Person.status: PersonStatus.ERASED,
                    Person.name: ANONYMOUS,
                    Person.organisation_id: None,
                    Person.organisation_claim: "",
                    Person.invited: False,
                    Person.job_title: "",
                    Person.offers: "",
                    Person.seeks: "",
                    Person.languages: [],
                    Person.locale: Locale.ITALIAN,
                    Person.timezone: "UTC",
                    Person.notice_version: "",
                    Person.notice_accepted_at: Moment.ERASURE,
                    Person.joined_at: None,
                    Person.created_at: Moment.ERASURE,
                    Person.digest_frequency: DigestFrequency.OFF,
                    Person.digest_weekday: 0,
                    Person.work_address: "",
                    Person.channel: None,
                    Person.quiet: QuietChoice.DEFAULT,
                    Person.quiet_from: 0,
                    Person.quiet_until: 0,
                    Person.quiet_days: "",
                    Person.quiet_weekends: False,
                    Person.suspended_from: None,
                    Person.digest_hour: 0,
                    Person.next_digest_at: None,
                    Person.last_digest_at: None,
                },
            ),
        ),
        kept=Period.PERSON,
        why="The row stays as a number without a name, so that what is counted stays counted.",
    ),
    Declared(
        model=Account,
        chapter=Chapter.ACCOUNTS,
        says=columns(plain="id platform account reachable last_acted_at", person="person_id", address="user chat"),
        links=(
            Link(
                role="holder",
                rows=is_person(Account.person_id),
                export=(Account.platform, Account.user, Account.chat, Account.reachable, Account.last_acted_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Where somebody is written to; with it goes the only way back to who they were.",
    ),
    Declared(
        model=PersonSector,
        chapter=Chapter.PROFILE,
        says=columns(person="person_id", house="sector_id"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonSector.person_id),
                export=(PersonSector.sector_id,),
                beside={
                    "sector": lambda: (
                        select(Sector.name_en).where(Sector.id == PersonSector.sector_id).scalar_subquery()
                    )
                },
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Interests.",
    ),
    Declared(
        model=PersonRole,
        chapter=Chapter.PROFILE,
        says=columns(plain="role granted_at", person="person_id granted_by"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonRole.person_id),
                export=(PersonRole.role, PersonRole.granted_at),
                erase=Erase.DELETE,
            ),
            Link(
                role="granted by me",
                rows=is_person(PersonRole.granted_by),
                erase=Erase.CHANGE,
                blank={PersonRole.granted_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="What somebody may do, and who said so.",
    ),
    Declared(
        model=Consent,
        chapter=Chapter.CONSENTS,
        says=columns(plain="id purpose given text_version locale platform at", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(Consent.person_id),
                export=(
                    Consent.purpose,
                    Consent.given,
                    Consent.text_version,
                    Consent.locale,
                    Consent.platform,
                    Consent.at,
                ),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="The proof of each consent; it proves nothing of anybody once the person is a number.",
    ),
    Declared(
        model=Invite,
        chapter=Chapter.SECURITY,
        says=columns(
            plain="id created_at expires_at uses uses_left revoked_at",
            person="created_by",
            digest="code_hash hint",
            house="organisation_id",
        ),
        links=(
            Link(
                role="made by me",
                rows=is_person(Invite.created_by),
                export=(Invite.created_at, Invite.expires_at, Invite.uses_left),
                erase=Erase.CHANGE,
                blank={Invite.created_by: None},
            ),
        ),
        kept=Period.CODES,
        why="An organisation's code; it goes on working without its maker.",
    ),
    Declared(
        model=LinkCode,
        chapter=Chapter.SECURITY,
        says=columns(plain="id platform created_at expires_at used_at", person="person_id", digest="code_hash"),
        links=(
            Link(
                role="self",
                rows=is_person(LinkCode.person_id),
                export=(LinkCode.platform, LinkCode.created_at, LinkCode.expires_at, LinkCode.used_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.CODES,
        why="A one-time code.",
    ),
    Declared(
        model=CodeAttempt,
        chapter=Chapter.SECURITY,
        says=columns(plain="id use at", digest="digest"),
        links=(
            Link(
                role="tried",
                rows=lambda who: CodeAttempt.digest.in_(who.digests),
                export=(CodeAttempt.use, CodeAttempt.at),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.ATTEMPTS,
        why="Wrong codes, by a digest of the account.",
    ),
    Declared(
        model=Sector,
        chapter=Chapter.NONE,
        says=columns(plain="id key position active", house="name_it name_en"),
        kept=Period.COMMUNITY,
        why="The community's vocabulary.",
    ),
    Declared(
        model=Organisation,
        chapter=Chapter.NONE,
        says=columns(plain="id category seats active", house="name city domains about_it about_en"),
        kept=Period.COMMUNITY,
        why="Organisations are not people.",
    ),
    Declared(
        model=OrganisationSector,
        chapter=Chapter.NONE,
        says=columns(house="organisation_id sector_id"),
        kept=Period.COMMUNITY,
        why="Organisations are not people.",
    ),
)

KNOWHOW = (
    Declared(
        model=PostKind,
        chapter=Chapter.NONE,
        says=columns(plain="id key has_deadline position active", house="name_it name_en"),
        kept=Period.COMMUNITY,
        why="The community's vocabulary.",
    ),
    Declared(
        model=Post,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id kind_id sector_id language deadline status created_at published_at decided_at",
            words="title body topics link attachment reason",
            person="author_id decided_by",
        ),
        links=(
            Link(
                role="author",
                rows=is_person(Post.author_id),
                export=(
                    Post.id,
                    Post.title,
                    Post.body,
                    Post.topics,
                    Post.language,
                    Post.link,
                    Post.deadline,
                    Post.attachment,
                    Post.status,
                    Post.created_at,
                    Post.published_at,
                    Post.decided_at,
                    Post.reason,
                ),
                beside={
                    "kind": lambda: select(PostKind.name_en).where(PostKind.id == Post.kind_id).scalar_subquery(),
                    "sector": lambda: select(Sector.name_en).where(Sector.id == Post.sector_id).scalar_subquery(),
                },
                erase=Erase.ELSEWHERE,
            ),
            Link(
                role="decided by me",
                rows=is_person(Post.decided_by),
                export=(Post.id, Post.status, Post.decided_at),
                erase=Erase.CHANGE,
                blank={Post.decided_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="Published posts stay without a name or go, as the author chooses; all others go.",
    ),
    Declared(
        model=PostAnswer,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="id post_id created_at", words="body", person="author_id"),
        links=(
            Link(
                role="author",
                rows=is_person(PostAnswer.author_id),
                export=(PostAnswer.id, PostAnswer.post_id, PostAnswer.body, PostAnswer.created_at),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.PERSON,
        why="As posts.",
    ),
    Declared(
        model=PostReading,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="post_id at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(PostReading.person_id),
                export=(PostReading.post_id, PostReading.at),
                beside={"post": lambda: select(Post.title).where(Post.id == PostReading.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.READINGS,
        why="So that a digest leaves out what was read.",
    ),
    Declared(
        model=SearchEntry,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id kind subject_id audience version subkind sectors language at until useful",
            words="title topics body",
            person="owner_id",
        ),
        links=(
            Link(
                role="owner",
                rows=is_person(SearchEntry.owner_id),
                erase=Erase.CHANGE,
                blank={SearchEntry.owner_id: None},
            ),
        ),
        kept=Period.SUBJECT,
        why="The search index; what goes leaves it in the same transaction, down to the index's own pages.",
    ),
    Declared(
        model=SearchWord,
        chapter=Chapter.NONE,
        says=columns(plain="documents", words="stem example"),
        kept=Period.SUBJECT,
        why="The words of everything that can be found; one that only a post that goes had goes with it.",
    ),
    Declared(
        model=SearchTopic,
        chapter=Chapter.NONE,
        says=columns(plain="id", words="folded name"),
        kept=Period.SUBJECT,
        why="The topics of everything that can be found; one that is no longer used goes.",
    ),
    Declared(
        model=SearchEntryTopic,
        chapter=Chapter.NONE,
        says=columns(plain="entry_id topic_id"),
        kept=Period.SUBJECT,
        why="Which topics an entry has; goes with it.",
    ),
)

_EVENT_TITLE = lambda: (  # noqa: E731 - a value of the declaration, used twice
    select(CommunityEvent.title).where(CommunityEvent.id == EventAnswer.event_id).scalar_subquery()
)

EVENTS = (
    Declared(
        model=CommunityEvent,
        chapter=Chapter.EVENTS,
        says=columns(
            plain="id uid sequence zone starts_wall ends_wall starts_at ends_at capacity language status created_at "
            "published_at moved_at",
            words="title description place link cancel_reason",
            person="organiser_id",
        ),
        links=(
            Link(
                role="organiser",
                rows=is_person(CommunityEvent.organiser_id),
                export=(
                    CommunityEvent.id,
                    CommunityEvent.title,
                    CommunityEvent.description,
                    CommunityEvent.place,
                    CommunityEvent.link,
                    CommunityEvent.zone,
                    CommunityEvent.starts_wall,
                    CommunityEvent.ends_wall,
                    CommunityEvent.capacity,
                    CommunityEvent.status,
                    CommunityEvent.created_at,
                    CommunityEvent.published_at,
                    CommunityEvent.cancel_reason,
                ),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.COMMUNITY,
        why="A published event is the community's and loses its organiser's name; a proposal goes with its author.",
    ),
    Declared(
        model=EventAnswer,
        chapter=Chapter.EVENTS,
        says=columns(plain="id event_id answer asked_at", person="person_id"),
        links=(
            Link(
                role="answered",
                rows=is_person(EventAnswer.person_id),
                export=(EventAnswer.event_id, EventAnswer.answer, EventAnswer.asked_at),
                beside={"event": _EVENT_TITLE},
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.PERSON,
        why="Attendance of what is over stays counted; places in what is to come are free again.",
    ),
    Declared(
        model=EventReminder,
        chapter=Chapter.NONE,
        says=columns(plain="event_id minutes_before reminded_for"),
        kept=Period.SUBJECT,
        why="About events, not people.",
    ),
)

_MISSION_TITLE = lambda: (  # noqa: E731 - a value of the declaration
    select(Mission.title).where(Mission.id == Application.mission_id).scalar_subquery()
)

MISSIONS = (
    Declared(
        model=Mission,
        chapter=Chapter.MISSIONS,
        says=columns(
            plain="id first_day last_day zone deadline seats status created_at opened_at reminded_for",
            person="lead_id",
            house="title place venue cost_it cost_en summary_it summary_en sectors",
        ),
        links=(
            Link(
                role="lead",
                rows=is_person(Mission.lead_id),
                export=(Mission.id, Mission.title, Mission.created_at),
                erase=Erase.CHANGE,
                blank={Mission.lead_id: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="The community's; it loses its lead's name.",
    ),
    Declared(
        model=Component,
        chapter=Chapter.NONE,
        says=columns(
            plain="id mission_id kind starts_wall ends_wall starts_at ends_at seats",
            house="title_it title_en description_it description_en place",
        ),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=ProgrammeItem,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id component_id starts_at ends_at", house="title_it title_en place"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=MissionQuestion,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id", house="question_it question_en answer_it answer_en"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=Application,
        chapter=Chapter.MISSIONS,
        says=columns(
            plain="id mission_id status applied_at decided_at",
            words="objectives note reason",
            person="person_id decided_by",
        ),
        links=(
            Link(
                role="applicant",
                rows=is_person(Application.person_id),
                export=(
                    Application.id,
                    Application.mission_id,
                    Application.status,
                    Application.objectives,
                    Application.note,
                    Application.applied_at,
                    Application.decided_at,
                    Application.reason,
                ),
                beside={"mission": _MISSION_TITLE},
                erase=Erase.CHANGE,
                blank={Application.objectives: [], Application.note: "", Application.reason: ""},
            ),
            Link(
                role="decided by me",
                rows=is_person(Application.decided_by),
                export=(Application.id, Application.status, Application.decided_at),
                erase=Erase.CHANGE,
                blank={Application.decided_by: None},
            ),
        ),
        kept=Period.APPLICATIONS,
        why="That somebody went stays counted; what they wrote goes.",
    ),
    Declared(
        model=ApplicationPlace,
        chapter=Chapter.MISSIONS,
        says=columns(plain="application_id component_id status asked_at"),
        links=(
            Link(
                role="applicant",
                rows=lambda who: ApplicationPlace.application_id.in_(
                    select(Application.id).where(Application.person_id == who.id)
                ),
                export=(
                    ApplicationPlace.application_id,
                    ApplicationPlace.component_id,
                    ApplicationPlace.status,
                    ApplicationPlace.asked_at,
                ),
                beside={
                    "part": lambda: (
                        select(Component.title_en)
                        .where(Component.id == ApplicationPlace.component_id)
                        .scalar_subquery()
                    )
                },
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.PERSON,
        why="How many took part in what; free places were given on before.",
    ),
)

_OF_MY_MEETINGS = lambda who: Meeting.id.in_(  # noqa: E731 - a value of the declaration
    select(MeetingParty.meeting_id).where(MeetingParty.person_id == who.id)
)

MEETINGS = (
    Declared(
        model=Slot,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id starts_at ends_at"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=MeetingTable,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id position", house="label"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=Meeting,
        chapter=Chapter.MEETINGS,
        says=columns(
            plain="id mission_id status slot_id table_id sequence created_at timed_at",
            words="topic",
            person="proposed_by",
        ),
        links=(
            Link(
                role="side",
                rows=_OF_MY_MEETINGS,
                export=(
                    Meeting.id,
                    Meeting.mission_id,
                    Meeting.status,
                    Meeting.topic,
                    Meeting.created_at,
                    Meeting.timed_at,
                ),
                beside={
                    "starts_at": lambda: select(Slot.starts_at).where(Slot.id == Meeting.slot_id).scalar_subquery(),
                },
                erase=Erase.CHANGE,
                blank={Meeting.topic: ""},
            ),
            Link(
                role="proposed by me",
                rows=is_person(Meeting.proposed_by),
                export=(Meeting.id, Meeting.created_at),
                erase=Erase.CHANGE,
                blank={Meeting.proposed_by: None, Meeting.topic: ""},
            ),
        ),
        kept=Period.PERSON,
        why="That a meeting was held stays counted; what it was about goes. The other side is never named.",
    ),
    Declared(
        model=MeetingParty,
        chapter=Chapter.MEETINGS,
        says=columns(plain="meeting_id answer answered_at", person="person_id"),
        links=(
            Link(
                role="side",
                rows=is_person(MeetingParty.person_id),
                export=(MeetingParty.meeting_id, MeetingParty.answer, MeetingParty.answered_at),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.PERSON,
        why="The other side keeps having met somebody, without a name.",
    ),
    Declared(
        model=MeetingOffer,
        chapter=Chapter.MEETINGS,
        says=columns(plain="id meeting_id slot_id table_id created_at", person="by_person_id"),
        links=(
            Link(
                role="asked for another time",
                rows=is_person(MeetingOffer.by_person_id),
                export=(MeetingOffer.meeting_id, MeetingOffer.created_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="Open only while a meeting is.",
    ),
    Declared(
        model=SeatBooking,
        chapter=Chapter.MEETINGS,
        says=columns(plain="slot_id meeting_id", person="person_id"),
        links=(
            Link(
                role="side",
                rows=is_person(SeatBooking.person_id),
                export=(SeatBooking.slot_id, SeatBooking.meeting_id),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="Guards against double booking; nothing is counted by it.",
    ),
    Declared(
        model=TableBooking,
        chapter=Chapter.NONE,
        says=columns(plain="slot_id table_id meeting_id"),
        kept=Period.SUBJECT,
        why="About tables, not people.",
    ),
    Declared(
        model=MeetingStep,
        chapter=Chapter.MEETINGS,
        says=columns(plain="id meeting_id was became at", words="reason", person="by_person_id for_person_id"),
        links=(
            Link(
                role="moved by me",
                rows=is_person(MeetingStep.by_person_id),
                export=(
                    MeetingStep.meeting_id,
                    MeetingStep.was,
                    MeetingStep.became,
                    MeetingStep.reason,
                    MeetingStep.at,
                ),
                erase=Erase.CHANGE,
                blank={MeetingStep.reason: ""},
            ),
            Link(
                role="moved for me",
                rows=is_person(MeetingStep.for_person_id),
                export=(
                    MeetingStep.meeting_id,
                    MeetingStep.was,
                    MeetingStep.became,
                    MeetingStep.reason,
                    MeetingStep.at,
                ),
                erase=Erase.CHANGE,
                blank={MeetingStep.reason: ""},
            ),
        ),
        kept=Period.PERSON,
        why="The history of a meeting; its reasons may be personal.",
    ),
)

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
        says=columns(plain="topic level at", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(PersonTopic.person_id),
                export=(PersonTopic.topic, PersonTopic.level, PersonTopic.at),
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

_ABOUT_ME = lambda who: or_(  # noqa: E731 - a value of the declaration
    and_(AuditEntry.subject_kind == SubjectKind.PERSON, AuditEntry.subject_id == who.id),
    and_(
        AuditEntry.subject_kind == SubjectKind.APPLICATION,
        AuditEntry.subject_id.in_(select(Application.id).where(Application.person_id == who.id)),
    ),
    and_(
        AuditEntry.subject_kind == SubjectKind.POST,
        AuditEntry.subject_id.in_(select(Post.id).where(Post.author_id == who.id)),
    ),
    AuditEntry.acting_id.in_(select(ActingSession.id).where(ActingSession.person_id == who.id)),
)

CONVERSATION = (
    Declared(
        model=AuditEntry,
        chapter=Chapter.DECISIONS,
        says=columns(
            plain="id at action subject_kind subject_id anonymised acting_id", words="reason", person="by_person_id"
        ),
        links=(
            Link(
                role="about me",
                rows=_ABOUT_ME,
                export=(AuditEntry.at, AuditEntry.action, AuditEntry.reason),
                erase=Erase.CHANGE,
                blank={AuditEntry.reason: "", AuditEntry.anonymised: True},
            ),
            Link(
                role="decided by me",
                rows=is_person(AuditEntry.by_person_id),
                export=(AuditEntry.at, AuditEntry.action),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.AUDIT,
        why="Decisions stay, with a number in the place of the person; the reasons about them go.",
    ),
    Declared(
        model=Draft,
        chapter=Chapter.FORMS,
        says=columns(
            plain="id form step started_at touched_at",
            words="context values fixing",
            person="person_id",
            address="open_in",
        ),
        links=(
            Link(
                role="author",
                rows=is_person(Draft.person_id),
                export=(Draft.form, Draft.values, Draft.started_at, Draft.touched_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.DRAFTS,
        why="Half-filled forms.",
    ),
    Declared(
        model=WebMessage,
        chapter=Chapter.MESSAGES,
        says=columns(plain="id message_id token at", words="content", address="chat author"),
        links=(
            Link(
                role="author",
                rows=lambda who: WebMessage.author.in_([one.user for one in who.accounts if one.platform == "web"]),
                export=(WebMessage.at, WebMessage.content),
                erase=Erase.DELETE,
            ),
            Link(
                role="chat",
                rows=lambda who: who.on_web(WebMessage.chat, WebMessage.author),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.CHATS,
        why="The web chat's history, which no platform keeps for us.",
    ),
    Declared(
        model=InboxEvent,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id platform account event_id received_at closed_at tries taken_by",
            words="payload",
            address="person",
        ),
        links=(
            Link(
                role="sender",
                rows=lambda who: who.acts(InboxEvent.platform, InboxEvent.account, InboxEvent.person),
                export=(InboxEvent.platform, InboxEvent.received_at, InboxEvent.closed_at),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.INBOX,
        why="What came in; emptied when handled, its id kept for a day so that nothing is done twice.",
    ),
    Declared(
        model=OutboxMessage,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id platform account kind op card priority rank state due_at expires_at dedup_key policy_again "
            "urgent announcement_id attempts claim created_at claimed_at finished_at failure",
            words="data",
            person="person_id",
            address="chat thread target message_id",
        ),
        links=(
            Link(
                role="reader",
                rows=lambda who: or_(
                    OutboxMessage.person_id == who.id,
                    who.reads(OutboxMessage.platform, OutboxMessage.account, OutboxMessage.chat),
                ),
                export=(
                    OutboxMessage.platform,
                    OutboxMessage.kind,
                    OutboxMessage.state,
                    OutboxMessage.created_at,
                    OutboxMessage.finished_at,
                ),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.OUTBOX,
        why="What is sent; results of announcements stay counted.",
    ),
    Declared(
        model=SecondPing,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id first_id second_id created_at answered_at answered_id closed_at",
            words="note closing",
            person="person_id",
        ),
        links=(Link(role="reader", rows=is_person(SecondPing.person_id), erase=Erase.DELETE),),
        kept=Period.OUTBOX,
        why="What was repeated on another platform.",
    ),
    Declared(
        model=CardCopy,
        chapter=Chapter.MESSAGES,
        says=columns(
            plain="id card platform account posted_at",
            words="note",
            person="person_id",
            address="chat thread message_id",
        ),
        links=(
            Link(
                role="reader",
                rows=lambda who: or_(
                    CardCopy.person_id == who.id, who.reads(CardCopy.platform, CardCopy.account, CardCopy.chat)
                ),
                export=(CardCopy.card, CardCopy.platform, CardCopy.posted_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="Where a live card stands, so that it can be redrawn.",
    ),
    Declared(
        model=Lease,
        chapter=Chapter.NONE,
        says=columns(plain="name holder until"),
        kept=Period.MOMENT,
        why="About processes, not people.",
    ),
)

PRIVACY = (
    Declared(
        model=DataExport,
        chapter=Chapter.SECURITY,
        says=columns(plain="id asked_at made_at closed_at", words="content", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(DataExport.person_id),
                export=(DataExport.asked_at, DataExport.made_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.EXPORTS,
        why="A copy on its way to its owner, thrown away when it has arrived.",
    ),
    Declared(
        model=RetentionNotice,
        chapter=Chapter.SECURITY,
        says=columns(plain="told_at erase_at", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(RetentionNotice.person_id),
                export=(RetentionNotice.told_at, RetentionNotice.erase_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="That somebody was warned.",
    ),
    Declared(
        model=PurgeRun,
        chapter=Chapter.NONE,
        says=columns(plain="day started_at finished_at counts"),
        kept=Period.COMMUNITY,
        why="Counts alone.",
    ),
    Declared(
        model=Disclosure,
        chapter=Chapter.DISCLOSURES,
        says=columns(
            plain="id fields optional mission_id event_id until created_at closed_at emptied_at counts",
            person="created_by",
            house="title recipient purpose",
        ),
        links=(
            Link(
                role="made by me",
                rows=is_person(Disclosure.created_by),
                export=(Disclosure.id, Disclosure.title, Disclosure.recipient, Disclosure.until, Disclosure.created_at),
                erase=Erase.CHANGE,
                blank={Disclosure.created_by: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="What was asked for whom; who said what stands in the answers.",
    ),
    Declared(
        model=DisclosureAnswer,
        chapter=Chapter.DISCLOSURES,
        says=columns(
            plain="disclosure_id asked_at answer platform answered_at exported_at",
            words="values",
            person="person_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(DisclosureAnswer.person_id),
                export=(
                    DisclosureAnswer.disclosure_id,
                    DisclosureAnswer.asked_at,
                    DisclosureAnswer.answer,
                    DisclosureAnswer.values,
                    DisclosureAnswer.platform,
                    DisclosureAnswer.answered_at,
                    DisclosureAnswer.exported_at,
                ),
                beside={
                    "recipient": lambda: (
                        select(Disclosure.recipient)
                        .where(Disclosure.id == DisclosureAnswer.disclosure_id)
                        .scalar_subquery()
                    ),
                    "purpose": lambda: (
                        select(Disclosure.purpose)
                        .where(Disclosure.id == DisclosureAnswer.disclosure_id)
                        .scalar_subquery()
                    ),
                },
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SLIPS,
        why="What somebody said to one slip, and what they entered for it alone.",
    ),
    Declared(
        model=DisclosureExport,
        chapter=Chapter.DISCLOSURES,
        says=columns(plain="id disclosure_id at people form", person="by_person_id"),
        links=(
            Link(
                role="exported by me",
                rows=is_person(DisclosureExport.by_person_id),
                export=(DisclosureExport.disclosure_id, DisclosureExport.at, DisclosureExport.people),
                erase=Erase.CHANGE,
                blank={DisclosureExport.by_person_id: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="Who handed out how many, and when.",
    ),
)

INVENTORY: tuple[Declared, ...] = (
    *PEOPLE,
    *KNOWHOW,
    *EVENTS,
    *MISSIONS,
    *MEETINGS,
    *ANNOUNCEMENTS,
    *CONVERSATION,
    *PRIVACY,
    *MEETING_PEOPLE,
    *MEMBERSHIP,
)
"""Every table, in the order of the export's chapters."""
