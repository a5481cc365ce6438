"""Changes of the lists, each in the audit log."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.vocabulary.rules import key_for, moved
from storage.enums import PartneringProfile, SubjectKind
from storage.models import AuditEntry, PostKind
from storage.queries import vocabulary
from storage.queries.vocabulary import MODELS, Entry, Vocabulary


async def found(ctx: ReadContext, which: Vocabulary, entry_id: int) -> Entry:
    """One line of a list.

    Raises:
        Refusal: there is none.
    """
    row = await vocabulary.entry(ctx.session, which, entry_id)
    if row is None:
        raise Refusal(ctx.t("This is no longer in the list."))
    return row


def audit(ctx: Context, action: str, which: Vocabulary, row: Entry) -> None:
    """Who changed what; the list is named in the action, since its lines have no kind of subject of their own."""
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action=f"{which.value}.{action}",
            subject_kind=SubjectKind.VOCABULARY,
            subject_id=row.id,
        )
    )


async def _refuse_double(ctx: Context, which: Vocabulary, italian: str, english: str, *, but: int) -> None:
    for other in await vocabulary.entries(ctx.session, which):
        same = {other.name_it.casefold(), other.name_en.casefold()} & {italian.casefold(), english.casefold()}
        if other.id != but and same:
            name = ctx.t.of(other, "name")
            raise Refusal(ctx.t("{name} is in the list already; if it is retired, take it up again.", name=name))


async def add(
    ctx: Context, which: Vocabulary, italian: str, english: str, *, deadline: bool = False, months: int = 0
) -> Entry:
    """A new line, at the end. The last two are for kinds of post: see :class:`~storage.models.PostKind`.

    Raises:
        Refusal: the list has one of that name.
    """
    rows = await vocabulary.held(ctx.session, which)
    await _refuse_double(ctx, which, italian, english, but=0)
    keys = {one.key for one in await vocabulary.entries(ctx.session, which)}
    row = MODELS[which](
        key=key_for(english, keys),
        name_it=italian,
        name_en=english,
        position=max((one.position for one in rows), default=-1) + 1,
        active=True,
    )
    if isinstance(row, PostKind):
        row.has_deadline, row.valid_months = deadline, months
    ctx.session.add(row)
    await ctx.session.flush()
    audit(ctx, "new", which, row)
    return row


async def rename(ctx: Context, which: Vocabulary, entry_id: int, italian: str, english: str) -> Entry:
    """Other names. The key stays: everything that names the line goes on doing so.

    Raises:
        Refusal: it is gone, or another one is called so.
    """
    row = await found(ctx, which, entry_id)
    await _refuse_double(ctx, which, italian, english, but=row.id)
    row.name_it, row.name_en = italian, english
    audit(ctx, "rename", which, row)
    await ctx.session.flush()
    return row


async def set_months(ctx: Context, kind_id: int, months: int) -> None:
    """For how many months posts of a kind hold; those that are published keep their date.

    Raises:
        Refusal: there is no such kind.
    """
    row = await found(ctx, Vocabulary.KINDS, kind_id)
    if isinstance(row, PostKind) and row.valid_months != months:
        row.valid_months = months
        audit(ctx, "months", Vocabulary.KINDS, row)
        await ctx.session.flush()


async def set_profile(ctx: Context, kind_id: int, profile: PartneringProfile | None) -> None:
    """As what posts of a kind go to the Enterprise Europe Network, from the next file on.

    Raises:
        Refusal: there is no such kind.
    """
    row = await found(ctx, Vocabulary.KINDS, kind_id)
    if isinstance(row, PostKind) and row.profile is not profile:
        row.profile = profile
        audit(ctx, "profile", Vocabulary.KINDS, row)
        await ctx.session.flush()


async def move(ctx: Context, which: Vocabulary, entry_id: int, by: int) -> Entry:
    """One place up or down."""
    rows = await vocabulary.held(ctx.session, which)
    row = await found(ctx, which, entry_id)
    if row.active:
        for position, one in enumerate(moved(rows, row, by)):
            one.position = position
        audit(ctx, "reorder", which, row)
        await ctx.session.flush()
    return row


async def set_active(ctx: Context, which: Vocabulary, entry_id: int, *, active: bool) -> Entry:
    """Retire a line, or take it up again, at the end. The last one of a list stays: forms would have nothing to offer.

    Raises:
        Refusal: it is the last.
    """
    rows = await vocabulary.held(ctx.session, which)
    row = await found(ctx, which, entry_id)
    if row.active is active:
        return row
    if not active and len(rows) == 1 and which is not Vocabulary.TOPICS:
        raise Refusal(ctx.t("This is the last one in the list: add another one first."))
    row.active = active
    if active:
        row.position = max((one.position for one in rows), default=-1) + 1
    audit(ctx, "restore" if active else "retire", which, row)
    await ctx.session.flush()
    return row
