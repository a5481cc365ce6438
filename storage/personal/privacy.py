"""Copies of one's data, purges, consent slips."""

from sqlalchemy import select

from storage.models import (
    DataExport,
    Disclosure,
    DisclosureAnswer,
    DisclosureExport,
    PurgeRun,
    RetentionNotice,
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

PRIVACY = (
    Declared(
        model=DataExport,
        chapter=Chapter.SECURITY,
        says=columns(plain="id asked_at made_at closed_at", words="content", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(DataExport.person_id),
                export=(DataExport.asked_at, DataExport.made_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.EXPORTS,
        why="A copy on its way to its owner, thrown away when it has arrived.",
    ),
    Declared(
        model=RetentionNotice,
        chapter=Chapter.SECURITY,
        says=columns(plain="told_at erase_at", person="person_id"),
        links=(
            Link(
                role="self",
                rows=is_person(RetentionNotice.person_id),
                export=(RetentionNotice.told_at, RetentionNotice.erase_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="That somebody was warned.",
    ),
    Declared(
        model=PurgeRun,
        chapter=Chapter.NONE,
        says=columns(plain="day started_at finished_at counts"),
        kept=Period.COMMUNITY,
        why="Counts alone.",
    ),
    Declared(
        model=Disclosure,
        chapter=Chapter.DISCLOSURES,
        says=columns(
            plain="id fields optional mission_id event_id until created_at closed_at emptied_at counts",
            person="created_by",
            house="title recipient purpose",
        ),
        links=(
            Link(
                role="made by me",
                rows=is_person(Disclosure.created_by),
                export=(Disclosure.id, Disclosure.title, Disclosure.recipient, Disclosure.until, Disclosure.created_at),
                erase=Erase.CHANGE,
                blank={Disclosure.created_by: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="What was asked for whom; who said what stands in the answers.",
    ),
    Declared(
        model=DisclosureAnswer,
        chapter=Chapter.DISCLOSURES,
        says=columns(
            plain="disclosure_id asked_at answer platform answered_at exported_at",
            words="values",
            person="person_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(DisclosureAnswer.person_id),
                export=(
                    DisclosureAnswer.disclosure_id,
                    DisclosureAnswer.asked_at,
                    DisclosureAnswer.answer,
                    DisclosureAnswer.values,
                    DisclosureAnswer.platform,
                    DisclosureAnswer.answered_at,
                    DisclosureAnswer.exported_at,
                ),
                beside={
                    "recipient": lambda: (
                        select(Disclosure.recipient)
                        .where(Disclosure.id == DisclosureAnswer.disclosure_id)
                        .scalar_subquery()
                    ),
                    "purpose": lambda: (
                        select(Disclosure.purpose)
                        .where(Disclosure.id == DisclosureAnswer.disclosure_id)
                        .scalar_subquery()
                    ),
                },
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SLIPS,
        why="What somebody said to one slip, and what they entered for it alone.",
    ),
    Declared(
        model=DisclosureExport,
        chapter=Chapter.DISCLOSURES,
        says=columns(plain="id disclosure_id at people form", person="by_person_id"),
        links=(
            Link(
                role="exported by me",
                rows=is_person(DisclosureExport.by_person_id),
                export=(DisclosureExport.disclosure_id, DisclosureExport.at, DisclosureExport.people),
                erase=Erase.CHANGE,
                blank={DisclosureExport.by_person_id: None},
            ),
        ),
        kept=Period.COMMUNITY,
        why="Who handed out how many, and when.",
    ),
)
