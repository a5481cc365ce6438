"""What is wrong with an installation, and how to mend it: ``await check(settings)``.

Every check only asks: nothing is made, sent or registered, neither here nor on a platform, so that a running bot can be
checked as well. No finding holds a token or a password.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from urllib.parse import urlsplit

from bot.checkup.finding import Finding, Level, error, ok, warning
from bot.checkup.keys import check_code_key
from bot.checkup.mail import check_mail
from bot.checkup.slack import check_slack
from bot.checkup.store import check_store
from bot.checkup.telegram import check_telegram
from bot.config import Settings

__all__ = ["Finding", "Level", "check"]

PLATFORM_SECONDS = 20.0
"""How long one platform may take over all its questions."""
PLACEHOLDER_HOSTS = (".example", "example.org", "example.com")


async def check(settings: Settings) -> list[Finding]:
    """Look at everything; the findings come in a fixed order, database first."""
    store, telegram, slack, mail = await asyncio.gather(
        check_store(settings.database),
        _in_time("Telegram", check_telegram(settings)),
        _in_time("Slack", check_slack(settings)),
        _in_time("The mail server", check_mail(settings.mail)),
    )
    return [
        *store,
        *_platforms(settings),
        *telegram,
        *slack,
        *mail,
        *_web(settings),
        *_community(settings),
        *check_code_key(settings),
    ]


async def _in_time(name: str, work: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        async with asyncio.timeout(PLATFORM_SECONDS):
            return await work
    except TimeoutError:
        what = f"{name} does not answer within {PLATFORM_SECONDS:g} s."
        return [error(what, "Check the network, a proxy or firewall between, and api_base_url.")]


def _platforms(settings: Settings) -> list[Finding]:
    if settings.telegram.token.get_secret_value() or settings.slack.bot_token.get_secret_value():
        return []
    return [
        warning(
            "No platform is configured: only the demo makes sense.",
            "Set [telegram] token or [slack] bot_token; `community-bot demo` needs neither.",
        )
    ]


def _web(settings: Settings) -> Sequence[Finding]:
    web, found = settings.web, []
    if web.public_url:
        parts = urlsplit(web.public_url)
        if parts.username or parts.query or parts.fragment:
            found.append(
                error(
                    "[web] public_url holds more than an address.",
                    "Leave out user names, ? and #, like https://bot.example.org, with a path where one is needed.",
                )
            )
        elif parts.scheme != "https":
            found.append(
                warning(
                    "[web] public_url does not begin with https://.",
                    "Telegram and Slack post to https addresses only.",
                )
            )
        else:
            found.append(ok(f"The outside reaches the bot at {web.public_url}"))
    if web.allow_remote_demo:
        found.append(
            warning(
                "[web] allow_remote_demo is on: whoever reaches the demo can act as any of its members.",
                "Set it to false unless the machine is in a closed network.",
            )
        )
    return found


def _community(settings: Settings) -> Sequence[Finding]:
    live = settings.telegram.token.get_secret_value() or settings.slack.bot_token.get_secret_value()
    host = settings.community.contact.rpartition("@")[2].lower()
    if live and (not host or host.endswith(PLACEHOLDER_HOSTS)):
        return [
            warning(
                "The privacy notice names a contact that does not exist.",
                "Set [community] contact to an address that somebody reads, and controller to who is responsible.",
            )
        ]
    return []
