"""A community on Telegram and Slack at once, and people who use both as one person."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from bot.app import Application
from bot.config import Settings
from bot.platforms.slack.adapter import SlackAdapter
from handlers.conversation.clock import MovableClock
from storage.enums import Locale, Platform
from tests.journeys.community import NO_LIMITS, NO_PACE, SIGNING_SECRET, START, CommunityUnderTest
from tests.journeys.people import PersonDriver, SlackPerson
from tests.standins.slack import SlackServer
from tests.standins.telegram import TelegramServer


class TwoPlatformCommunity(CommunityUnderTest):
    """The program before both stand-ins. Who joins does so on Telegram; :meth:`on_slack` is somebody in Slack."""

    def __init__(
        self, clock: MovableClock, telegram: TelegramServer, slack: SlackServer, settings: Settings, folder: Path
    ) -> None:
        self.slack = slack
        super().__init__(Platform.TELEGRAM, clock, telegram, settings, folder)

    @classmethod
    @asynccontextmanager
    async def on_both(cls, database_url: str, folder: Path) -> AsyncIterator[Self]:
        """Start the program on both platforms."""
        async with TelegramServer() as telegram, SlackServer(signing_secret=SIGNING_SECRET) as slack:
            given = {"database": {"url": database_url}, "delivery": NO_PACE, "limits": NO_LIMITS}
            settings = Settings.model_validate(given)
            community = cls(MovableClock(START), telegram, slack, settings, folder)
            try:
                await community.starts()
                yield community
                await community.settle()
            finally:
                await community.app.stop()
            for server in (telegram, slack):
                refused = [one for one in server.violations if "message is not modified" not in one]
                assert refused == [], refused

    def _program(self) -> Application:
        app = super()._program()
        app.adapters.append(
            SlackAdapter(
                bot_token=self.slack.bot_token,
                app_token=self.slack.app_token,
                mode="socket",
                api_base_url=self.slack.api_base_url,
                slash_command=self.slash_command,
                fetch=app.fetch_file,
                now=self.clock.now,
            )
        )
        return app

    async def starts(self) -> None:
        await super().starts()
        await self.until(lambda: all(adapter.healthy for adapter in self.app.adapters), 10)

    @property
    def _slack_adapter(self) -> SlackAdapter:
        adapter = self.app.adapters[1]
        assert isinstance(adapter, SlackAdapter)
        return adapter

    def on_slack(self, name: str, *, locale: Locale = Locale.ITALIAN) -> SlackPerson:
        """Somebody in Slack whom the bot has never met."""
        person = SlackPerson(self, name, locale, self._slack_adapter, self.slack)
        self.people.append(person)
        return person

    async def links(self, person: PersonDriver) -> SlackPerson:
        """The same person on Slack: with the code that the bot gives them on Telegram, written there."""
        await person.says("/link")
        found = re.search(r"link ([A-Z0-9]{8})", person.last.text)
        assert found is not None, person.last.text
        other = self.on_slack(person.name, locale=person.locale)
        await other.says(f"/link {found[1]}")
        await other.presses(person.t("Yes, that's me"))
        other.sees(person.t("✓ {platform} is now linked to your profile.", platform="Slack"))
        other.id = person.id
        return other
