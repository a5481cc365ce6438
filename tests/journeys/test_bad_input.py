"""What no honest app sends, and what goes wrong on honest platforms: a clear answer or silence, and nothing lost."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.demo.seed import fill
from bot.platforms.webchat.payloads import form_payload
from handlers.conversation.actions import REGISTRY, ActionSpec
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.event import EventKind
from handlers.conversation.form import Form, Value
from handlers.conversation.permissions import Permission
from storage.enums import EventStatus, Locale, OutboxState, Platform, PostStatus, Role
from storage.models import (
    Account,
    Announcement,
    CommunityEvent,
    Component,
    Draft,
    EventAnswer,
    InboxEvent,
    Meeting,
    Mission,
    MissionQuestion,
    OutboxMessage,
    Person,
    Post,
    Sector,
    Slot,
)
from storage.models.base import Base
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver, SlackPerson, TelegramPerson, WebPerson
from tests.standins.slack import SlackServer
from tests.standins.slack.state import BOT_USER_ID
from tests.standins.telegram import TelegramServer
from tests.standins.telegram.refusals import QUERY_TOO_OLD

NASTY = {
    "nul": "a\0b",
    "direction": "\u202egnp.exe\u2066 שלום",
    "long": "parola " * 700,
    "beyond the plane": "👩🏽\u200d🔬🧬" * 60,
    "markup": "<b>*_[`~|>#&amp;</b>](tg://user?id=1)",
    "mention": "<!channel> <@U0000BOT01> @here @everyone",
    "sql": "'; DROP TABLE people; -- \\",
    "blanks": " \n\t ",
    "unseen": "\u200b\u2060\ufeff",
    "half": "\ud83d",
    "slash": "/",
    "action": "event.rsvp:1:going",
    "combining": "Z" + "\u0301" * 200,
    "numbers": "٣٤٥ ½ ² 1e400",
}
"""Texts that have broken chat bots. Telegram's apps cut at 4,096 characters."""
FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _nothing_fails_inside(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No input makes the program log a fault of its own."""
    yield
    faults = [
        record
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.ERROR and record.name.split(".")[0] in {"bot", "handlers", "storage"}
    ]
    assert faults == [], [f"{record.getMessage()}: {record.exc_info}" for record in faults]


async def all_handled(community: CommunityUnderTest) -> None:
    """Nothing that came in waits for ever."""
    async with community.app.database.reading() as session:
        left = await session.execute(select(func.count()).where(InboxEvent.closed_at.is_(None)))
    assert left.scalar_one() == 0


async def writes(person: PersonDriver, text: str) -> None:
    """Write any text, also what the platform's own app would not let through."""
    match person:
        case TelegramPerson():
            message = {
                "message_id": 900_000,
                "date": 1_522_735_200,
                "chat": person.user.chat.api(),
                "from": person.user.account.api(),
                "text": text[:4096],
            }
            person.server.push_update({"message": message})
        case SlackPerson():
            await person.user.says(text)
        case WebPerson():
            await person.adapter.say(person.speaker, text, chat=person.account)


async def still_answers(person: PersonDriver) -> None:
    """The person is served as before."""
    await person.says("/aiuto")
    person.sees("/eventi" if person.community.platform is not Platform.SLACK else "eventi")


# Any text


async def test_any_words(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    stranger = await community.stranger("Charlie")
    await stranger.starts()
    for text in NASTY.values():
        await writes(marco, text)
        await writes(stranger, text)
    await community.settle()
    await still_answers(marco)
    await all_handled(community)
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Person))).scalar_one() == 1
    _nobody_is_mentioned(community)


def _nobody_is_mentioned(community: CommunityUnderTest) -> None:
    if isinstance(community.server, SlackServer):
        assert community.server.mentions == []


