"""What roles, states and subjects are called."""

from collections.abc import Mapping

from handlers.conversation.texts import N_, Texts
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


SUBJECTS: Mapping[SubjectKind, str] = {
    SubjectKind.POST: N_("Posts"),
    SubjectKind.ANSWER: N_("Answers"),
    SubjectKind.EVENT: N_("Events"),
    SubjectKind.MISSION: N_("Missions"),
    SubjectKind.MEETING: N_("Meetings"),
    SubjectKind.ANNOUNCEMENT: N_("Announcements"),
    SubjectKind.PERSON: N_("People"),
    SubjectKind.ORGANISATION: N_("Organisations"),
    SubjectKind.APPLICATION: N_("Applications"),
    SubjectKind.INTRODUCTION: N_("Introductions"),
    SubjectKind.VOCABULARY: N_("Sectors, topics and kinds"),
    SubjectKind.OUTBOX: N_("Messages"),
    SubjectKind.DISCLOSURE: N_("Consent slips"),
    SubjectKind.LIST: N_("Lists from files"),
    SubjectKind.GROUP: N_("Working groups"),
}
"""The kinds of things that are decided on."""


def subject_name(kind: SubjectKind, t: Texts) -> str:
    """A kind of thing that is decided on."""
    return t(SUBJECTS[kind])
