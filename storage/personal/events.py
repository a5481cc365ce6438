"""Events and who comes."""

from sqlalchemy import select

from storage.models import (
    CommunityEvent,
    EventAnswer,
    EventReminder,
)
from storage.personal.terms import (
    Chapter,
    Declared,
    Erase,
    Link,
    Period,
    columns,
    is_person,
)

_EVENT_TITLE = lambda: (  # noqa: E731 - a value of the declaration, used twice
    select(CommunityEvent.title).where(CommunityEvent.id == EventAnswer.event_id).scalar_subquery()
)

EVENTS = (
    Declared(
        model=CommunityEvent,
        chapter=Chapter.EVENTS,
        says=columns(
            plain="id uid sequence zone starts_wall ends_wall starts_at ends_at capacity language status created_at "
            "published_at moved_at",
            words="title description place link cancel_reason",
            person="organiser_id",
        ),
        links=(
            Link(
                role="organiser",
                rows=is_person(CommunityEvent.organiser_id),
                export=(
                    CommunityEvent.id,
                    CommunityEvent.title,
                    CommunityEvent.description,
                    CommunityEvent.place,
                    CommunityEvent.link,
                    CommunityEvent.zone,
                    CommunityEvent.starts_wall,
                    CommunityEvent.ends_wall,
                    CommunityEvent.capacity,
                    CommunityEvent.status,
                    CommunityEvent.created_at,
                    CommunityEvent.published_at,
                    CommunityEvent.cancel_reason,
                ),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.COMMUNITY,
        why="A published event is the community's and loses its organiser's name; a proposal goes with its author.",
    ),
    Declared(
        model=EventAnswer,
        chapter=Chapter.EVENTS,
        says=columns(plain="id event_id answer asked_at", person="person_id"),
        links=(
            Link(
                role="answered",
                rows=is_person(EventAnswer.person_id),
                export=(EventAnswer.event_id, EventAnswer.answer, EventAnswer.asked_at),
                beside={"event": _EVENT_TITLE},
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.PERSON,
        why="Attendance of what is over stays counted; places in what is to come are free again.",
    ),
    Declared(
        model=EventReminder,
        chapter=Chapter.NONE,
        says=columns(plain="event_id minutes_before reminded_for"),
        kept=Period.SUBJECT,
        why="About events, not people.",
    ),
)
