"""Writing down who decided what about whom, and why. The log is only added to."""

from handlers.conversation.context import ReadContext
from storage.enums import SubjectKind
from storage.models import AuditEntry


def record(ctx: ReadContext, action: str, kind: SubjectKind, subject_id: int, reason: str = "") -> None:
    """Write down a decision in the transaction of its effect; without a person it was the program's.

    Args:
        ctx: who decides, and when.
        action: the verb, as ``role.give``; at most 80 characters.
        kind: about what sort of thing.
        subject_id: about which.
        reason: in the words of who decided.
    """
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.person.id if ctx.person else None,
            action=action,
            subject_kind=kind,
            subject_id=subject_id,
            reason=reason,
        )
    )
