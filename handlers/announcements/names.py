"""What the parts of an announcement and of its audience are called."""

from handlers.announcements.rules import Wording, Wordings
from handlers.conversation.screen import one_line
from handlers.conversation.texts import Texts
from storage.audience import EventPart, Facet, Group, MissionPart
from storage.enums import AnnouncementStatus, Locale, OrganisationCategory, Platform
from storage.models import Announcement, Topic

LABEL_LENGTH = 40
"""Characters of a title on a button."""


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    return one_line(text, length)


def wordings(announcement: Announcement) -> Wordings:
    """Title and text by language."""
    return {
        Locale.ITALIAN: Wording(announcement.title_it, announcement.text_it),
        Locale.ENGLISH: Wording(announcement.title_en, announcement.text_en),
    }


def title_of(announcement: Announcement, t: Texts) -> str:
    """Its title, in the reader's language where there is one."""
    return t.of(announcement, "title") or t("Announcement without a title")


def language_name(locale: Locale, t: Texts) -> str:
    """What a language is called."""
    match locale:
        case Locale.ITALIAN:
            return t("Italian")
        case Locale.ENGLISH:
            return t("English")


def facet_name(facet: Facet, t: Texts) -> str:
    """What a facet is called on its button."""
    match facet:
        case Facet.SECTOR:
            return t("Sectors")
        case Facet.GROUP:
            return t("Roles")
        case Facet.CATEGORY:
            return t("Organisations")
        case Facet.LANGUAGE:
            return t("Language")
        case Facet.PLATFORM:
            return t("Platform")
        case Facet.EVENT:
            return t("People of an event")
        case Facet.MISSION:
            return t("People of a mission")
        case Facet.TOPIC:
            return t("Topics they follow")


def group_name(group: Group, t: Texts) -> str:
    """What a group of people is called."""
    match group:
        case Group.MEMBERS:
            return t("Members")
        case Group.GUESTS:
            return t("Mission guests")
        case Group.DELEGATES:
            return t("Mission delegates")
        case Group.STAFF:
            return t("Staff")


def category_name(category: OrganisationCategory, t: Texts) -> str:
    """What a sort of organisation is called."""
    match category:
        case OrganisationCategory.COMPANY:
            return t("Companies")
        case OrganisationCategory.UNIVERSITY:
            return t("Universities")
        case OrganisationCategory.HOSPITAL:
            return t("Hospitals")
        case OrganisationCategory.RESEARCH:
            return t("Research centres")
        case OrganisationCategory.AGENCY:
            return t("Agencies")


def platform_name(platform: Platform, t: Texts) -> str:
    """What a platform is called."""
    match platform:
        case Platform.TELEGRAM:
            return "Telegram"
        case Platform.SLACK:
            return "Slack"
        case Platform.WEB:
            return t("Web chat")


def status_name(status: AnnouncementStatus, t: Texts) -> str:
    """Where an announcement stands."""
    match status:
        case AnnouncementStatus.DRAFT:
            return t("draft")
        case AnnouncementStatus.SENDING:
            return t("being sent")
        case AnnouncementStatus.PAUSED:
            return t("paused")
        case AnnouncementStatus.STOPPED:
            return t("stopped")
        case AnnouncementStatus.DONE:
            return t("delivered")
        case AnnouncementStatus.APPROVAL:
            return t("waiting for approval")
        case AnnouncementStatus.PLANNED:
            return t("planned")
        case AnnouncementStatus.WITHDRAWN:
            return t("withdrawn")


def part_name(part: str, facet: Facet, t: Texts) -> str:
    """Which of an event's or a mission's people; empty stands for what is meant without a part."""
    if facet is Facet.EVENT:
        return _event_part_name(EventPart(part), t) if part else t("Going, maybe or waiting")
    return _mission_part_name(MissionPart(part), t) if part else t("Accepted delegates")


def _event_part_name(part: EventPart, t: Texts) -> str:
    match part:
        case EventPart.GOING:
            return t("Those who come")
        case EventPart.MAYBE:
            return t("Those who may come")
        case EventPart.WAITING:
            return t("On the waiting list")
        case EventPart.CANT:
            return t("Those who can't come")


def _mission_part_name(part: MissionPart, t: Texts) -> str:
    match part:
        case MissionPart.APPLIED:
            return t("Everybody who applied")
        case MissionPart.WAITING:
            return t("Waiting for an answer")
        case MissionPart.RESERVE:
            return t("On the reserve list")
        case MissionPart.DECLINED:
            return t("Declined")


def topic_name(topic: Topic | None, t: Texts) -> str:
    """What a topic is called; empty for none."""
    return t.of(topic, "name") if topic is not None else ""
