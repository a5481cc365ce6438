"""A new line of a list, and another name for one."""

from handlers.conversation.actions import form
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.vocabulary import screens, service
from handlers.vocabulary.showing import list_screen
from storage.enums import PartneringProfile
from storage.models import PostKind
from storage.queries.vocabulary import Vocabulary

LONGEST = 75
"""Characters of a name: Slack's limit on an option."""
NOT_AT_ALL = "none"


def list_of(ctx: Context, name: str) -> Vocabulary:
    """The list that a form's context names.

    Raises:
        Refusal: it names none.
    """
    if name not in set(Vocabulary):
        raise Refusal(ctx.t("This is no longer in the list."))
    return Vocabulary(name)


async def add(ctx: Context, form_: Form, values: Values) -> Replies:
    """Put it at the end."""
    which = Vocabulary(form_.context["which"])
    deadline = values.get("deadline") == "yes"
    months = int(str(values.get("months") or 0))
    row = await service.add(
        ctx, which, str(values["italian"]), str(values["english"]), deadline=deadline, months=months
    )
    if which is Vocabulary.KINDS:
        await service.set_profile(ctx, row.id, _chosen_profile(values))
    return Tell(await list_screen(ctx, which))


@form("list.add", Permission.STAFF, submit=add)
async def add_form(ctx: Context, which: str) -> Form:
    """A new line."""
    return add_questions(list_of(ctx, which), t=ctx.t)


def _names(italian: str | None, english: str | None, t: Texts) -> tuple[Field, Field]:
    return (
        Field("italian", t("Its name in Italian"), max_length=LONGEST, initial=italian),
        Field("english", t("Its name in English"), max_length=LONGEST, initial=english),
    )


def add_questions(which: Vocabulary, *, t: Texts) -> Form:
    """Its names; of a kind of post also whether it has a deadline."""
    deadline = Field(
        "deadline",
        t("Do its posts have a deadline?"),
        FieldKind.CHOICE,
        options=(Option("no", t("No")), Option("yes", t("Yes"))),
        initial="no",
    )
    fields = (
        *_names(None, None, t),
        *((deadline, _months(None, t), _profile(None, t)) if which is Vocabulary.KINDS else ()),
    )
    return Form("list.add", screens.list_name(which, t), fields, t("Save"))


def _months(now: int | None, t: Texts) -> Field:
    return Field(
        "months",
        t("After how many months is the author asked whether a post still holds?"),
        FieldKind.NUMBER,
        required=False,
        maximum=60,
        hint=t("0 or nothing: never."),
        initial=now,
    )


def _profile(now: PartneringProfile | None, t: Texts) -> Field:
    return Field(
        "profile",
        t("With which profile do its posts go to the Enterprise Europe Network?"),
        FieldKind.CHOICE,
        options=(
            Option(NOT_AT_ALL, t("They stay here")),
            *(Option(one.value, screens.profile_name(one, t)) for one in PartneringProfile),
        ),
        initial=now.value if now is not None else NOT_AT_ALL,
    )


def _chosen_profile(values: Values) -> PartneringProfile | None:
    chosen = str(values.get("profile") or NOT_AT_ALL)
    return None if chosen == NOT_AT_ALL else PartneringProfile(chosen)


async def rename(ctx: Context, form_: Form, values: Values) -> Replies:
    """Other names; for a kind of post also how long its posts hold, and as what they go to the network."""
    which, line = Vocabulary(form_.context["which"]), int(form_.context["line"])
    await service.rename(ctx, which, line, str(values["italian"]), str(values["english"]))
    if which is Vocabulary.KINDS:
        await service.set_months(ctx, line, int(str(values.get("months") or 0)))
        await service.set_profile(ctx, line, _chosen_profile(values))
    return Tell(await list_screen(ctx, which))


@form("list.rename", Permission.STAFF, submit=rename)
async def rename_form(ctx: Context, which: str, line: str) -> Form:
    """Other names for a line."""
    vocabulary = list_of(ctx, which)
    if not line.isdecimal() or len(line) > 18:
        raise Refusal(ctx.t("This is no longer in the list."))
    row = await service.found(ctx, vocabulary, int(line))
    more = (_months(row.valid_months, ctx.t), _profile(row.profile, ctx.t)) if isinstance(row, PostKind) else ()
    return rename_questions(row.name_it, row.name_en, *more, t=ctx.t)


def rename_questions(italian: str, english: str, *more: Field, t: Texts) -> Form:
    """Its names, and the questions that only a kind of post has."""
    return Form("list.rename", t("Change"), (*_names(italian, english, t), *more), t("Save"))
