"""The forms of working groups: what a group is, and who belongs to it."""

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.groups import screens, service
from storage.models import WorkingGroup
from storage.queries import groups

NAME_LENGTH = 60
"""Characters: with words around it a name still fits into an option (75, Slack)."""
ABOUT_LENGTH = 300
OPEN, CLOSED = "open", "closed"


def group_questions(t: Texts, group: WorkingGroup | None = None) -> Form:
    """What a group is; ``group``: the one that is changed."""
    way_in = (Option(OPEN, t("Any member, by themselves")), Option(CLOSED, t("Those whom the staff add")))
    return Form(
        "group.edit" if group else "group.new",
        t("Change the group") if group else t("New group"),
        (
            Field("name", t("Name"), max_length=NAME_LENGTH, initial=group.name if group else None),
            Field(
                "about",
                t("What is it about?"),
                FieldKind.TEXT,
                required=False,
                max_length=ABOUT_LENGTH,
                initial=group.about if group else None,
            ),
            Field(
                "way",
                t("Who can belong to it?"),
                FieldKind.CHOICE,
                options=way_in,
                initial=CLOSED if group and not group.is_open else OPEN,
            ),
        ),
        t("Save"),
    )


def people_questions(t: Texts, name: str, group: str, *, submit: str) -> Form:
    """Which members."""
    return Form(
        name,
        submit,
        (
            Field(
                "people",
                t("Which members?"),
                FieldKind.TEXT,
                hint=t("A name on each line; the organisation behind a comma where two are called the same."),
            ),
        ),
        submit,
        intro=group,
    )


async def _shown(ctx: Context, group: WorkingGroup) -> Replies:
    return Show(screens.one(await service.view_of(ctx, group), ctx.t))


def _taken(ctx: Context) -> Errors:
    return Errors({"name": ctx.t("There is a group of that name already; it may be retired.")})


async def submit_new(ctx: Context, _: Form, values: Values) -> Replies:
    """Make the group."""
    name = str(values["name"])
    if await service.is_taken(ctx, name):
        return _taken(ctx)
    return await _shown(
        ctx, await service.create(ctx, name, str(values.get("about") or ""), is_open=values["way"] == OPEN)
    )


@form("group.new", Permission.STAFF, submit=submit_new)
async def new(ctx: Context) -> Form:
    """A new group."""
    return group_questions(ctx.t)


async def submit_edit(ctx: Context, form: Form, values: Values) -> Replies:
    """Change the group."""
    group_id, name = int(form.context["group"]), str(values["name"])
    if await service.is_taken(ctx, name, but=group_id):
        return _taken(ctx)
    group = await service.change(ctx, group_id, name, str(values.get("about") or ""), is_open=values["way"] == OPEN)
    return await _shown(ctx, group)


@form("group.edit", Permission.STAFF, submit=submit_edit)
async def edit(ctx: Context, group: str) -> Form:
    """Another name, description or way in."""
    return group_questions(ctx.t, await service.find(ctx, int(group)))


def _lines(values: Values) -> list[str]:
    return [line.strip() for line in str(values["people"]).splitlines() if line.strip()]


async def submit_add(ctx: Context, form: Form, values: Values) -> Replies:
    """Add the members, all or none."""
    people, wrong = await service.named(ctx, _lines(values))
    if wrong:
        return Errors({"people": wrong})
    group, _ = await service.add(ctx, int(form.context["group"]), people)
    return await _shown(ctx, group)


@form("group.add", Permission.STAFF, submit=submit_add)
async def add(ctx: Context, group: str) -> Form:
    """Which members to add."""
    row = await service.find(ctx, int(group))
    return people_questions(ctx.t, "group.add", row.name, submit=ctx.t("Add members"))


async def submit_out(ctx: Context, form: Form, values: Values) -> Replies:
    """Take the members out, all or none."""
    group_id = int(form.context["group"])
    among = await groups.members_of(ctx.session, group_id)
    people, wrong = await service.named(ctx, _lines(values), among=among)
    if wrong:
        return Errors({"people": wrong})
    return await _shown(ctx, await service.take_out(ctx, group_id, people))


@form("group.out", Permission.STAFF, submit=submit_out)
async def take_out(ctx: Context, group: str) -> Form:
    """Which members to take out."""
    row = await service.find(ctx, int(group))
    return people_questions(ctx.t, "group.out", row.name, submit=ctx.t("Take members out"))