async def test_any_words_on_each_database(web_community: CommunityUnderTest) -> None:
    marco = await web_community.member("Marco Colombani")
    for text in NASTY.values():
        await writes(marco, text)
        for command in ("cerca", "search", "collega", "start", "annulla", "lingua"):
            await writes(marco, f"/{command} {text}")
    await web_community.settle()
    await still_answers(marco)
    await all_handled(web_community)


async def test_any_text_in_any_field(community: CommunityUnderTest) -> None:
    """Typed into every question of a form, and shown wherever the answer goes."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    for name, text in NASTY.items():
        await giulia.says("/nuovoevento")
        await _answers_everything_with(giulia, text)
        await giulia.says("/annulla")
        async with community.app.database.reading() as session:
            assert (await session.execute(select(func.count()).select_from(Draft))).scalar_one() == 0, name
    events = await _titles(community)
    assert {"'; DROP TABLE people; -- \\", NASTY["markup"], NASTY["mention"]} <= set(events)
    assert all(title.strip() and "\0" not in title and "\u202e" not in title for title in events)
    for title in (NASTY["markup"], NASTY["mention"]):
        marco.sees(title)
        assert any(title in text for text in community.channel_texts())
    _nobody_is_mentioned(community)
    await still_answers(marco)
    await all_handled(community)


async def _titles(community: CommunityUnderTest) -> list[str]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(CommunityEvent.title))).scalars())


MENDED = {"Inizio": "2018-04-19T17:30", "Fine": "2018-04-19T19:00"}


async def _answers_everything_with(giulia: PersonDriver, text: str) -> None:
    """Give this text wherever something is typed; then mend what must be a date or a number, and send."""
    if isinstance(giulia, TelegramPerson):
        for _ in range(40):
            if "È tutto giusto?" in giulia.last.text:
                await giulia.presses("Pubblica")
                return
            asked = giulia.last.text
            if "· Pagina web" in asked:
                await giulia.presses("Salta")
                continue
            await writes(giulia, text)
            await giulia.community.settle()
            if _question(giulia.last.text) != _question(asked):
                continue
            mended = next((answer for label, answer in MENDED.items() if f"· {label}" in giulia.last.text), None)
            if mended is not None:
                await giulia.says(mended)
            elif any("Salta" in one for one in giulia.last.buttons):
                await giulia.presses("Salta")
            else:
                return  # a text that answers nothing: the question stays
        raise AssertionError("the form does not end")
    typed: dict[str, str | list[str] | None] = dict.fromkeys(("Titolo", "Di che cosa si tratta?", "Dove?"), text)
    if isinstance(giulia, SlackPerson):
        # Slack's own client holds back what is longer than the input allows, or empty.
        typed = {"Titolo": text[:120], "Di che cosa si tratta?": text[:1500], "Dove?": text[:200]}
    await giulia.fills({**typed, **MENDED})


def _question(shown: str) -> str:
    return next((line for line in shown.splitlines() if " · " in line), shown)


FAR_AWAY = ("9999-12-31T23:59", "0001-01-01T00:00", "2020-04-04T09:00", "2018-03-25T02:30", "2018-04-31T09:00")
"""Wall times that no calendar reaches or shows."""


async def test_any_value_in_any_field_of_any_form(web_community: CommunityUnderTest) -> None:
    """Whatever a client hands in for a form: every form that opens by a command, every kind of value."""
    community = web_community
    owner = await community.member("Giulia Ferrandi", roles=(Role.OWNER, Role.STAFF))
    assert isinstance(owner, WebPerson)
    opened = 0
    for spec in REGISTRY.command_list():
        if not spec.opens_form:
            continue
        await owner.says(f"/{spec.key}")
        form = owner.window.form
        if form is None:
            continue
        opened += 1
        odd: list[Value] = [-1, 10**30, [], ["x", "\0"], {"reference": "x"}, {"a": {"b": 1}}, "0"]
        values = [*NASTY.values(), *FAR_AWAY, *odd]
        for value in values:
            await owner.adapter.submit(_handed_in(owner, form, value))
        await community.settle()
        await owner.says("/cancel")
    assert opened >= 3
    await still_answers(owner)
    await all_handled(community)


def _handed_in(person: WebPerson, form: Form, value: Value) -> dict[str, Any]:
    values: dict[str, Value] = {one.name: value for one in form.fields}
    values["unknown"] = value
    return form_payload(EventKind.SUBMIT, person.speaker, chat=person.account, form=form, values=values)


# Any action

WORDS = st.one_of(
    st.integers(-3, 3).map(str),
    st.integers(-(10**30), 10**30).map(str),
    st.sampled_from(["going", "it", "en", "200001", "999912", "000101", "20180419", "99991231T2359", "00010101T0000"]),
    st.text(max_size=12),
    st.sampled_from(list(NASTY.values())),
)
ACTIONS = st.one_of(
    st.builds(
        lambda verb, words: ":".join([verb, *words]),
        st.sampled_from(sorted(REGISTRY.actions)),
        st.lists(WORDS, max_size=6),
    ),
    st.text(min_size=1, max_size=80),
    st.sampled_from([":", "::::", "event.rsvp", "event.rsvp:1:going:more:more", "x" * 2000, "form.pick:1:0:0"]),
)


@given(actions=st.lists(ACTIONS, min_size=4, max_size=8))
@FEW
async def test_any_action(community: CommunityUnderTest, actions: list[str]) -> None:
    person = community.people[0] if community.people else await community.member("Giulia", roles=(Role.OWNER,))
    if not await _titles(community):
        await person.says("/nuovoevento")
        await person.fills({"Titolo": "Visita", "Dove?": "Bresso", **MENDED})
        await person.says("/nuovoevento")
    await community.at_once(*(person.slips_in(action) for action in actions if action.strip()))
    await all_handled(community)


async def test_calendar_pages_that_do_not_exist(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await giulia.says("/nuovoevento")
    for page in ("000101", "000112", "999912", "201813", "2018", "x", "201804"):
        await giulia.sends_action(f"form.month:1:4:{page}")
    for day in ("00010101", "00010101T0000", "99991231", "99991231T2359", "20180230", "20180325T0230", "T", ""):
        for position in (4, 5, 0, 99, -1):
            await giulia.sends_action(f"form.day:1:{position}:{day}")
    async with community.app.database.reading() as session:
        values = (await session.execute(select(Draft.values))).scalar_one()
    assert "starts" not in values
    assert "ends" not in values
    assert await _titles(community) == []


async def test_other_peoples_drafts(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await giulia.says("/nuovoevento")
    await giulia.closes({"Titolo": "Segreto"})
    before = await contents(community)
    for spec in REGISTRY.actions.values():
        if spec.verb.startswith("form."):
            words = ["1", *("0" for _ in spec.parameters[1:])]
            await marco.sends_action(":".join([spec.verb, *words]))
            marco.sees_nothing_of("Segreto")
    assert await contents(community) == before
    await giulia.says("/menu")
    await giulia.presses("Continua: Nuovo evento")
    await giulia.fills({"Dove?": "Bresso", **MENDED})
    assert await _titles(community) == ["Segreto"]


# Who may not


QUIET = frozenset({"inbox", "outbox", "accounts", "leases", "web_messages"})
"""What changes with every word that anybody writes."""


async def contents(community: CommunityUnderTest) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the store but that, table by table."""
    async with community.app.database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in await session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in QUIET
        }


