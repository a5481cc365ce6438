"""What journeys of announcements have in common: writing one, and looking at what the store says of it."""

from sqlalchemy import func, select

from storage.enums import Locale, OutboxState, Platform
from storage.models import Account, Announcement, Consent, OutboxMessage
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

SERVICE = "Service: what members need to know"
PROMOTIONAL = "Promotional: only those who said yes to news"


async def write(
    who: PersonDriver, title: str = "Sede chiusa", text: str = "Torniamo lunedì.", *, topic: str = "",
    kind: str = SERVICE, english: bool = True,
) -> Announcement:  # fmt: skip
    """Write one in both languages; it ends on the screen of the audience."""
    t = who.t
    await who.says("/announce")
    answers: dict[str, str | list[str] | None] = {t("Title in Italian"): title, t("Text in Italian"): text}
    if english:
        answers |= {t("Title in English"): f"{title} EN", t("Text in English"): f"{text} EN"}
    answers[t("Kind of message")] = t(kind)
    if topic:
        answers[t("Topic")] = topic
    await who.fills(answers)
    who.sees(t("Who gets it?"), title)
    return await newest(who.community)


async def newest(community: CommunityUnderTest) -> Announcement:
    """The announcement that was written last."""
    async with community.app.database.reading() as session:
        return (await session.execute(select(Announcement).order_by(Announcement.id.desc()).limit(1))).scalar_one()


async def go_on(who: PersonDriver) -> None:
    """From the audience over the preview to the last question."""
    await who.presses(who.t("Preview"))
    await who.presses(who.t("Go on"))


async def send(who: PersonDriver, people: int) -> None:
    """Confirm it for so many people, and let the ticks run."""
    await go_on(who)
    await who.presses(who.t.n("Send to {n} person", "Send to {n} people", people))
    await who.community.later(seconds=5)


async def states(community: CommunityUnderTest, announcement: int) -> dict[OutboxState, int]:
    """How its recipients stand."""
    async with community.app.database.reading() as session:
        found = await session.execute(
            select(OutboxMessage.state, func.count())
            .where(OutboxMessage.announcement_id == announcement)
            .group_by(OutboxMessage.state)
        )
        return {OutboxState(state): number for state, number in found}


async def allows_news(community: CommunityUnderTest, *people: PersonDriver) -> None:
    """They say yes to promotional news."""
    async with community.app.database.writing() as session:
        session.add_all(
            Consent(
                person_id=one.id, purpose="news", given=True, text_version="1", locale=Locale.ITALIAN,
                platform=Platform.WEB, at=community.clock.now(),
            )
            for one in people
        )  # fmt: skip


async def unreachable(community: CommunityUnderTest, who: PersonDriver) -> None:
    """Their platform says that they are not to be reached."""
    async with community.app.database.writing() as session:
        account = (await session.execute(select(Account).where(Account.person_id == who.id))).scalar_one()
        account.reachable = False


async def refused(action: str, *nosy: PersonDriver) -> None:
    """Neither a member nor an outsider gets anything by pressing this; members are told why."""
    for one in nosy:
        before = [message.text for message in one.messages()]
        await one.sends_action(action)
        new = [message.text for message in one.messages() if message.text not in before]
        assert not any("Sede chiusa" in text for text in [*new, one.toast]), f"{one.name} got through with {action}"
        if one.id:
            one.told(one.t("Only the staff can do this."))
