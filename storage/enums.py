"""Every state and kind as a short text enum, with named groups.

A leaf: everyone may import it, it imports nothing of the project.
The values are what the database holds and what an action's text carries, so they are never renamed, only added to.
"""

from enum import StrEnum


class Platform(StrEnum):
    """Where a conversation takes place."""

    TELEGRAM = "telegram"
    SLACK = "slack"
    WEB = "web"


class Locale(StrEnum):
    """The languages the bot speaks (ISO 639-1)."""

    ITALIAN = "it"
    ENGLISH = "en"


class PersonStatus(StrEnum):
    """Where somebody stands with the community."""

    JOINING = "joining"  # accepted the privacy notice, has not finished the profile
    WAITING = "waiting"  # asked to join; staff have not answered
    MEMBER = "member"
    GUEST = "guest"  # invited to a mission, not a member
    REFUSED = "refused"
    SUSPENDED = "suspended"
    LEFT = "left"
    ERASED = "erased"  # a number that stands for somebody whose data is gone; nobody acts as it


PARTICIPANTS = frozenset({PersonStatus.MEMBER, PersonStatus.GUEST})
"""Those to whom the bot may send things unasked."""


class Role(StrEnum):
    """What somebody may do beyond a member's rights."""

    OWNER = "owner"
    STAFF = "staff"
    MISSION_LEAD = "mission_lead"
    MODERATOR = "moderator"
    DOOR = "door"


class OrganisationCategory(StrEnum):
    """What sort of organisation a member belongs to."""

    COMPANY = "company"
    UNIVERSITY = "university"
    HOSPITAL = "hospital"
    RESEARCH = "research"
    AGENCY = "agency"


class ConsentPurpose(StrEnum):
    """What a person may separately allow; each can be revoked."""

    DIRECTORY = "directory"
    NEWS = "news"
    SHARING = "sharing"


class PostStatus(StrEnum):
    """A know-how post from form to archive."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    REMOVED = "removed"
    CHANGES = "changes"  # a moderator asked for a change; it waits for its author
    CLOSED = "closed"  # no longer valid: who has the link reads it, nobody is shown it


EDITABLE_POSTS = frozenset({PostStatus.PENDING, PostStatus.PUBLISHED, PostStatus.CHANGES, PostStatus.CLOSED})


class PartneringProfile(StrEnum):
    """The kinds of profile with which the Enterprise Europe Network looks for partners, by its own short names."""

    TECHNOLOGY_OFFER = "TO"
    TECHNOLOGY_REQUEST = "TR"
    BUSINESS_OFFER = "BO"
    BUSINESS_REQUEST = "BR"
    RESEARCH_REQUEST = "RDR"


class PostVisibility(StrEnum):
    """Who may read a post, beside its author and the moderators."""

    PUBLIC = "public"  # members; its title and text also stand in the open feed
    COMMUNITY = "community"  # members
    SECTOR = "sector"  # members with its sector in their profile
    GROUP = "group"  # members of a working group
    MISSION = "mission"  # the delegates of a mission, and who runs missions
    STAFF = "staff"


IN_CHANNELS = frozenset({PostVisibility.PUBLIC, PostVisibility.COMMUNITY})
"""Those that the community's channels show."""


class Moderation(StrEnum):
    """Which posts a moderator looks at."""

    NONE = "none"
    FIRST = "first"  # those of an author who has published little so far, before they are published
    ALL = "all"  # before they are published
    AFTER = "after"  # all, once they are published


class EventStatus(StrEnum):
    """An event's life."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class Answer(StrEnum):
    """What a member says to an event."""

    GOING = "going"
    MAYBE = "maybe"
    CANT = "cant"
    WAITING = "waiting"  # wanted to come when the event was full


class MissionStatus(StrEnum):
    """A mission's life."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ComponentKind(StrEnum):
    """What part of a mission this is."""

    FAIR = "fair"
    B2B = "b2b"
    VISIT = "visit"
    SEMINAR = "seminar"
    DINNER = "dinner"


class ApplicationStatus(StrEnum):
    """What became of an application to a mission."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RESERVE = "reserve"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


DECIDABLE_APPLICATIONS = frozenset({ApplicationStatus.WAITING, ApplicationStatus.RESERVE})


class PlaceStatus(StrEnum):
    """A delegate's place in one component of a mission."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    RELEASED = "released"


