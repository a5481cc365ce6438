"""What chapters and columns of somebody's data are called."""

from collections.abc import Mapping

from handlers.conversation.texts import N_, Texts
from storage.personal.terms import Chapter

COLUMNS: Mapping[str, str] = {
    "name": N_("Name"),
    "organisation": N_("Organisation"),
    "organisation_claim": N_("Organisation as you wrote it"),
    "job_title": N_("Role"),
    "offers": N_("Offers"),
    "seeks": N_("Seeks"),
    "languages": N_("Languages"),
    "locale": N_("Language"),
    "language": N_("Language"),
    "timezone": N_("Time zone"),
    "status": N_("Status"),
    "state": N_("Status"),
    "notice_version": N_("Privacy notice accepted"),
    "notice_accepted_at": N_("Accepted on"),
    "joined_at": N_("Member since"),
    "created_at": N_("Made on"),
    "platform": N_("Platform"),
    "user": N_("Your id there"),
    "last_acted_at": N_("Last active"),
    "role": N_("Task"),
    "purpose": N_("Purpose"),
    "given": N_("Allowed"),
    "text_version": N_("Version of the text"),
    "at": N_("When"),
    "title": N_("Title"),
    "title_it": N_("Title in Italian"),
    "title_en": N_("Title in English"),
    "body": N_("Text"),
    "content": N_("Text"),
    "topics": N_("Topics"),
    "topic": N_("Topic"),
    "link": N_("Link"),
    "attachment": N_("File"),
    "kind": N_("Kind"),
    "sector": N_("Sector"),
    "event": N_("Event"),
    "mission": N_("Mission"),
    "part": N_("Part of the mission"),
    "post": N_("Post"),
    "announcement": N_("Announcement"),
    "answer": N_("Answer"),
    "asked_at": N_("Asked on"),
    "answered_at": N_("Answered on"),
    "objectives": N_("Objectives"),
    "note": N_("Note"),
    "reason": N_("Reason"),
    "applied_at": N_("Applied on"),
    "decided_at": N_("Decided on"),
    "starts_at": N_("Starts"),
    "starts_wall": N_("Starts"),
    "ends_wall": N_("Ends"),
    "place": N_("Place"),
    "description": N_("Description"),
    "values": N_("What you entered"),
    "form": N_("Form"),
    "recipient": N_("Recipient"),
    "until": N_("Until"),
    "action": N_("Decision"),
    "level": N_("How much of it"),
    "digest_frequency": N_("Digest"),
}
"""By a column's name; others are shown under that name."""


def column(name: str, t: Texts) -> str:
    """What a column is called for its owner."""
    return t(COLUMNS[name]) if name in COLUMNS else name.replace("_", " ")


def chapter(which: Chapter, t: Texts) -> str:
    """What a chapter is called."""
    match which:
        case Chapter.PROFILE:
            return t("Profile")
        case Chapter.ACCOUNTS:
            return t("Accounts on platforms")
        case Chapter.CONSENTS:
            return t("Consents")
        case Chapter.PREFERENCES:
            return t("Settings")
        case Chapter.KNOWHOW:
            return t("Know-how: posts, answers, what you read")
        case Chapter.EVENTS:
            return t("Events")
        case Chapter.MISSIONS:
            return t("Missions")
        case Chapter.MEETINGS:
            return t("Meetings")
        case Chapter.ANNOUNCEMENTS:
            return t("Announcements")
        case Chapter.MESSAGES:
            return t("Messages")
        case Chapter.FORMS:
            return t("Half-filled forms")
        case Chapter.DISCLOSURES:
            return t("Consent slips")
        case Chapter.DECISIONS:
            return t("Decisions")
        case Chapter.SECURITY:
            return t("Codes and security")
        case Chapter.NONE:
            return t("No personal data")
