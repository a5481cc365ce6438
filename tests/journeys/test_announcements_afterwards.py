"""After it was sent: results and their export, corrections, withdrawal, confirmations, reminders, late joiners."""

import csv
import io
from datetime import timedelta

import pytest
import python_calamine
from sqlalchemy import func, select, update

from storage.enums import AnnouncementStatus, Locale, OutboxState, PersonStatus, Platform, Role
from storage.models import Account, CardCopy, ChannelMember, OutboxMessage, Person
from storage.queries import channel_members
from tests.journeys.announcing import PROMOTIONAL, allows_news, go_on, newest, refused, send, states, write
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.standins.slack import SlackServer
from tests.standins.telegram import TelegramServer

BOTH = pytest.mark.parametrize("locale", list(Locale))


# Results


@BOTH
async def test_results_say_why_and_are_handed_over_as_a_file(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("=cmd|' /C calc'!A0")
    bruno = await community.member("Bruno")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await go_on(giulia)
    await giulia.sends_action(f"announce.confirm:{row.id}")
    # After the count, so that it is the platform that says so.
    if isinstance(community.server, TelegramServer):
        community.server.expects_refusal("bot was blocked by the user")
        bruno.user.blocks_bot()  # type: ignore[attr-defined]  # on Telegram
    elif isinstance(community.server, SlackServer):
        community.server.expects_refusal("channel_not_found")
        await bruno.user.deactivates()  # type: ignore[attr-defined]  # on Slack
    else:
        await bruno.blocks_bot()
    await community.settle()
    async with community.app.database.writing() as session:
        await session.execute(update(Account).values(reachable=True))
    await giulia.presses(t.n("Send to {n} person", "Send to {n} people", 3))
    await community.later(seconds=5)
    await giulia.presses(t("Results"))
    why = t("not found on the platform") if community.platform is Platform.SLACK else t("blocked the bot")
    giulia.sees("Bruno", why)
    for nosy in (anna, outsider):
        await refused(f"announce.results:{row.id}", nosy)
        await refused(f"announce.export:{row.id}:csv", nosy)
        assert not any(message.files for message in nosy.messages())
    await giulia.presses(t("as CSV"))
    await community.tick()
    table = list(csv.reader(io.StringIO((await giulia.downloads()).decode("utf-8-sig"))))
    assert table[0][:4] == [t("Name"), t("Organisation"), t("Platform"), t("Result")]
    names = {line[0]: line[3] for line in table[1:]}
    assert names["'=cmd|' /C calc'!A0"] == t("Arrived"), "no formula"
    assert len(table) == 1 + 3
    await giulia.presses(t("All results as XLSX"))
    await community.later(seconds=11)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(await giulia.downloads()))
    cells = book.get_sheet_by_index(0).to_python()
    assert {str(line[0]) for line in cells[1:]} >= {"=cmd|' /C calc'!A0", "Giulia"}


async def test_what_is_unclear_is_sent_again_only_after_asking(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    row = await write(giulia)
    await send(giulia, 2)
    async with web_community.app.database.writing() as session:
        await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.announcement_id == row.id, OutboxMessage.person_id == anna.id)
            .values(state=OutboxState.UNCERTAIN)
        )
    await giulia.sends_action(f"announce.results:{row.id}")
    await giulia.presses("Rimanda a questa persona")
    giulia.sees("Lo rimando?", "1 persona forse ce l'ha già")
    assert anna.count("Sede chiusa") == 1
    await giulia.presses("Sì, rimandalo")
    await web_community.later(seconds=5)
    assert anna.count("Sede chiusa") == 2
    await web_community.later(seconds=5)
    assert (await newest(web_community)).status is AnnouncementStatus.DONE


# Corrections


