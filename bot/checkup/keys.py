"""Whether codes are kept under a key that all processes share."""

from sqlalchemy.engine import make_url

from bot.checkup.finding import Finding, warning
from bot.code_key import key_file
from bot.config import Settings


def check_code_key(settings: Settings) -> list[Finding]:
    """With PostgreSQL several processes may share the work; each would make a key of its own. The file is not made."""
    if settings.security.code_key.get_secret_value() or make_url(settings.database.url).get_backend_name() == "sqlite":
        return []
    return [
        warning(
            f"The key for codes is kept in {key_file(settings)}: other processes on the same database have another.",
            "Set [security] code_key to the same value for all of them, at least 32 characters.",
        )
    ]
