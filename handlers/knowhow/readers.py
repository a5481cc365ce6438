"""Who may read a post, in words."""

from handlers.conversation.texts import Texts
from storage.enums import PostVisibility
from storage.models import Post


def readers_label(visibility: PostVisibility, t: Texts, name: str = "") -> str:
    """Who may read what is shared so; ``name``: of the sector, group or mission, where it is known."""
    match visibility:
        case PostVisibility.PUBLIC:
            return t("Everybody, outside the community too")
        case PostVisibility.COMMUNITY:
            return t("All members")
        case PostVisibility.SECTOR:
            return t("Members of {sector}", sector=name) if name else t("Members of its sector")
        case PostVisibility.GROUP:
            return t("The group {name}", name=name) if name else t("A working group")
        case PostVisibility.MISSION:
            return t("The delegates of {mission}", mission=name) if name else t("The delegates of a mission")
        case PostVisibility.STAFF:
            return t("The staff")


def readers_of(post: Post, t: Texts) -> str:
    """Who may read a post, read with its audience; empty when all members may."""
    audience = post.audience
    match post.visibility:
        case PostVisibility.COMMUNITY:
            return ""
        case PostVisibility.SECTOR:
            name = t.of(post.sector, "name") if post.sector else ""
        case PostVisibility.GROUP:
            name = audience.group.name if audience and audience.group else ""
        case PostVisibility.MISSION:
            name = audience.mission.title if audience and audience.mission else ""
        case PostVisibility.PUBLIC | PostVisibility.STAFF:
            return readers_label(post.visibility, t)
    # The sector, group or mission is gone, and with it whoever could read it for its sake.
    return readers_label(post.visibility, t, name) if name else t("Its author")