@pytest.fixture
async def whole_community(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """A community with something in every table, on every platform in turn."""
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path) as opened:
        async with opened.app.database.writing() as session:
            await fill(session, codes=CodeKeeper())
        yield opened


async def test_outsiders_change_nothing(whole_community: CommunityUnderTest) -> None:
    """Every action and command that asks for more than somebody has, with arguments that would be right."""
    community = whole_community
    marco = await community.member("Marco Colombani")
    stranger = await community.stranger("Charlie")
    await stranger.starts()
    arguments = await plausible(community)
    before = await contents(community)
    tried: dict[str, int] = {}
    for person, may in ((marco, OPEN_TO_MEMBERS), (stranger, frozenset({Permission.ANYONE}))):
        forbidden = [spec for spec in REGISTRY.actions.values() if spec.permission not in may]
        actions = [_action(spec, arguments) for spec in forbidden]
        tried[person.name] = len(actions)
        for start in range(0, len(actions), 10):
            await community.at_once(*(person.slips_in(action) for action in actions[start : start + 10]))
        commands = [spec for spec in REGISTRY.command_list() if spec.permission not in may]
        for command in commands:
            await person.says(f"/{command.names[Locale.ITALIAN]}")
    assert min(tried.values()) >= 40, tried
    after = await contents(community)
    assert after.keys() == before.keys()
    for table, rows in after.items():
        assert rows == before[table], table
    marco.told("Questo può farlo solo la segreteria.")
    await all_handled(community)


