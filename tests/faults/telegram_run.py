"""What the tests that kill or stop the program on Telegram share: its settings, when it is done, what arrived."""

from collections import defaultdict

from tests.faults.town import CODE_KEY, Town
from tests.standins.telegram import TelegramServer

SETTLE_SECONDS = 60.0


def settings(server: TelegramServer, database_url: str) -> dict[str, str]:
    """The program without pace limits: what is killed is to be in the midst of work."""
    return {
        "DATABASE__URL": database_url,
        "SECURITY__CODE_KEY": CODE_KEY,
        "LIMITS__EVENTS_IN_TEN_SECONDS": "0",
        "LIMITS__EVENTS_IN_A_MINUTE": "0",
        "TELEGRAM__TOKEN": server.token,
        "TELEGRAM__API_BASE_URL": server.base_url,
        "WEB__PORT": "0",
        "DELIVERY__LEASE_SECONDS": "1",
        "DELIVERY__TELEGRAM_PER_SECOND": "0",
        "DELIVERY__TELEGRAM_CHAT_SECONDS": "0",
    }


async def settled(server: TelegramServer, town: Town, seconds: float = SETTLE_SECONDS) -> None:
    """Wait until all that people did has come in, is handled, and all that is due was sent."""
    await server.wait_for(lambda: not server.updates.has_unconfirmed, timeout=seconds)
    await town.settled(seconds)


def times_sent(server: TelegramServer) -> dict[tuple[str, str], list[float]]:
    """When each text was accepted for each chat."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for chat in server.state.chats.values():
        for message in chat.visible():
            if message.is_from_bot:
                found[str(chat.id), message.text].append(message.sent_at)
    return found
