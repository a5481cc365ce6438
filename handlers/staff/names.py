"""What roles, states and subjects are called."""

from handlers.conversation.texts import Texts
from storage.enums import PersonStatus, Role, SubjectKind


def role_name(role: Role, t: Texts) -> str:
    """A role in a word or two."""
    match role:
        case Role.OWNER:
            return t("owner")
        case Role.STAFF:
            return t("staff")
        case Role.MISSION_LEAD:
            return t("mission lead")
        case Role.MODERATOR:
            return t("moderator")
        case Role.DOOR:
            return t("door")


def role_meaning(role: Role, t: Texts) -> str:
    """What a role lets somebody do, in a line."""
    match role:
        case Role.OWNER:
            return t("gives and takes roles, reads the log, and does all that staff do")
        case Role.STAFF:
            return t("members, events, announcements, and all that follows")
        case Role.MISSION_LEAD:
            return t("missions, applications and meetings")
        case Role.MODERATOR:
            return t("posts that wait, and posts that must go")
        case Role.DOOR:
            return t("receives people at events")


def status_name(status: PersonStatus, t: Texts) -> str:
    """Where somebody stands, in a few words."""
    match status:
        case PersonStatus.JOINING:
            return t("filling in the profile")
        case PersonStatus.WAITING:
            return t("waiting for your answer")
        case PersonStatus.MEMBER:
            return t("member")
        case PersonStatus.GUEST:
            return t("guest of a mission")
        case PersonStatus.REFUSED:
            return t("not accepted")
        case PersonStatus.SUSPENDED:
            return t("suspended")
        case PersonStatus.LEFT:
            return t("no longer in the community")
        case PersonStatus.ERASED:
            return t("erased")


def subject_name(kind: SubjectKind, t: Texts) -> str:
    """A kind of thing that is decided on."""
    match kind:
        case SubjectKind.POST:
            return t("Posts")
        case SubjectKind.EVENT:
            return t("Events")
        case SubjectKind.MISSION:
            return t("Missions")
        case SubjectKind.MEETING:
            return t("Meetings")
        case SubjectKind.ANNOUNCEMENT:
            return t("Announcements")
        case SubjectKind.PERSON:
            return t("People")
        case SubjectKind.ORGANISATION:
            return t("Organisations")
        case SubjectKind.APPLICATION:
            return t("Applications")
        case SubjectKind.INTRODUCTION:
            return t("Introductions")
        case SubjectKind.VOCABULARY:
            return t("Sectors, topics and kinds")
        case SubjectKind.OUTBOX:
            return t("Messages")
        case SubjectKind.DISCLOSURE:
            return t("Consent slips")
        case SubjectKind.LIST:
            return t("Lists from files")