OPEN_TO_MEMBERS = frozenset({Permission.ANYONE, Permission.PERSON, Permission.PARTICIPANT, Permission.MEMBER})


def _action(spec: ActionSpec, arguments: dict[str, int]) -> str:
    words = [spec.verb]
    for name, kind, _ in spec.parameters:
        if kind is int:
            words.append(str(arguments.get(f"{spec.verb.split('.')[0]}.{name}", arguments.get(name, 1))))
        elif kind is str:
            words.append("")
        else:
            words.append(str(next(iter(kind))))  # type: ignore[call-overload]  # a text enum, as the registry has checked
    return ":".join(words)


async def plausible(community: CommunityUnderTest) -> dict[str, int]:
    """Ids that exist, by the name of the action's argument: what a former member of the staff may remember."""
    async with community.app.database.reading() as session:

        async def one(statement: Any) -> int:
            return int((await session.execute(statement.limit(1))).scalar_one())

        proposed = select(CommunityEvent.id).order_by(CommunityEvent.status == EventStatus.PUBLISHED, CommunityEvent.id)
        waiting = select(Post.id).order_by(Post.status != PostStatus.PENDING, Post.id)
        return {
            "event_id": await one(proposed),
            "post_id": await one(waiting),
            "announcement": await one(select(Announcement.id)),
            "mission": await one(select(Mission.id)),
            "meeting": await one(select(Meeting.id)),
            "component": await one(select(Component.id)),
            "question_id": await one(select(MissionQuestion.id)),
            "sector_id": await one(select(Sector.id)),
            "slot": await one(select(Slot.id)),
            "person_id": await one(select(Person.id)),
            "page": 0,
        }


