"""Every screen of the digest with example data, for the gallery and the snapshots."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.digests.screens import Digest, nothing_new
from handlers.digests.screens import digest as digest_screen
from handlers.digests.setting_screens import Lesson, Settings, learnt, lessons, settings, taken_back
from storage.enums import DigestFrequency, Locale, SubjectKind
from storage.models import Announcement, CommunityEvent, Mission, Post
from storage.post_topics import topic_of_author, topic_of_sector, topic_of_word
from storage.queries.digests import Deadline

ROME = ZoneInfo("Europe/Rome")
JERUSALEM = "Asia/Jerusalem"


def _digest() -> Digest:
    return Digest(
        zone=ROME,
        announcements=[
            Announcement(
                id=7,
                title_it="Technion: gli ultimi posti per la visita",
                title_en="Technion: the last places for the visit",
            )
        ],
        posts=[
            Post(id=31, title="Come abbiamo dimezzato i tempi di rilascio di un lotto ATMP"),
            Post(id=34, title="Looking for a partner with GMP filling capacity"),
        ],
        events=[
            CommunityEvent(
                id=12,
                title="Aperitivo MDR e IVDR",
                zone="Europe/Rome",
                starts_at=datetime(2018, 4, 5, 16, tzinfo=UTC),
            )
        ],
        missions=[
            Mission(
                id=1,
                title="MIXiii BIOMED 2018",
                first_day=date(2018, 5, 14),
                last_day=date(2018, 5, 17),
                deadline=datetime(2018, 4, 20, 16, tzinfo=UTC),
            )
        ],
        more_posts=True,
        deadlines=[
            Deadline(SubjectKind.EVENT, 9, "Bandi Horizon", datetime(2018, 4, 6, 8, tzinfo=UTC), "Europe/Rome"),
            Deadline(SubjectKind.MISSION, 2, "BIO-Europe 2018", datetime(2018, 4, 13, 10, tzinfo=UTC), "Europe/Rome"),
            Deadline(SubjectKind.MEETING, 5, "Noa Levi", datetime(2018, 4, 15, 7, tzinfo=UTC), JERUSALEM),
            Deadline(SubjectKind.MEETING, 6, "Amir Katz", None, JERUSALEM),
            Deadline(SubjectKind.POST, 40, "Horizon: HLTH-2018-03", datetime(2018, 4, 12, 21, 59, tzinfo=UTC), ""),
            Deadline(
                SubjectKind.POST,
                41,
                "Bando Accordi",
                datetime(2018, 4, 16, 21, 59, tzinfo=UTC),
                "",
                topic_of_word("GMP"),
            ),
        ],
        because={34: "GMP", 41: "GMP"},
    )


@example("digest")
def _whole(t: Texts) -> Screen:
    return digest_screen(_digest(), t=t)


@example("digest.nothing")
def _nothing(t: Texts) -> Screen:
    return nothing_new(datetime(2018, 4, 2, 6, tzinfo=UTC), zone=ROME, t=t)


def _lessons(t: Texts) -> list[Lesson]:
    sector = "Terapie avanzate" if t.locale is Locale.ITALIAN else "Advanced therapies"
    return [
        Lesson(topic_of_word("ATMP"), "ATMP", 3),
        Lesson(topic_of_author(4), "Sara Bonavita", 1),
        Lesson(topic_of_sector(1), sector, 1),
    ]


@example("digest.less")
def _less(t: Texts) -> Screen:
    return learnt(_digest().posts[0], _lessons(t), t=t)


@example("digest.less_undone")
def _less_undone(t: Texts) -> Screen:
    return taken_back(_digest().posts[0], t=t)


@example("digest.learnt")
def _learnt(t: Texts) -> Screen:
    return lessons(_lessons(t), t=t)


@example("digest.learnt_nothing")
def _learnt_nothing(t: Texts) -> Screen:
    return lessons([], t=t)


@example("digest.weekly")
def _weekly(t: Texts) -> Screen:
    return settings(Settings(DigestFrequency.WEEKLY, 0, 8, datetime(2018, 4, 9, 6, tzinfo=UTC), ROME), t=t)


@example("digest.monthly")
def _monthly(t: Texts) -> Screen:
    return settings(Settings(DigestFrequency.MONTHLY, 3, 17, datetime(2018, 4, 5, 15, tzinfo=UTC), ROME), t=t)


@example("digest.off")
def _off(t: Texts) -> Screen:
    return settings(Settings(DigestFrequency.OFF, 0, 8, None, ROME), t=t)
