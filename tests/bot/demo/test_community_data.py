"""The sample community's files: complete, consistent, and nobody real can be reached through them."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo.seed_knowhow import BETWEEN_VOTES

COMMUNITY = Path(__file__).parents[3] / "bot" / "demo" / "community"
FILES = ("sectors", "kinds", "organisations", "people", "groups", "posts", "events", "mission", "announcements")
DEMO_STARTS = date(2018, 4, 3)
ITALY = ZoneInfo("Europe/Rome")
CITIES = {"Milano", "Pavia", "Bergamo", "Brescia", "Como", "Lodi", "Varese", "Monza"}
WEB_PERSONAS = {"giulia", "marco", "sara", "james", "elena"}

Row = dict[str, Any]

# For each kind of row: the keys it must have, then those that it may have.
SCHEMAS: dict[tuple[str, str], tuple[str, str]] = {
    ("sectors", "sector"): ("key name_it name_en", ""),
    ("kinds", "kind"): ("key name_it name_en has_deadline", "valid_months"),
    ("organisations", "organisation"): ("key name category sectors city domains about_it about_en", "invite_code"),
    ("people", "person"): (
        """key name organisation job_title language languages sectors
        offers seeks roles platform consents digest joined status""",
        "",
    ),
    ("posts", "post"): (
        "key author kind title body sector topics language published status",
        "deadline link visibility blind useful answer",
    ),
    ("groups", "group"): ("key name about open since members", ""),
    ("events", "event"): (
        "key title description place starts ends zone capacity language organiser status going maybe cant",
        "",
    ),
    ("mission", "component"): ("key kind title_it title_en place starts ends seats description_it description_en", ""),
    ("mission", "programme"): ("starts ends title_it title_en place component", ""),
    ("mission", "faq"): ("question_it answer_it question_en answer_en", ""),
    ("mission", "delegate"): ("person status components objectives", ""),
    ("mission", "counterpart"): ("key name organisation job_title language offers seeks", ""),
    ("mission", "slot"): ("starts ends", ""),
    ("mission", "table"): ("label", ""),
    ("mission", "meeting"): ("a b state", "slot"),
    ("announcements", "announcement"): ("author title_it text_it title_en text_en audience sent", ""),
}
MISSION_KEYS = (
    "key title place venue starts ends zone deadline deadline_zone cost_it cost_en summary_it summary_en sectors"
)
MAY_BE_EMPTY = {"offers", "seeks", "roles", "consents", "going", "maybe", "cant"}


@cache
def load(name: str) -> Row:
    return tomllib.loads((COMMUNITY / f"{name}.toml").read_text(encoding="utf-8"))


def rows(file: str, table: str) -> list[Row]:
    found: list[Row] = load(file)[table]
    return found


def keys(file: str, table: str) -> set[str]:
    return {row["key"] for row in rows(file, table)}


def people() -> dict[str, Row]:
    return {row["key"]: row for row in rows("people", "person")}


def members() -> set[str]:
    return {key for key, person in people().items() if person["status"] == "member"}


def delegates(status: str) -> dict[str, Row]:
    return {row["person"]: row for row in rows("mission", "delegate") if row["status"] == status}


def mission() -> Row:
    found: Row = load("mission")["mission"]
    return found


def wall(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


# Schemas


def test_the_folder_holds_these_files_and_no_other() -> None:
    assert {path.name for path in COMMUNITY.glob("*.toml")} == {f"{name}.toml" for name in FILES}


def test_each_file_holds_only_known_tables() -> None:
    expected: dict[str, set[str]] = {name: set() for name in FILES}
    for file, table in SCHEMAS:
        expected[file].add(table)
    expected["mission"].add("mission")
    assert {name: set(load(name)) for name in FILES} == expected


@pytest.mark.parametrize(("file", "table"), SCHEMAS)
def test_each_row_has_its_keys_and_no_empty_value(file: str, table: str) -> None:
    required, optional = (set(names.split()) for names in SCHEMAS[file, table])
    for row in rows(file, table):
        assert required <= set(row) <= required | optional, row
        for key, value in row.items():
            if isinstance(value, str):
                assert value == value.strip(), (key, row)
            if key not in MAY_BE_EMPTY:
                assert value not in ("", [], None), (key, row)


def test_the_mission_has_its_keys_and_no_empty_value() -> None:
    assert set(mission()) == set(MISSION_KEYS.split())
    assert all(mission().values())


@pytest.mark.parametrize(
    ("file", "table"), [pair for pair in SCHEMAS if "key" in SCHEMAS[pair][0].split() and pair[1] != "counterpart"]
)
def test_keys_are_unique_slugs(file: str, table: str) -> None:
    found = [row["key"] for row in rows(file, table)]
    assert repeated(found) == []
    assert [key for key in found if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_people_and_guests_share_one_space_of_keys_and_names() -> None:
    everybody = [*rows("people", "person"), *rows("mission", "counterpart")]
    assert repeated(row["key"] for row in everybody) == []
    assert repeated(row["name"] for row in everybody) == []
    assert "ospite" not in {row["key"] for row in everybody}


@pytest.mark.parametrize(
    ("file", "table", "key", "allowed"),
    [
        ("organisations", "organisation", "category", {"company", "university", "hospital", "research", "agency"}),
        ("people", "person", "language", {"it", "en"}),
        ("people", "person", "platform", {"web", "telegram", "slack"}),
        ("people", "person", "digest", {"weekly", "daily", "off"}),
        ("people", "person", "status", {"member", "waiting"}),
        ("posts", "post", "language", {"it", "en"}),
        ("posts", "post", "status", {"published", "pending"}),
        ("events", "event", "language", {"it", "en"}),
        ("events", "event", "zone", {"Europe/Rome", "Asia/Jerusalem"}),
        ("mission", "component", "kind", {"fair", "b2b", "visit", "seminar", "dinner"}),
        ("mission", "delegate", "status", {"accepted", "reserve", "waiting"}),
        ("mission", "meeting", "state", {"proposed", "scheduled", "confirmed"}),
    ],
)
def test_each_allowed_value_occurs_and_no_other(file: str, table: str, key: str, allowed: set[str]) -> None:
    assert {row[key] for row in rows(file, table)} == allowed


# Nobody real


def test_every_address_ends_in_the_reserved_example_domain() -> None:
    for organisation in rows("organisations", "organisation"):
        for domain in organisation["domains"]:
            assert re.fullmatch(r"[a-z0-9-]+\.example", domain), domain
    for name in FILES:
        for text in strings(load(name)):
            assert "@" not in text, text
            for host in re.findall(r"https?://([^/\s]+)", text):
                assert host.endswith(".example"), text
    assert repeated(domain for row in rows("organisations", "organisation") for domain in row["domains"]) == []


def test_links_lead_to_a_member_organisation() -> None:
    domains = {domain for row in rows("organisations", "organisation") for domain in row["domains"]}
    for post in rows("posts", "post"):
        if "link" in post:
            found = re.fullmatch(r"https://([^/]+)/\S+", post["link"])
            assert found is not None
            assert found[1] in domains, post["link"]


# Sectors, kinds, organisations


def test_three_sectors_and_six_kinds() -> None:
    assert keys("sectors", "sector") == {"pharma", "devices", "ict"}
    assert keys("kinds", "kind") == {"practice", "offer", "request", "question", "result", "call"}
    assert {row["key"] for row in rows("kinds", "kind") if row["has_deadline"] is True} == {"call"}


def test_organisations_have_cities_sectors_and_a_few_invite_codes() -> None:
    organisations = rows("organisations", "organisation")
    assert 43 <= len(organisations) <= 50
    assert repeated(row["name"] for row in organisations) == []
    assert {row["city"] for row in organisations} == CITIES
    codes = [row["invite_code"] for row in organisations if "invite_code" in row]
    assert 3 <= len(codes) <= 8
    assert repeated(codes) == []
    assert [code for code in codes if not re.fullmatch(r"[A-Z2-9]{8,10}", code)] == []


@pytest.mark.parametrize(("file", "table"), [("organisations", "organisation"), ("people", "person")])
def test_sector_lists_name_known_sectors_once(file: str, table: str) -> None:
    for row in rows(file, table):
        assert set(row["sectors"]) <= keys("sectors", "sector"), row["key"]
        assert repeated(row["sectors"]) == []
    assert {sector for row in rows(file, table) for sector in row["sectors"]} == keys("sectors", "sector")


# People


def test_about_a_hundred_and_twenty_people_of_known_organisations() -> None:
    assert 115 <= len(members()) <= 125
    assert sum(person["status"] == "waiting" for person in people().values()) == 3
    assert {person["organisation"] for person in people().values()} == keys("organisations", "organisation")


def test_the_web_personas_are_who_the_demo_says() -> None:
    everybody = people()
    assert {key for key, person in everybody.items() if person["platform"] == "web"} == WEB_PERSONAS
    assert {key: everybody[key]["roles"] for key in WEB_PERSONAS} == {
        "giulia": ["owner", "staff"],
        "elena": ["staff", "mission_lead"],
        "marco": [],
        "sara": [],
        "james": [],
    }
    assert {key: everybody[key]["language"] for key in WEB_PERSONAS} == {
        "giulia": "it",
        "elena": "it",
        "marco": "it",
        "sara": "it",
        "james": "en",
    }
    cities = {row["key"]: (row["category"], row["city"]) for row in rows("organisations", "organisation")}
    assert cities[everybody["marco"]["organisation"]] == ("company", "Milano")
    assert cities[everybody["sara"]["organisation"]] == ("university", "Pavia")
    assert cities[everybody["james"]["organisation"]] == ("company", "Bergamo")


def test_roles_are_few_and_those_of_staff_belong_to_the_office() -> None:
    holders = Counter(role for person in people().values() for role in person["roles"])
    assert holders == {"owner": 2, "staff": 3, "mission_lead": 1, "moderator": 1}
    for person in people().values():
        if "staff" in person["roles"] or "owner" in person["roles"]:
            assert person["organisation"] == "cluster-office"


def test_the_two_chat_platforms_share_the_members_about_equally() -> None:
    platforms = Counter(person["platform"] for person in people().values())
    assert abs(platforms["telegram"] - platforms["slack"]) <= 10


def test_people_say_consistent_things_about_themselves() -> None:
    for key, person in people().items():
        assert person["language"] in person["languages"], key
        assert set(person["consents"]) <= {"directory", "news", "sharing"}, key
        for field in ("languages", "sectors", "roles", "consents"):
            assert repeated(person[field]) == [], key
        for field in ("offers", "seeks"):
            assert "\n" not in person[field]
            assert len(person[field]) <= 120
        assert person["offers"] or person["seeks"], key
        assert date(2017, 9, 1) <= person["joined"] <= date(2018, 3, 29), key


def test_every_combination_of_language_and_platform_has_readers() -> None:
    spoken = Counter((person["language"], person["platform"]) for person in people().values())
    assert all(spoken[language, platform] >= 10 for language in ("it", "en") for platform in ("telegram", "slack"))


# Working groups


def test_groups_are_of_members_who_were_there() -> None:
    everybody, found = people(), rows("groups", "group")
    assert {group["open"] for group in found} == {True, False}
    assert repeated(group["name"] for group in found) == []
    for group in found:
        assert len(group["members"]) >= 4, group["key"]
        assert repeated(group["members"]) == []
        for key in group["members"]:
            assert key in members(), (group["key"], key)
            assert everybody[key]["joined"] <= group["since"], (group["key"], key)


# Posts


def test_forty_posts_of_every_kind_and_sector_in_both_languages() -> None:
    posts = rows("posts", "post")
    assert len(posts) == 40
    assert Counter(post["status"] for post in posts) == {"published": 37, "pending": 3}
    assert {post["kind"] for post in posts} == keys("kinds", "kind")
    assert {post["sector"] for post in posts} == keys("sectors", "sector")
    assert 11 <= sum(post["language"] == "en" for post in posts) <= 15
    assert repeated(post["title"] for post in posts) == []


def test_each_post_is_worth_reading_and_not_too_long() -> None:
    for post in rows("posts", "post"):
        assert 60 <= len(post["body"].split()) <= 160, post["key"]
        assert len(post["title"]) <= 100, post["key"]
        assert 1 <= len(post["topics"]) <= 4, post["key"]
        assert repeated(post["topics"]) == []
        assert all(len(topic) <= 30 for topic in post["topics"]), post["key"]


def test_each_post_is_in_the_language_that_it_names() -> None:
    marks = {"it": {"che", "il", "di", "per", "una"}, "en": {"the", "of", "and", "to", "is"}}
    for post in rows("posts", "post"):
        words = Counter(re.findall(r"[^\W\d_]+", post["body"].casefold()))
        counts = {language: sum(words[word] for word in common) for language, common in marks.items()}
        assert max(counts, key=lambda language: counts[language]) == post["language"], post["key"]


def test_authors_were_members_when_they_wrote() -> None:
    everybody = people()
    for post in rows("posts", "post"):
        written = [(post["author"], post["published"])]
        written += [(answer["author"], answer["at"]) for answer in post.get("answer", [])]
        for author, at in written:
            assert author in members(), post["key"]
            assert everybody[author]["joined"] < at.date(), (post["key"], author)


def test_who_found_something_useful_was_a_member_and_did_not_write_it() -> None:
    everybody = people()
    for post in rows("posts", "post"):
        for row, since in ((post, post["published"]), *((answer, answer["at"]) for answer in post.get("answer", []))):
            voters = row.get("useful", [])
            assert repeated(voters) == [], post["key"]
            assert row["author"] not in voters, post["key"]
            for voter in voters:
                assert voter in members(), (post["key"], voter)
                assert everybody[voter]["joined"] < since.date(), (post["key"], voter)
            assert (since + len(voters) * BETWEEN_VOTES).date() < DEMO_STARTS, post["key"]
            assert not voters or post["status"] == "published"


def test_questions_alone_are_solved_and_by_one_answer() -> None:
    solved = 0
    for post in rows("posts", "post"):
        answers = [answer for answer in post.get("answer", []) if answer.get("solves", False)]
        assert len(answers) <= 1, post["key"]
        assert not answers or post["kind"] == "question", post["key"]
        solved += len(answers)
    assert solved >= 2


def test_a_blind_post_is_an_offer_or_a_request_and_says_nothing_of_its_author() -> None:
    blind = [post for post in rows("posts", "post") if post.get("blind", False)]
    assert blind
    houses = {row["key"]: row["name"] for row in rows("organisations", "organisation")}
    for post in blind:
        assert post["kind"] in {"offer", "request"}
        author = people()[post["author"]]
        for word in (*author["name"].split(), houses[author["organisation"]]):
            assert word not in f"{post['title']} {post['body']} {post.get('link', '')}", (post["key"], word)


def test_posts_appear_in_order_between_january_and_the_start_of_the_demo() -> None:
    published = [post["published"] for post in rows("posts", "post")]
    assert published == sorted(published)
    for instant in published:
        assert date(2018, 1, 8) <= instant.date() <= date(2018, 4, 2)
        assert instant.utcoffset() == instant.astimezone(ITALY).utcoffset()


def test_answers_follow_their_post_and_precede_the_demo() -> None:
    answered = 0
    for post in rows("posts", "post"):
        instants = [post["published"], *(answer["at"] for answer in post.get("answer", []))]
        assert instants == sorted(set(instants)), post["key"]
        assert instants[-1].date() < DEMO_STARTS
        for answer in post.get("answer", []):
            answered += 1
            assert {"author", "body", "at"} <= set(answer) <= {"author", "body", "at", "useful", "solves"}
            assert answer["body"].strip()
            assert answer["at"].utcoffset() == answer["at"].astimezone(ITALY).utcoffset()
        if post["status"] == "pending":
            assert "answer" not in post
    assert answered >= 20


def test_calls_and_only_calls_have_a_deadline_still_to_come() -> None:
    for post in rows("posts", "post"):
        assert ("deadline" in post) == (post["kind"] == "call"), post["key"]
        if "deadline" in post:
            assert post["deadline"] > datetime(2018, 4, 15, 23, 59, tzinfo=ITALY)
            assert post["deadline"].utcoffset() == timedelta(hours=2)


# Events


def test_a_dozen_events_one_of_them_past() -> None:
    events = rows("events", "event")
    assert len(events) == 12
    starts = [wall(event["starts"], event["zone"]) for event in events]
    assert starts == sorted(starts)
    past = [event["key"] for event in events if date.fromisoformat(event["starts"][:10]) < DEMO_STARTS]
    assert past == ["assemblea-2018"]
    assert events[0]["starts"].startswith("2018-03-29T")
    assert starts[1] >= datetime(2018, 4, 5, tzinfo=ITALY)
    assert starts[-1] < datetime(2018, 6, 21, tzinfo=ITALY)


def test_events_are_short_and_stay_within_a_day() -> None:
    for event in rows("events", "event"):
        starts, ends = wall(event["starts"], event["zone"]), wall(event["ends"], event["zone"])
        assert timedelta(0) < ends.astimezone(UTC) - starts.astimezone(UTC) <= timedelta(hours=9), event["key"]
        assert starts.date() == ends.date()
        assert starts.weekday() < 5
        assert event["status"] == "published"
        assert event["organiser"] in members()


def test_answers_to_events_come_from_members_and_each_answers_once() -> None:
    for event in rows("events", "event"):
        said = [*event["going"], *event["maybe"], *event["cant"]]
        assert repeated(said) == [], event["key"]
        assert set(said) <= members(), event["key"]
        assert event["organiser"] not in event["cant"], event["key"]


def test_no_event_holds_more_than_its_capacity_and_one_is_nearly_full() -> None:
    for event in rows("events", "event"):
        assert event["capacity"] == 0 or len(event["going"]) <= event["capacity"], event["key"]
    nearly_full = [
        (event["capacity"], len(event["going"])) for event in rows("events", "event") if event["capacity"] == 20
    ]
    assert nearly_full == [(20, 17)]


def test_one_event_takes_place_in_tel_aviv_among_those_who_travel() -> None:
    abroad = [event for event in rows("events", "event") if event["zone"] == "Asia/Jerusalem"]
    assert [event["key"] for event in abroad] == ["breakfast-tel-aviv"]
    assert mission()["starts"] <= abroad[0]["starts"][:10] <= mission()["ends"]
    travellers = {*delegates("accepted"), "elena"}
    assert {*abroad[0]["going"], *abroad[0]["maybe"]} <= travellers


# Mission


def test_the_mission_is_the_one_of_may() -> None:
    assert {key: mission()[key] for key in ("key", "title", "place", "starts", "ends", "zone")} == {
        "key": "mixiii-2018",
        "title": "MIXiii BIOMED 2018",
        "place": "Tel Aviv",
        "starts": "2018-05-14",
        "ends": "2018-05-17",
        "zone": "Asia/Jerusalem",
    }
    assert (mission()["deadline"], mission()["deadline_zone"]) == ("2018-04-20T18:00", "Europe/Rome")
    assert set(mission()["sectors"]) == keys("sectors", "sector")


@pytest.mark.parametrize("table", ["component", "programme", "slot"])
def test_everything_of_the_mission_falls_in_its_days(table: str) -> None:
    for row in rows("mission", table):
        starts, ends = datetime.fromisoformat(row["starts"]), datetime.fromisoformat(row["ends"])
        assert starts < ends, row
        assert starts.tzinfo is None, row
        assert ends.tzinfo is None, row
        assert date.fromisoformat(mission()["starts"]) <= starts.date(), row
        assert ends.date() <= date.fromisoformat(mission()["ends"]), row


def test_the_five_components_with_their_places() -> None:
    components = {row["kind"]: row for row in rows("mission", "component")}
    assert len(rows("mission", "component")) == 5
    assert (components["visit"]["seats"], components["seminar"]["seats"]) == (20, 30)
    days = {kind: (row["starts"][:10], row["ends"][:10]) for kind, row in components.items()}
    assert days["fair"] == ("2018-05-14", "2018-05-17")
    assert days["b2b"] == ("2018-05-15", "2018-05-16")
    assert components["visit"]["ends"] <= "2018-05-17T13:00" <= components["seminar"]["starts"]
    assert all("Technion" in components[kind]["title_en"] + components[kind]["place"] for kind in ("visit", "seminar"))


def test_the_programme_is_in_order_and_covers_every_component() -> None:
    lines = rows("mission", "programme")
    assert [line["starts"] for line in lines] == sorted(line["starts"] for line in lines)
    assert {line["component"] for line in lines} == keys("mission", "component")
    assert any("08:15" in line["starts"] and "Haifa" in line["title_en"] for line in lines)


def test_no_two_programme_lines_of_one_component_overlap() -> None:
    for component in keys("mission", "component"):
        lines = [line for line in rows("mission", "programme") if line["component"] == component]
        for earlier, later in pairwise(lines):
            assert earlier["ends"] <= later["starts"], later


def test_six_questions_and_their_answers() -> None:
    assert len(rows("mission", "faq")) == 6
    for language in ("it", "en"):
        assert all(row[f"question_{language}"].endswith("?") for row in rows("mission", "faq"))


def test_delegates_are_members_who_agreed_to_be_shared_with_the_fair() -> None:
    everyone = rows("mission", "delegate")
    assert repeated(row["person"] for row in everyone) == []
    assert Counter(row["status"] for row in everyone) == {"accepted": 18, "waiting": 3, "reserve": 2}
    assert {"marco", "james"} <= set(delegates("accepted"))
    for row in everyone:
        assert row["person"] in members()
        assert "sharing" in people()[row["person"]]["consents"], row["person"]
        assert set(row["components"]) <= keys("mission", "component")
        assert repeated(row["components"]) == []
        assert 1 <= len(row["objectives"]) <= 3


def test_no_component_gives_more_places_than_it_has() -> None:
    given = Counter(component for row in delegates("accepted").values() for component in row["components"])
    for component in rows("mission", "component"):
        assert 0 < given[component["key"]] <= component["seats"], component["key"]


def test_the_visit_cannot_take_everyone_who_waits() -> None:
    seats = {row["key"]: row["seats"] for row in rows("mission", "component")}["technion-visit"]
    taken, asked = (
        sum("technion-visit" in row["components"] for row in delegates(status).values())
        for status in ("accepted", "waiting")
    )
    assert taken < seats < taken + asked


def test_ten_guests_who_speak_english() -> None:
    guests = rows("mission", "counterpart")
    assert len(guests) == 10
    assert {guest["language"] for guest in guests} == {"en"}
    assert all(guest["offers"] and guest["seeks"] for guest in guests)
    assert {guest["organisation"] for guest in guests}.isdisjoint(
        row["name"] for row in rows("organisations", "organisation")
    )


def test_slots_follow_each_other_with_a_lunch_break_each_day() -> None:
    spans = [
        (datetime.fromisoformat(row["starts"]), datetime.fromisoformat(row["ends"])) for row in rows("mission", "slot")
    ]
    b2b = next(row for row in rows("mission", "component") if row["kind"] == "b2b")
    assert spans[0][0] == datetime.fromisoformat(b2b["starts"])
    assert spans[-1][1] == datetime.fromisoformat(b2b["ends"])
    assert {ends - starts for starts, ends in spans} <= {timedelta(minutes=20), timedelta(minutes=30)}
    gaps = [(left[1].date(), right[0] - left[1]) for left, right in pairwise(spans)]
    assert all(gap >= timedelta(0) for _, gap in gaps)
    for day in (date(2018, 5, 15), date(2018, 5, 16)):
        lunches = [gap for at, gap in gaps if at == day and timedelta(hours=1) <= gap <= timedelta(hours=3)]
        assert len(lunches) == 1
    assert {starts.date() for starts, _ in spans} == {date(2018, 5, 15), date(2018, 5, 16)}


def test_eight_tables() -> None:
    labels = [row["label"] for row in rows("mission", "table")]
    assert len(labels) == 8
    assert repeated(labels) == []


def test_meetings_join_a_delegate_of_the_b2b_days_with_somebody_else() -> None:
    meetings = rows("mission", "meeting")
    b2b = {key for key, row in delegates("accepted").items() if "b2b" in row["components"]}
    assert 12 <= len(meetings) <= 16
    for meeting in meetings:
        assert meeting["a"] in b2b
        assert meeting["b"] in b2b | keys("mission", "counterpart")
        assert meeting["a"] != meeting["b"]
    assert repeated(frozenset((meeting["a"], meeting["b"])) for meeting in meetings) == []


def test_meetings_with_a_time_have_a_slot_and_proposed_ones_have_none() -> None:
    slots = range(len(rows("mission", "slot")))
    for meeting in rows("mission", "meeting"):
        assert ("slot" in meeting) == (meeting["state"] != "proposed"), meeting
        assert meeting.get("slot", 0) in slots


def test_nobody_and_no_table_is_booked_twice() -> None:
    booked = [meeting for meeting in rows("mission", "meeting") if "slot" in meeting]
    assert repeated((meeting["slot"], meeting[side]) for meeting in booked for side in ("a", "b")) == []
    busiest = max(Counter(meeting["slot"] for meeting in booked).values())
    assert busiest <= len(rows("mission", "table"))


# Announcements


def test_three_announcements_sent_by_the_office_before_the_demo() -> None:
    announcements = rows("announcements", "announcement")
    assert len(announcements) == 3
    sent = [row["sent"] for row in announcements]
    assert sent == sorted(sent)
    for row in announcements:
        assert "staff" in people()[row["author"]]["roles"]
        assert row["audience"] == "all" or row["audience"] in keys("sectors", "sector")
        assert row["sent"].date() < DEMO_STARTS
        assert row["sent"].utcoffset() == row["sent"].astimezone(ITALY).utcoffset()