async def test_the_staffs_forms_handed_in_by_others(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco, stranger = await community.member("Marco Colombani"), await community.stranger("Charlie")
    match giulia:
        case WebPerson():
            await giulia.says("/nuovoevento")
            payload = giulia.payload_of({"Titolo": "Falso", "Dove?": "x", **MENDED})
            for thief in (marco, stranger):
                assert isinstance(thief, WebPerson)
                key = thief.account
                await thief.adapter.submit({**payload, "id": key, "user": key, "chat": key})
        case SlackPerson():
            await giulia.says("/nuovoevento")
            await giulia.fills({"Titolo": "Vero", "Dove?": "x", **MENDED})
            sent = giulia.delivery.payload
            for thief in (marco, stranger):
                forged = {**sent, "user": {**sent["user"], "id": thief.account}, "trigger_id": f"1.{thief.account}"}
                await giulia.server.deliver("interactive", forged)
        case TelegramPerson():
            await giulia.says("/nuovoevento")
            await giulia.closes({"Titolo": "Falso", "Dove?": "x", **MENDED, "Pagina web": None})
            for thief in (marco, stranger):
                if thief is stranger:
                    await thief.starts()
                await thief.sends_action("form.send:1")
    await community.settle()
    assert await _titles(community) == (["Vero"] if community.platform is Platform.SLACK else [])


# Any shape

SHAPES: list[Any] = [
    {},
    {"message": {}},
    {"message": None},
    {"message": "text"},
    {"message": {"chat": {"id": "x"}, "text": "ciao"}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 2**70, "type": "private"}, "from": {"id": 5}, "text": "x"}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": -5, "type": "group"}, "text": 7, "from": {"id": 5}}},
    {"callback_query": {"id": "1"}},
    {"callback_query": {"id": 1, "from": {"id": 5, "first_name": "A", "is_bot": False}, "data": ["a"]}},
    {"my_chat_member": {"chat": {"id": 1}, "from": {"id": 1}}},
    {"my_chat_member": {"chat": {"id": 1, "type": "private"}, "old_chat_member": [], "new_chat_member": 3}},
    {"edited_message": {"message_id": 1}},
    {"something_new": {"from": {"id": 3}, "deep": [[[[{}]]]]}},
    {"poll": {"id": "\0"}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 77, "type": "private"}, "from": {"id": 77}, "sticker": {}}},
]
EVENTS: list[Any] = [
    {"type": "message"},
    {"type": "message", "channel_type": "im", "channel": "D1", "user": 5, "text": "x"},
    {"type": "message", "channel_type": "im", "channel": "D1", "user": "U" + "X" * 300, "text": "ciao"},
    {"type": "message", "channel_type": "im", "channel": ["D"], "user": {"id": None}, "files": "none"},
    {"type": "app_mention", "user": "U1", "channel": "C1", "text": None},
    {"type": "app_home_opened", "tab": "home"},
    {"type": "member_joined_channel", "user": BOT_USER_ID, "channel": None},
    {"type": "something_new", "event": {"event": {}}},
    {"type": "message", "text": "\0", "user": "U\0", "channel": "D\0", "channel_type": "im", "bot_id": "B"},
]
INTERACTIONS: list[Any] = [
    {"type": "block_actions"},
    {"type": "block_actions", "user": {"id": "U1"}, "actions": []},
    {"type": "block_actions", "user": {"id": "U1"}, "actions": [{}], "channel": "C", "message": 3},
    {"type": "block_actions", "user": "U1", "actions": [{"action_id": 1, "value": {"x": 1}}], "view": "none"},
    {"type": "view_submission", "user": {"id": "U1"}, "view": {}},
    {"type": "view_submission", "user": {"id": "U1"}, "view": {"callback_id": "form", "private_metadata": "{"}},
    {
        "type": "view_closed",
        "user": {"id": "U1"},
        "view": {"callback_id": "form", "private_metadata": '{"form": "event.new", "context": 3}', "state": []},
    },
    {"type": "message_action", "callback_id": "share", "user": {"id": "U1"}, "message": []},
    {"type": "shortcut", "callback_id": "none", "user": {"id": "U1"}},
    {"type": "something_new"},
]
PAYLOADS: list[Any] = [
    {},
    {"type": "press"},
    {"type": "press", "action": 3, "message": None},
    {"type": "press", "action": "event.list", "message": "none"},
    {"type": "submit", "form": "event.new", "values": []},
    {"type": "submit", "form": "none", "values": {"x": {"y": [1]}}, "context": {"a": 1, "b": "\0"}},
    {"type": "submit", "form": "event.edit", "values": {}, "context": {"event": "x"}},
    {"type": "abandon", "form": "event.edit", "values": {"title": "\0"}, "context": {}},
    {"type": "file", "file": {"reference": "../../etc/passwd", "size": 1}},
    {"type": "file", "file": {"reference": "x", "size": -1}},
    {"type": "command", "command": "x" * 5000, "text": "\0"},
    {"type": "moved"},
    {"type": "something_new", "deep": [[[[{}]]]]},
    {"type": "text", "text": "ciao", "replied_text": 3, "locale": 5, "name": []},
]


