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
    "day": N_("Day"),
    "edited_at": N_("Edited on"),
    "outcome": N_("Outcome"),
    "sentence": N_("Your sentence"),
}
"""By a column's name; others are shown under that name."""


def column(name: str, t: Texts) -> str:
    """What a column is called for its owner."""
    return t(COLUMNS[name]) if name in COLUMNS else name.replace("_", " ")


CHAPTERS: Mapping[Chapter, str] = {
    Chapter.PROFILE: N_("Profile"),
    Chapter.ACCOUNTS: N_("Accounts on platforms"),
    Chapter.CONSENTS: N_("Consents"),
    Chapter.PREFERENCES: N_("Settings"),
    Chapter.KNOWHOW: N_("Know-how: posts, answers, what you read"),
    Chapter.EVENTS: N_("Events"),
    Chapter.MISSIONS: N_("Missions"),
    Chapter.MEETINGS: N_("Meetings"),
    Chapter.ANNOUNCEMENTS: N_("Announcements"),
    Chapter.MESSAGES: N_("Messages"),
    Chapter.FORMS: N_("Half-filled forms"),
    Chapter.DISCLOSURES: N_("Consent slips"),
    Chapter.DECISIONS: N_("Decisions"),
    Chapter.SECURITY: N_("Codes and security"),
    Chapter.NONE: N_("No personal data"),
}


def chapter(which: Chapter, t: Texts) -> str:
    """What a chapter is called."""
    return t(CHAPTERS[which])
