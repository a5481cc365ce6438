"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.screen import Screen, press
from handlers.conversation.texts import Texts
from handlers.following import screens
from handlers.following.screens import Followable, Follows
from storage.enums import DigestFrequency, Locale, TopicLevel
from storage.post_topics import topic_of_author, topic_of_organisation, topic_of_sector, topic_of_word

TITLE = "Come abbiamo dimezzato i tempi di rilascio di un lotto ATMP"


def _things(t: Texts) -> list[Followable]:
    sector = "Terapie avanzate" if t.locale is Locale.ITALIAN else "Advanced therapies"
    return [
        Followable(topic_of_word("ATMP"), "ATMP", TopicLevel.NOW),
        Followable(topic_of_word("GMP"), "GMP", None),
        Followable(topic_of_author(4), "Sara Bonavita", TopicLevel.DIGEST),
        Followable(topic_of_organisation(2), "Officina Cellulare", TopicLevel.MUTED),
        Followable(topic_of_sector(1), sector, None),
    ]


@example("following.post")
def of_post(t: Texts) -> Screen:
    """What of a post can be followed."""
    return screens.of_post(31, TITLE, _things(t), t)


@example("following.choose")
def choose(t: Texts) -> Screen:
    """A topic that is followed at once."""
    return screens.choose(_things(t)[0], back=press("follow.post", 31), post_id=31, t=t)


@example("following.choose_new")
def choose_new(t: Texts) -> Screen:
    """A topic that is not followed yet."""
    return screens.choose(_things(t)[1], back=press("follow.post", 31), post_id=31, t=t)


@example("following.choose_digest")
def choose_digest(t: Texts) -> Screen:
    """An author whose posts stand first in the digest."""
    return screens.choose(_things(t)[2], back=press("follow.list", 0), post_id=0, t=t)


@example("following.choose_muted")
def choose_muted(t: Texts) -> Screen:
    """An organisation of which nothing is wanted."""
    return screens.choose(_things(t)[3], back=press("follow.list", 0), post_id=0, t=t)


@example("following.list")
def followed(t: Texts) -> Screen:
    """What is followed, the second page of three."""
    things = [one for one in _things(t) if one.level is not None]
    return screens.followed(Follows(things, 1, 3, DigestFrequency.WEEKLY), t)


@example("following.list_without_digest")
def without_digest(t: Texts) -> Screen:
    """What is followed by somebody whose digest is off."""
    return screens.followed(Follows(_things(t)[2:4], 0, 1, DigestFrequency.OFF), t)


@example("following.nothing")
def nothing(t: Texts) -> Screen:
    """Nothing yet."""
    return screens.followed(Follows((), 0, 1, DigestFrequency.WEEKLY), t)