async def test_any_shape(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    before = await contents(community)
    match community.server:
        case TelegramServer() as server:
            server.expects_refusal(QUERY_TOO_OLD)
            for shape in SHAPES:
                server.push_update(shape)
                await community.settle()
        case SlackServer() as server:
            for error in ("user_not_found", "channel_not_found"):
                server.expects_refusal(error)
            for event in EVENTS:
                await server.deliver("events_api", server.event_payload(event))
            for interaction in INTERACTIONS:
                await server.deliver("interactive", interaction)
            await server.deliver("slash_commands", {"command": "/cluster", "user_id": "", "text": "x"})
        case _:
            assert isinstance(marco, WebPerson)
            for number, payload in enumerate(PAYLOADS):
                who = {"user": marco.account, "chat": marco.account}
                await marco.adapter.submit({"id": f"shape-{number}", **who, **payload})
    await community.settle()
    assert await contents(community) == before
    await still_answers(marco)
    await all_handled(community)


# Words that mean nothing


@pytest.mark.parametrize("locale", list(Locale))
async def test_unknown_words_get_a_useful_answer(community: CommunityUnderTest, locale: Locale) -> None:
    marco = await community.member("Marco Colombani", locale=locale)
    t = marco.t
    await marco.says("/evento" if locale is Locale.ITALIAN else "/event")
    marco.sees(t("I don't know “{word}”.", word="evento" if locale is Locale.ITALIAN else "event"))
    await marco.presses("/eventi" if locale is Locale.ITALIAN else "/events")
    marco.sees(t("Upcoming events"))
    await marco.says("/qwertyuiop")
    marco.sees("qwertyuiop")
    await marco.presses(t("What can I do here?"))
    marco.sees("eventi" if locale is Locale.ITALIAN else "events")
    await marco.says("EVENTI")
    marco.sees(t("Upcoming events"))
    seen = len(marco.messages())
    await marco.says("non c'entra nulla, davvero")
    assert len(marco.messages()) > seen, "any words get an answer"


# What happens to honest people


async def test_blocked_and_back_again(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco, anna = await community.member("Marco Colombani"), await community.member("Anna Rossi")
    await _publishes(giulia, "Primo")
    marco.sees("Primo")
    await marco.blocks_bot()
    if isinstance(community.server, TelegramServer):
        community.server.expects_refusal("bot was blocked by the user")
    if isinstance(community.server, SlackServer):
        community.server.expects_refusal("channel_not_found")
    await _publishes(giulia, "Secondo")
    await anna.presses("Partecipo", within="Primo")
    await giulia.presses("Partecipo", within="Primo")
    assert not await reachable(community, marco)
    async with community.app.database.reading() as session:
        open_rows = select(func.count()).where(OutboxMessage.state.in_([OutboxState.QUEUED, OutboxState.SENDING]))
        assert (await session.execute(open_rows)).scalar_one() == 0, "nothing is tried for ever"
    anna.sees("Secondo")
    tried = await _rows_for(community, marco)
    await _publishes(giulia, "Terzo")
    assert await _rows_for(community, marco) == tried, "not even tried any more"

    await marco.unblocks_bot()
    await marco.says("/eventi")
    marco.sees("Prossimi eventi", "Secondo", "Terzo")
    assert await reachable(community, marco)
    await _publishes(giulia, "Quarto")
    marco.sees("Un nuovo evento in calendario", "Quarto")


async def _publishes(staff: PersonDriver, title: str) -> None:
    await staff.says("/nuovoevento")
    await staff.fills({"Titolo": title, "Dove?": "Bresso", **MENDED})


async def reachable(community: CommunityUnderTest, person: PersonDriver) -> bool:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Account.reachable).where(Account.person_id == person.id))).scalar_one()


async def _rows_for(community: CommunityUnderTest, person: PersonDriver) -> int:
    async with community.app.database.reading() as session:
        invitations = select(func.count()).where(OutboxMessage.kind == "event.invitation")
        return (await session.execute(invitations.where(OutboxMessage.person_id == person.id))).scalar_one()


