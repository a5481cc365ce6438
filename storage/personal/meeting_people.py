"""The declarations of how members find each other and what they want to hear: directory, introductions, digests."""

from storage.models import (
    DigestItem,
    DirectoryEntry,
    DirectoryWord,
    Introduction,
    PersonBlock,
    PersonReport,
)
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, columns, is_person

MEETING_PEOPLE = (
    Declared(
        model=DigestItem,
        chapter=Chapter.MESSAGES,
        says=columns(plain="id kind at told_at", words="data", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(DigestItem.person_id),
                export=(DigestItem.kind, DigestItem.at, DigestItem.told_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.READINGS,
        why="What waits for somebody's digest.",
    ),
    Declared(
        model=DirectoryEntry,
        chapter=Chapter.PREFERENCES,
        says=columns(
            plain="shows_organisation shows_role shows_sectors shows_offers shows_languages changed_at",
            address="contact",
            person="person_id",
        ),
        links=(
            Link(
                role="self",
                rows=is_person(DirectoryEntry.person_id),
                export=(
                    DirectoryEntry.shows_organisation,
                    DirectoryEntry.shows_role,
                    DirectoryEntry.shows_sectors,
                    DirectoryEntry.shows_offers,
                    DirectoryEntry.shows_languages,
                    DirectoryEntry.contact,
                    DirectoryEntry.changed_at,
                ),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="What somebody shows of themselves to other members.",
    ),
    Declared(
        model=DirectoryWord,
        chapter=Chapter.PREFERENCES,
        says=columns(plain="weight", words="word", person="person_id"),
        links=(
            # Made of what the profile says, which is handed over there.
            Link(role="self", rows=is_person(DirectoryWord.person_id), erase=Erase.DELETE),
        ),
        kept=Period.PERSON,
        why="The words by which somebody is found, while they allow it.",
    ),
    Declared(
        model=Introduction,
        chapter=Chapter.MEETINGS,
        says=columns(
            plain="id first_id second_id status created_at expires_at remind_at answered_at told_at",
            words="message",
            address="asker_contact asked_contact",
            person="asker_id asked_id",
        ),
        links=(
            Link(
                role="asked by me",
                rows=is_person(Introduction.asker_id),
                export=(
                    Introduction.message,
                    Introduction.status,
                    Introduction.asker_contact,
                    Introduction.created_at,
                    Introduction.expires_at,
                ),
                erase=Erase.DELETE,
            ),
            Link(
                role="asked of me",
                rows=is_person(Introduction.asked_id),
                export=(
                    Introduction.status,
                    Introduction.asked_contact,
                    Introduction.created_at,
                    Introduction.answered_at,
                ),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Requests to be introduced; each side is handed its own words and contact.",
    ),
    Declared(
        model=PersonBlock,
        chapter=Chapter.PREFERENCES,
        says=columns(plain="at", person="person_id blocked_id"),
        links=(
            Link(
                role="blocked by me",
                rows=is_person(PersonBlock.person_id),
                export=(PersonBlock.at,),
                erase=Erase.DELETE,
            ),
            # Whom others block is theirs to know.
            Link(role="blocked", rows=is_person(PersonBlock.blocked_id), erase=Erase.DELETE),
        ),
        kept=Period.PERSON,
        why="Who wants nothing of whom.",
    ),
    Declared(
        model=PersonReport,
        chapter=Chapter.DECISIONS,
        says=columns(
            plain="id introduction_id at settled_at", words="reason", person="by_person_id about_person_id settled_by"
        ),
        links=(
            Link(
                role="reported by me",
                rows=is_person(PersonReport.by_person_id),
                export=(PersonReport.reason, PersonReport.at, PersonReport.settled_at),
                erase=Erase.DELETE,
            ),
            # Who reported somebody, and in what words, is not theirs to read; that there is a report goes with them.
            Link(
                role="reported",
                rows=is_person(PersonReport.about_person_id),
                erase=Erase.DELETE,
            ),
            Link(
                role="settled by me",
                rows=is_person(PersonReport.settled_by),
                export=(PersonReport.settled_at,),
                erase=Erase.CHANGE,
                blank={PersonReport.settled_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="Reports about a request to be introduced.",
    ),
)
