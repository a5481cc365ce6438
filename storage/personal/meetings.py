"""Meetings and their parties."""

from sqlalchemy import select

from storage.models import (
    Meeting,
    MeetingOffer,
    MeetingParty,
    MeetingStep,
    MeetingTable,
    SeatBooking,
    Slot,
    TableBooking,
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

_OF_MY_MEETINGS = lambda who: Meeting.id.in_(  # noqa: E731 - a value of the declaration
    select(MeetingParty.meeting_id).where(MeetingParty.person_id == who.id)
)

MEETINGS = (
    Declared(
        model=Slot,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id starts_at ends_at"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=MeetingTable,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id position", house="label"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=Meeting,
        chapter=Chapter.MEETINGS,
        says=columns(
            plain="id mission_id status slot_id table_id sequence created_at timed_at",
            words="topic",
            person="proposed_by",
        ),
        links=(
            Link(
                role="side",
                rows=_OF_MY_MEETINGS,
                export=(
                    Meeting.id,
                    Meeting.mission_id,
                    Meeting.status,
                    Meeting.topic,
                    Meeting.created_at,
                    Meeting.timed_at,
                ),
                beside={
                    "starts_at": lambda: select(Slot.starts_at).where(Slot.id == Meeting.slot_id).scalar_subquery(),
                },
                erase=Erase.CHANGE,
                blank={Meeting.topic: ""},
            ),
            Link(
                role="proposed by me",
                rows=is_person(Meeting.proposed_by),
                export=(Meeting.id, Meeting.created_at),
                erase=Erase.CHANGE,
                blank={Meeting.proposed_by: None, Meeting.topic: ""},
            ),
        ),
        kept=Period.PERSON,
        why="That a meeting was held stays counted; what it was about goes. The other side is never named.",
    ),
    Declared(
        model=MeetingParty,
        chapter=Chapter.MEETINGS,
        says=columns(plain="meeting_id answer answered_at", person="person_id"),
        links=(
            Link(
                role="side",
                rows=is_person(MeetingParty.person_id),
                export=(MeetingParty.meeting_id, MeetingParty.answer, MeetingParty.answered_at),
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.PERSON,
        why="The other side keeps having met somebody, without a name.",
    ),
    Declared(
        model=MeetingOffer,
        chapter=Chapter.MEETINGS,
        says=columns(plain="id meeting_id slot_id table_id created_at", person="by_person_id"),
        links=(
            Link(
                role="asked for another time",
                rows=is_person(MeetingOffer.by_person_id),
                export=(MeetingOffer.meeting_id, MeetingOffer.created_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="Open only while a meeting is.",
    ),
    Declared(
        model=SeatBooking,
        chapter=Chapter.MEETINGS,
        says=columns(plain="slot_id meeting_id", person="person_id"),
        links=(
            Link(
                role="side",
                rows=is_person(SeatBooking.person_id),
                export=(SeatBooking.slot_id, SeatBooking.meeting_id),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="Guards against double booking; nothing is counted by it.",
    ),
    Declared(
        model=TableBooking,
        chapter=Chapter.NONE,
        says=columns(plain="slot_id table_id meeting_id"),
        kept=Period.SUBJECT,
        why="About tables, not people.",
    ),
    Declared(
        model=MeetingStep,
        chapter=Chapter.MEETINGS,
        says=columns(plain="id meeting_id was became at", words="reason", person="by_person_id for_person_id"),
        links=(
            Link(
                role="moved by me",
                rows=is_person(MeetingStep.by_person_id),
                export=(
                    MeetingStep.meeting_id,
                    MeetingStep.was,
                    MeetingStep.became,
                    MeetingStep.reason,
                    MeetingStep.at,
                ),
                erase=Erase.CHANGE,
                blank={MeetingStep.reason: ""},
            ),
            Link(
                role="moved for me",
                rows=is_person(MeetingStep.for_person_id),
                export=(
                    MeetingStep.meeting_id,
                    MeetingStep.was,
                    MeetingStep.became,
                    MeetingStep.reason,
                    MeetingStep.at,
                ),
                erase=Erase.CHANGE,
                blank={MeetingStep.reason: ""},
            ),
        ),
        kept=Period.PERSON,
        why="The history of a meeting; its reasons may be personal.",
    ),
)