@pytest.mark.parametrize("platform", [Platform.TELEGRAM, Platform.SLACK], ids=str, indirect=True)
async def test_thrown_out_of_the_channel(community: CommunityUnderTest) -> None:
    """Nobody can throw the bot out of its own page."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await _publishes(giulia, "Primo")
    assert "Primo" in community.channel_post("Primo").text
    match community.server:
        case TelegramServer() as server:
            community.telegram_group.kick_bot()
            server.expects_refusal("bot was kicked from the supergroup chat")
        case SlackServer() as server:
            server.archive(community.slack_channel)  # out of a public channel it would just go in again
            server.expects_refusal("is_archived")
            server.expects_refusal("is_inactive")
    await marco.presses("Partecipo", within="Primo")
    giulia.sees("Primo", "Partecipano: 1")
    await _publishes(giulia, "Secondo")
    marco.sees("Un nuovo evento in calendario", "Secondo")
    assert not any("Secondo" in text for text in community.channel_texts())
    async with community.app.database.reading() as session:
        failed = select(OutboxMessage.state).where(OutboxMessage.dedup_key.startswith("event-post:2"))
        assert (await session.execute(failed)).scalar_one() is OutboxState.FAILED

    match community.server:
        case TelegramServer():
            community.telegram_group.add_bot(admin=True)
        case SlackServer():
            community.slack_channel.archived = False
    await _publishes(giulia, "Terzo")
    assert "Terzo" in community.channel_post("Terzo").text


async def test_an_expired_button_still_works(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await _publishes(giulia, "Primo")
    match community.server:
        case TelegramServer() as server:
            expected = server.expects_refusal(QUERY_TOO_OLD)
            server.queries.lifetime = -1.0
            button = next(one for one in marco.last.buttons if "Partecipo" in one)
            assert isinstance(marco, TelegramPerson)
            marco.user.presses(button)
            await community.settle()
            assert expected.count == 1
        case SlackServer() as server:
            server.expects_refusal("expired_trigger_id")
            server.trigger_seconds = -1.0
            await marco.presses("Partecipo")
            await giulia.presses("Gestisci")
            await giulia.presses("Modifica")
            assert isinstance(giulia, SlackPerson)
            assert giulia.user.modal is None
            giulia.sees("Manca un passo: apri il modulo.")
            server.trigger_seconds = 3.0
            await giulia.presses("Apri il modulo")
            await giulia.fills({"Dove?": "Milano"})
            marco.sees("Primo", "Milano")
        case _:
            await community.later(days=7)
            await marco.presses("Partecipo")
    marco.sees("Primo", "✅ Partecipi")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(EventAnswer.person_id))).scalar_one() == marco.id


async def test_a_button_of_a_year_ago(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await _publishes(giulia, "Primo")
    await community.later(days=364)  # the web chat keeps its messages for a year
    await marco.presses("Partecipo")
    marco.told("già iniziato")
    await marco.sends_action("event.open:999999")
    marco.told("Questo evento non c'è più")
    await marco.sends_action("event.forgotten:1")
    marco.sees("Ecco il menu com'è oggi.")
    await marco.presses("Menu")
    marco.sees("Ciao Marco!")
    assert community.clock.now() - timedelta(days=363) > (await _created(community))


async def _created(community: CommunityUnderTest) -> Any:
    async with community.app.database.reading() as session:
        return (await session.execute(select(CommunityEvent.created_at))).scalar_one()


@pytest.mark.parametrize("platform", [Platform.TELEGRAM], ids=str, indirect=True)
async def test_the_pressed_message_is_gone(community: CommunityUnderTest) -> None:
    """Elsewhere nobody can press what they deleted."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await _publishes(giulia, "Primo")
    assert isinstance(marco, TelegramPerson)
    assert isinstance(community.server, TelegramServer)
    community.server.expects_refusal("message to edit not found")
    card = marco.user.last
    press = marco.user.sends_callback("event.rsvp:1:going", card)
    card.deleted = True
    await press.answer
    await community.settle()
    marco.sees("Primo", "✅ Partecipi")
