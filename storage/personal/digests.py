"""What digests have learnt from their readers."""

from storage.models import DigestLesson
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, columns, is_person
from storage.post_topics import topic_of_author

DIGESTS = (
    Declared(
        model=DigestLesson,
        chapter=Chapter.PREFERENCES,
        says=columns(plain="post_id at", words="topic", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(DigestLesson.person_id),
                export=(DigestLesson.topic, DigestLesson.post_id, DigestLesson.at),
                erase=Erase.DELETE,
            ),
            Link(
                role="author",
                rows=lambda who: DigestLesson.topic == topic_of_author(who.id),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.READINGS,
        why="Of what somebody wants less in their digest; they see it and can take it back.",
    ),
)
