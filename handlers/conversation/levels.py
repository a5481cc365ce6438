"""How much of a topic somebody wants: the words and signs for it."""

from collections.abc import Mapping

from handlers.conversation.screen import Button, press
from handlers.conversation.texts import Texts
from storage.enums import TopicLevel

SIGN: Mapping[TopicLevel, str] = {TopicLevel.NOW: "🔔", TopicLevel.DIGEST: "📰", TopicLevel.MUTED: "🔕"}
NEXT_LEVEL: Mapping[TopicLevel, TopicLevel] = {
    TopicLevel.NOW: TopicLevel.DIGEST,
    TopicLevel.DIGEST: TopicLevel.MUTED,
    TopicLevel.MUTED: TopicLevel.NOW,
}


def level_name(level: TopicLevel, t: Texts) -> str:
    """How much of a topic somebody wants."""
    match level:
        case TopicLevel.NOW:
            return t("at once")
        case TopicLevel.DIGEST:
            return t("in the digest")
        case TopicLevel.MUTED:
            return t("not at all")


def level_button(verb: str, topic: str | int, name: str, level: TopicLevel, becomes: TopicLevel, t: Texts) -> Button:
    """A button that says how much of a topic comes, and makes it what comes next: a double tap makes it once."""
    label = t("{topic}: {level}", topic=name, level=level_name(level, t))
    return Button(f"{SIGN[level]} {label}", press(verb, topic, becomes))