class MeetingStatus(StrEnum):
    """A B2B meeting. The arrows between the states are drawn in ``handlers.meetings.rules``."""

    PROPOSED = "proposed"  # asked, no time yet
    SCHEDULED = "scheduled"  # a time and a table are held; at least one side has not confirmed
    CONFIRMED = "confirmed"  # both sides said yes
    HELD = "held"
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


LIVE_MEETINGS = frozenset({MeetingStatus.PROPOSED, MeetingStatus.SCHEDULED, MeetingStatus.CONFIRMED})
BOOKED_MEETINGS = frozenset({MeetingStatus.SCHEDULED, MeetingStatus.CONFIRMED})


class PartyAnswer(StrEnum):
    """What one side of a meeting said."""

    PENDING = "pending"
    YES = "yes"
    NO = "no"
    ANOTHER_TIME = "another_time"


class AnnouncementStatus(StrEnum):
    """An announcement from the first word to the last recipient."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    APPROVAL = "approval"  # confirmed by one, waits for a second member of the staff
    PLANNED = "planned"  # confirmed for a later moment
    WITHDRAWN = "withdrawn"  # taken back after it had begun to go out


BEGUN_ANNOUNCEMENTS = frozenset({AnnouncementStatus.SENDING, AnnouncementStatus.PAUSED, AnnouncementStatus.STOPPED})
"""Those of which something may still be on its way."""
READ_ANNOUNCEMENTS = frozenset({*BEGUN_ANNOUNCEMENTS, AnnouncementStatus.DONE})
"""Those that people have, or are getting."""


class TopicLevel(StrEnum):
    """How much of a topic somebody wants."""

    NOW = "now"
    DIGEST = "digest"  # in the digest only
    MUTED = "muted"


class NoticeTopic(StrEnum):
    """What is sent unasked and can be turned down. The announcements' topics are the community's own data beside these.

    The keys begin with an underscore, which no topic of the community's does: both stand in one table.
    """

    EVENTS = "_events"  # new ones
    EVENT_REMINDERS = "_event_reminders"
    MISSIONS = "_missions"  # new ones, and their deadlines
    MEETINGS = "_meetings"  # requests to meet
    MEETING_REMINDERS = "_meeting_reminders"
    ANSWERS = "_answers"  # to one's own posts
    INTRODUCTIONS = "_introductions"  # requests of other members
    EXPERTS = "_experts"  # questions of others that one may know the answer to
    MATCHES = "_matches"  # offers and requests that fit one's own


POSTS_OF_SECTOR = "_posts_"
"""With a sector's id behind it: the topic of that sector's know-how."""


class QuietChoice(StrEnum):
    """Whose quiet hours count for somebody."""

    DEFAULT = "default"  # the community's
    OFF = "off"
    OWN = "own"


class IntroductionStatus(StrEnum):
    """What became of a request to be introduced."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # whoever asked is not told; for them it ends like one without an answer
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class InterestState(StrEnum):
    """What became of somebody's interest in a blind post."""

    OPEN = "open"  # its author has not answered
    ACCEPTED = "accepted"  # both said yes: they are introduced
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # its time is over, or the post is


class ExpertState(StrEnum):
    """How it stands with somebody who may know the answer to a question."""

    NEXT = "next"  # somebody named them: they are asked as soon as there is room
    WAITING = "waiting"  # they were asked
    TAKEN = "taken"  # they want to answer
    REFERRED = "referred"  # they named somebody else
    DECLINED = "declined"
    SILENT = "silent"  # they did not answer in time


class ChannelPost(StrEnum):
    """Whether an announcement also goes to the community's channels."""

    NONE = "none"
    ALSO = "also"  # the channel, and everybody directly
    INSTEAD = "instead"  # the channel; directly only to those who are not in it


class RunPurpose(StrEnum):
    """Why rows are queued for many people, batch by batch."""

    SEND = "send"
    CHASE = "chase"  # a reminder to those who have not acknowledged
    COPIES = "copies"  # finds what was sent, so that it can be redrawn
    CORRECT = "correct"  # redraws what was sent
    NOTE = "note"  # tells those who had tapped that it was corrected
    WITHDRAW = "withdraw"  # deletes what was sent, or redraws what is too old to be deleted