@BOTH
async def test_a_correction_takes_the_place_of_what_was_sent(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("Anna")
    john = await community.member("John", locale=Locale.ENGLISH)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await giulia.presses(t("Options"))
    await giulia.presses(t("Ask, don't remind"))
    await giulia.presses(t("Back to the audience"))
    await send(giulia, 3)
    await john.presses(john.t("✓ I have read it"))
    john.sees(john.t("✓ You have confirmed that you read it."))
    for nosy in (anna, outsider):
        await nosy.sends_action(f"announce.correct:{row.id}")
        assert (await newest(community)).version == 0
    messages = len(anna.messages())
    await giulia.presses(t("Correct"), within=t("All sent."))
    await giulia.fills({t("Text in Italian"): "Torniamo martedì.", t("Text in English"): "We are back on Tuesday."})
    await community.later(seconds=5)
    await community.later(seconds=5)
    anna.sees("Sede chiusa", "Torniamo martedì.", anna.t("Corrected on {when}.", when="3 apr 2018, 09:00"))
    anna.sees_nothing_of("Torniamo lunedì.")
    assert len(anna.messages()) == messages, "nobody gets a second message"
    john.sees("We are back on Tuesday.")
    john.sees(john.t("Corrected: {title}", title="Sede chiusa EN"))
    assert john.count("Torniamo lunedì. EN") == 0
    anna.sees_nothing_of(anna.t("Corrected: {title}", title="Sede chiusa"))
    giulia.sees(t.n("Corrected in {n} message.", "Corrected in {n} messages.", 3))
    assert await states(community, row.id) == {OutboxState.SENT: 3}, "a correction is no recipient"


async def test_a_correction_on_the_way_reaches_the_rest_with_the_right_text(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    row = await write(giulia)
    for sender in web_community.app.senders.values():
        sender.holds_lease = False
    await giulia._sends_action(f"announce.send:{row.id}:2")
    await giulia._sends_action(f"announce.correct:{row.id}")
    await web_community.settle()
    await giulia.fills({"Testo in italiano": "Torniamo martedì."})
    for sender in web_community.app.senders.values():
        sender.holds_lease = True
        sender.wake()
    await web_community.later(seconds=5)
    assert (anna.count("Torniamo martedì."), anna.count("Torniamo lunedì.")) == (1, 0)


async def test_the_same_text_again_corrects_nothing(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    row = await write(giulia)
    await send(giulia, 1)
    await giulia.sends_action(f"announce.correct:{row.id}")
    await giulia.fills({})
    assert (await newest(web_community)).version == 0
    await giulia.sends_action(f"announce.correct:{row.id}")
    await giulia.fills({"Titolo in italiano": "", "Testo in italiano": ""})
    assert giulia.errors
    assert (await newest(web_community)).version == 0


@BOTH
async def test_withdrawn_it_is_deleted_everywhere(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("Anna")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await send(giulia, 2)
    for nosy in (anna, outsider):
        await nosy.sends_action(f"announce.remove:{row.id}")
    assert (await newest(community)).status is AnnouncementStatus.DONE
    assert anna.count("Sede chiusa") == 1
    await giulia.presses(t("Withdraw it"), within=t("All sent."))
    giulia.sees(t("Withdraw it?"), "2")
    await giulia.presses(t("Yes, withdraw it"))
    await giulia.sends_action(f"announce.remove:{row.id}")
    await community.later(seconds=5)
    await community.later(seconds=5)
    anna.sees_nothing_of("Sede chiusa")
    await giulia.presses(t("Look again"))
    giulia.sees(t("Withdrawn: {title}", title=t.of(row, "title")), f"{t('Deleted')}: 2")
    await anna.sends_action(f"announce.read:{row.id}")
    anna.sees_nothing_of("Torniamo lunedì.")


async def test_what_is_too_old_to_be_deleted_says_that_it_was_withdrawn(
    telegram_community: CommunityUnderTest,
) -> None:
    giulia = await telegram_community.member("Giulia", roles=(Role.STAFF,))
    anna = await telegram_community.member("Anna")
    row = await write(giulia)
    await send(giulia, 2)
    await telegram_community.later(hours=49)
    await giulia.sends_action(f"announce.withdraw:{row.id}")
    giulia.sees("2 ce l'hanno su Telegram da più di 48 ore")
    await giulia.presses("Sì, ritiralo")
    await telegram_community.later(seconds=5)
    await telegram_community.later(seconds=5)
    anna.sees("Questo annuncio è stato ritirato.")
    anna.sees_nothing_of("Torniamo lunedì.")
    await giulia.presses("Guarda di nuovo")
    giulia.sees("Non cancellati: su Telegram da più di 48 ore: 2")


# Confirmations and reminders


@BOTH
async def test_readers_confirm_and_the_others_are_reminded(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("Anna", locale=locale)
    bruno = await community.member("Bruno", locale=locale)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await giulia.sends_action(f"announce.options:{row.id}")
    await giulia.presses(t("Ask, remind after {hours} h", hours="24"))
    giulia.sees(t("asked for; a reminder after {hours} hours", hours="24"))
    await giulia.presses(t("Back to the audience"))
    await send(giulia, 3)
    await anna.presses(t("✓ I have read it"))
    anna.sees(t("✓ You have confirmed that you read it."))
    await anna.sends_action(f"announce.ack:{row.id}")
    await outsider.sends_action(f"announce.ack:{row.id}")
    await giulia.presses(t("Who has not confirmed"))
    giulia.sees(f"{t('Have confirmed')}: 1", f"{t('Have not')}: 2", "Bruno")
    for nosy in (bruno, outsider):
        await refused(f"announce.unread:{row.id}", nosy)
        await refused(f"announce.chase:{row.id}:0", nosy)
    await giulia.presses(t.n("Remind {n} person", "Remind {n} people", 2))
    await giulia.sends_action(f"announce.chase:{row.id}:0")
    await community.tick()
    reminder = t("Have you read this? The office would like to know.")
    assert (anna.count(reminder), bruno.count(reminder)) == (0, 1)
    await bruno.presses(t("✓ I have read it"), within=reminder)
    await community.later(days=2)
    async with community.app.database.reading() as session:
        kinds = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "announcement_chase")
        assert (await session.execute(kinds)).scalar_one() == 2, "a press counts as the one reminder"


async def test_the_bot_reminds_once_by_itself_and_staff_thrice_at_most(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    row = await write(giulia)
    await giulia.sends_action(f"announce.confirmation:{row.id}:48")
    await giulia.sends_action(f"announce.send:{row.id}:2")
    await web_community.later(seconds=5)
    reminder = "L'hai letto? La segreteria vorrebbe saperlo."
    await web_community.later(hours=47)
    assert anna.count(reminder) == 0
    for _ in range(3):
        await web_community.later(days=1)
    assert anna.count(reminder) == 1
    for seen in (1, 2):
        await giulia.sends_action(f"announce.chase:{row.id}:{seen}")
        await web_community.later(days=1)
    assert anna.count(reminder) == 3
    await giulia.sends_action(f"announce.chase:{row.id}:3")
    giulia.told("Forse una telefonata serve di più.")
    await web_community.later(days=3)
    assert anna.count(reminder) == 3
    await giulia.sends_action(f"announce.confirmation:{row.id}:5")
    giulia.told("È già stato inviato.")


# Topics, late joiners


@BOTH
async def test_promotional_news_is_turned_down_by_topic_or_altogether(
    community: CommunityUnderTest, locale: Locale
) -> None:
    await community.topics()
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("Anna", locale=locale)
    bruno = await community.member("Bruno", locale=locale)
    await allows_news(community, anna, bruno)
    t = giulia.t
    funding = "Bandi" if locale is Locale.ITALIAN else "Funding"
    training = "Formazione" if locale is Locale.ITALIAN else "Training"
    await write(giulia, kind=PROMOTIONAL, topic=funding)
    await send(giulia, 2)
    await anna.presses(t("No more about: {topic}", topic=funding))
    anna.sees(t("Done: no more promotional news about {topic}.", topic=funding))
    await bruno.presses(t("No more news like this"))
    await write(giulia, title="Secondo", kind=PROMOTIONAL, topic=training)
    await send(giulia, 1)
    assert (anna.count("Secondo"), bruno.count("Secondo")) == (1, 0)
    row = await write(giulia, title="Terzo", kind=PROMOTIONAL, topic=funding)
    await go_on(giulia)
    giulia.sees(t("Nobody would get it. Please choose another audience."))
    assert row.id
    await write(giulia, title="Quarto")
    await send(giulia, 3)
    assert (anna.count("Quarto"), bruno.count("Quarto")) == (1, 1), "service messages are exempt"
    await anna.says("/topics")
    await anna.presses(f"{funding}: {t('not at all')}")
    anna.button(f"{funding}: {t('at once')}")


async def test_those_who_join_later_get_what_still_matters(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    t = giulia.t
    row = await write(giulia)
    await giulia.sends_action(f"announce.options:{row.id}")
    await giulia.presses(t("Also for those who join later"))
    until = {Platform.SLACK: "2018-04-10", Platform.TELEGRAM: "10 aprile", Platform.WEB: "2018-04-10T00:00"}
    await giulia.fills({"Fino a": until[community.platform]})
    await giulia.presses(t("Back to the audience"))
    await send(giulia, 1)
    assert (await newest(community)).status is AnnouncementStatus.DONE
    await community.later(days=1)
    anna = await joins(community, "Anna")
    await community.later(minutes=1)
    assert anna.count("Sede chiusa") == 1
    await community.later(minutes=1)
    await community.later(minutes=1)
    assert anna.count("Sede chiusa") == 1
    assert (await newest(community)).recipients == 2
    assert (await newest(community)).status is AnnouncementStatus.DONE
    await community.later(days=8)
    bruno = await joins(community, "Bruno")
    await community.later(minutes=1)
    assert bruno.count("Sede chiusa") == 0


async def joins(community: CommunityUnderTest, name: str) -> PersonDriver:
    """Somebody becomes a member now."""
    who = await community.member(name, status=PersonStatus.MEMBER)
    async with community.app.database.writing() as session:
        person = await session.get_one(Person, who.id)
        person.joined_at = community.clock.now() - timedelta(seconds=1)
    return who


# The channel


async def test_in_the_channel_too_and_corrected_there(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    t = giulia.t
    row = await write(giulia)
    await giulia.sends_action(f"announce.options:{row.id}")
    await giulia.presses(t("Channel and everybody"))
    await giulia.presses(t("Back to the audience"))
    await send(giulia, 2)
    assert sum("Torniamo lunedì." in text for text in community.channel_texts()) == 1
    assert anna.count("Sede chiusa") == 1
    await giulia.sends_action(f"announce.correct:{row.id}")
    await giulia.fills({t("Text in Italian"): "Torniamo martedì."})
    await community.later(seconds=5)
    await community.later(seconds=5)
    assert "Torniamo martedì." in community.channel_post("Sede chiusa").text
    async with community.app.database.reading() as session:
        copies = (await session.execute(select(CardCopy).where(CardCopy.card == f"announced:{row.id}"))).scalars().all()
    assert len(copies) == 3


async def test_the_channel_or_directly_and_not_both(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    bruno = await community.member("Bruno")
    if isinstance(community.server, TelegramServer):
        community.telegram_group.joins(anna.user)  # type: ignore[attr-defined]  # on Telegram
    elif isinstance(community.server, SlackServer):
        community.slack_channel.members.add(anna.account)
    await community.tick()
    t = giulia.t
    row = await write(giulia)
    await giulia.sends_action(f"announce.options:{row.id}")
    await giulia.presses(t("Channel, or directly"))
    await giulia.presses(t("Back to the audience"))
    if community.platform is Platform.WEB:
        giulia.sees("3 lo leggono nel canale", "Lo riceveranno 0 persone.")
        await go_on(giulia)
        await giulia.presses("Invia solo nel canale")
        await community.later(seconds=5)
        assert sum("Torniamo lunedì." in text for text in community.channel_texts()) == 1
        assert anna.count("Sede chiusa") == 0
        assert (await newest(community)).status is AnnouncementStatus.DONE
        return
    giulia.sees("1 lo legge nel canale", "Lo riceveranno 2 persone.")
    await send(giulia, 2)
    assert sum("Torniamo lunedì." in text for text in community.channel_texts()) == 1
    assert (anna.count("Sede chiusa"), bruno.count("Sede chiusa")) == (0, 1)
    # What is known grows old: then it is rather both than neither.
    async with community.app.database.writing() as session:
        await session.execute(update(ChannelMember).values(seen_at=community.clock.now() - timedelta(days=3)))
        await channel_members.forget_stale(session, community.clock.now() - timedelta(days=2))
    await write(giulia, title="Riapriamo")
    row = await newest(community)
    await giulia.sends_action(f"announce.channel:{row.id}:instead")
    await giulia.presses(t("Back to the audience"))
    giulia.sees("Lo riceveranno 3 persone.")


async def test_what_somebody_wants_in_the_digest_comes_with_it(web_community: CommunityUnderTest) -> None:
    await web_community.topics()
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    bruno = await web_community.member("Bruno")
    carla = await web_community.member("Carla")
    await allows_news(web_community, anna, bruno, carla)
    await anna.says("/riepilogo")
    await carla.says("/riepilogo")
    await anna.sends_action("announce.level:funding:digest")
    await carla.sends_action("announce.level:funding:muted")
    await write(giulia, kind=PROMOTIONAL, topic="Bandi")
    await send(giulia, 1)
    assert (anna.count("Sede chiusa"), bruno.count("Sede chiusa")) == (0, 1)
    await web_community.later(days=8)
    assert anna.count("Sede chiusa") == 1
    assert carla.count("Sede chiusa") == 0
