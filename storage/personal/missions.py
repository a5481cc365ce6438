"""Missions and applications."""

from sqlalchemy import select

from storage.models import (
    Application,
    ApplicationPlace,
    Component,
    Mission,
    MissionQuestion,
    ProgrammeItem,
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

_MISSION_TITLE = lambda: (  # noqa: E731 - a value of the declaration
    select(Mission.title).where(Mission.id == Application.mission_id).scalar_subquery()
)

MISSIONS = (
    Declared(
        model=Mission,
        chapter=Chapter.MISSIONS,
        says=columns(
            plain="id first_day last_day zone deadline seats status created_at opened_at reminded_for",
            person="lead_id",
            house="title place venue cost_it cost_en summary_it summary_en sectors",
        ),
        links=(
            Link(
                role="lead",
                rows=is_person(Mission.lead_id),
                export=(Mission.id, Mission.title, Mission.created_at),
                erase=Erase.CHANGE,
                blank={Mission.lead_id: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="The community's; it loses its lead's name.",
    ),
    Declared(
        model=Component,
        chapter=Chapter.NONE,
        says=columns(
            plain="id mission_id kind starts_wall ends_wall starts_at ends_at seats",
            house="title_it title_en description_it description_en place",
        ),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=ProgrammeItem,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id component_id starts_at ends_at", house="title_it title_en place"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=MissionQuestion,
        chapter=Chapter.NONE,
        says=columns(plain="id mission_id", house="question_it question_en answer_it answer_en"),
        kept=Period.SUBJECT,
        why="About missions, not people.",
    ),
    Declared(
        model=Application,
        chapter=Chapter.MISSIONS,
        says=columns(
            plain="id mission_id status applied_at decided_at",
            words="objectives note reason",
            person="person_id decided_by",
        ),
        links=(
            Link(
                role="applicant",
                rows=is_person(Application.person_id),
                export=(
                    Application.id,
                    Application.mission_id,
                    Application.status,
                    Application.objectives,
                    Application.note,
                    Application.applied_at,
                    Application.decided_at,
                    Application.reason,
                ),
                beside={"mission": _MISSION_TITLE},
                erase=Erase.CHANGE,
                blank={Application.objectives: [], Application.note: "", Application.reason: ""},
            ),
            Link(
                role="decided by me",
                rows=is_person(Application.decided_by),
                export=(Application.id, Application.status, Application.decided_at),
                erase=Erase.CHANGE,
                blank={Application.decided_by: None},
            ),
        ),
        kept=Period.APPLICATIONS,
        why="That somebody went stays counted; what they wrote goes.",
    ),
    Declared(
        model=ApplicationPlace,
        chapter=Chapter.MISSIONS,
        says=columns(plain="application_id component_id status asked_at"),
        links=(
            Link(
                role="applicant",
                rows=lambda who: ApplicationPlace.application_id.in_(
                    select(Application.id).where(Application.person_id == who.id)
                ),
                export=(
                    ApplicationPlace.application_id,
                    ApplicationPlace.component_id,
                    ApplicationPlace.status,
                    ApplicationPlace.asked_at,
                ),
                beside={
                    "part": lambda: (
                        select(Component.title_en)
                        .where(Component.id == ApplicationPlace.component_id)
                        .scalar_subquery()
                    )
                },
                erase=Erase.KEEP,
            ),
        ),
        kept=Period.PERSON,
        why="How many took part in what; free places were given on before.",
    ),
)