class DigestFrequency(StrEnum):
    """How often a member wants the digest."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class OutboxState(StrEnum):
    """Where something to be sent stands."""

    QUEUED = "queued"
    HELD = "held"  # its announcement is paused; it is queued again when that goes on
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # another try makes no sense
    UNCERTAIN = "uncertain"  # a kill fell between the call and the commit, and the kind may not be repeated
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # too late to be useful
    SKIPPED = "skipped"  # at the time of sending there was nothing left to say


OPEN_OUTBOX = frozenset({OutboxState.QUEUED, OutboxState.SENDING})


class OutboxOp(StrEnum):
    """What the platform is asked to do."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"


class Priority(StrEnum):
    """What goes first when a token's budget is short. Sorted by ``PRIORITY_RANK``."""

    REPLY = "reply"
    REMINDER = "reminder"
    ANNOUNCEMENT = "announcement"


PRIORITY_RANK: dict[Priority, int] = {Priority.REPLY: 0, Priority.REMINDER: 1, Priority.ANNOUNCEMENT: 2}


class SubjectKind(StrEnum):
    """What a card, a search result or an audit entry is about."""

    POST = "post"
    ANSWER = "answer"  # below a post
    EVENT = "event"
    MISSION = "mission"
    MEETING = "meeting"
    ANNOUNCEMENT = "announcement"
    PERSON = "person"
    ORGANISATION = "organisation"
    APPLICATION = "application"
    INTRODUCTION = "introduction"
    VOCABULARY = "vocabulary"  # a sector, a topic or a kind of post
    OUTBOX = "outbox"  # rows of the outbox that an operator retried or dropped
    LIST = "list"  # members or organisations brought in from a file, or handed out as one
    DISCLOSURE = "disclosure"  # a consent slip and its exports
    GROUP = "group"  # a working group


class ReportOutcome(StrEnum):
    """What became of a report about a post or an answer."""

    DISMISSED = "dismissed"
    REMOVED = "removed"  # by the staff
    GONE = "gone"  # its author took it away, or the staff removed the post around it


class MailState(StrEnum):
    """Where an e-mail stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # the mail server refused it for good
    EXPIRED = "expired"  # too late to be useful
    SKIPPED = "skipped"  # when it was to be sent there was nothing left to say


class CodeUse(StrEnum):
    """What is counted about codes, so that there is a limit to it."""

    LINK = "link"  # a wrong linking code
    INVITE = "invite"  # a wrong invitation
    ADDRESS = "address"  # a wrong code from an e-mail
    MAIL_BY = "mail_by"  # a code that somebody had sent to an address
    MAIL_TO = "mail_to"  # a code that was sent to this address


class RequestState(StrEnum):
    """What became of a member's wish to belong to another organisation."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SETTLED = "settled"  # they got there by an invitation or an address meanwhile


class HandoverState(StrEnum):
    """What became of what somebody offered a colleague when they left the organisation."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class SlipAnswer(StrEnum):
    """What somebody says to a consent slip."""

    YES = "yes"
    PARTLY = "partly"  # without the fields that the slip lets one leave out
    NO = "no"


DISCLOSING = frozenset({SlipAnswer.YES, SlipAnswer.PARTLY})
"""Those whose data a slip's export holds."""


class SlipField(StrEnum):
    """What a consent slip can hand over."""

    NAME = "name"
    ORGANISATION = "organisation"
    JOB_TITLE = "job_title"
    SECTORS = "sectors"
    LANGUAGES = "languages"
    OFFERS = "offers"
    SEEKS = "seeks"
    PHONE = "phone"  # asked at answering and kept for that slip alone, as the next ones
    EMAIL = "email"
    DIET = "diet"


ASKED_SLIP_FIELDS = (SlipField.PHONE, SlipField.EMAIL, SlipField.DIET)
"""Not in the profile: asked of each person for one slip."""


class ListKind(StrEnum):
    """What comes in from a file and goes out as one."""

    MEMBERS = "members"
    ORGANISATIONS = "organisations"


class ImportState(StrEnum):
    """A file from its arrival to its effect."""

    RECEIVED = "received"  # waits to be read
    READ = "read"  # its differences are shown, and somebody decides
    REFUSED = "refused"  # it has errors, and nothing of it can be taken over
    DONE = "done"
    DISCARDED = "discarded"
