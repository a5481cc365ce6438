"""Codes as they come in buttons, links and typed words."""

from handlers.conversation.codes import tidy

MAX_CODE = 24
"""Characters of a typed code that are looked at; it must fit into a button."""


def code_word(text: str) -> str:
    """A code in its one form; empty when it cannot be one."""
    code = tidy(text)[:MAX_CODE]
    return code if code.isalnum() and code.isascii() else ""
