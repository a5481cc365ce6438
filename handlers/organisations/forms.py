"""The forms of organisations: new, found, changed, merged, invited to, left."""

from collections.abc import Sequence

from handlers.conversation.actions import form
from handlers.conversation.codes import INVITE_DAYS, INVITE_USES
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Errors, Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Value, Values
from handlers.conversation.notify import notify
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.organisations import invites, leaving, leaving_screens, screens, service
from handlers.organisations.rules import DomainProblem, read_domains
from handlers.organisations.screens import OrganisationField, category_label, field_name
from storage.enums import OrganisationCategory, PersonStatus
from storage.models import Organisation, Person
from storage.queries import handovers, identity, organisations

MOST_SEATS = 10_000
MOST_USES = 500
LONGEST_DAYS = 365
FOUND_SHOWN = 20
NOBODY = "nobody"
STAY, GO = "stay", "go"


def numbered(context: str, refusal: str) -> int:
    """An id out of a form's context.

    Raises:
        Refusal: it is none.
    """
    if not context.isdecimal() or len(context) > 18:
        raise Refusal(refusal)
    return int(context)


# New, and found


async def make(ctx: Context, _: Form, values: Values) -> Replies:
    """Write it down."""
    category = OrganisationCategory(str(values["category"]))
    row = await service.create(ctx, str(values["name"]), category, str(values.get("city") or ""))
    return Tell(screens.organisation(await service.house_of(ctx, row), t=ctx.t))


@form("org.new", Permission.STAFF, submit=make)
async def new_form(ctx: Context) -> Form:
    """A new organisation."""
    return new_questions(t=ctx.t)


def new_questions(*, t: Texts) -> Form:
    """The least that is needed; the rest is changed on its screen."""
    return Form(
        "org.new",
        t("New organisation"),
        (
            Field("name", t("Name"), max_length=150),
            _category(None, t),
            Field("city", t("City"), required=False, max_length=100),
        ),
        t("Save"),
    )


def _category(known: Value, t: Texts) -> Field:
    options = tuple(Option(one.value, category_label(one, t)) for one in OrganisationCategory)
    return Field("category", t("Kind"), FieldKind.CHOICE, options=options, initial=known)


async def find(ctx: Context, _: Form, values: Values) -> Replies:
    """Show what was found."""
    words = str(values["words"])
    rows, total = await organisations.listed(ctx.session, words, offset=0, most=FOUND_SHOWN)
    return Tell(screens.organisation_list(rows, total, 0, 1, words, t=ctx.t))


@form("org.find", Permission.STAFF, submit=find)
async def find_form(ctx: Context) -> Form:
    """Part of a name or of a city."""
    return find_questions(t=ctx.t)


def find_questions(*, t: Texts) -> Form:
    """One question."""
    field = Field("words", t("Part of its name, or its city"), max_length=80)
    return Form("org.find", t("Find an organisation"), (field,), t("Find"))


# One thing of it


async def save(ctx: Context, form_: Form, values: Values) -> Replies:
    """Keep it."""
    t = ctx.t
    row = await service.found(ctx, int(form_.context["organisation"]))
    one = OrganisationField(form_.context["field"])
    value = values.get(one.value)
    match one:
        case OrganisationField.NAME:
            await service.rename(ctx, row, str(value))
        case OrganisationField.CATEGORY:
            row.category = OrganisationCategory(str(value))
        case OrganisationField.CITY:
            row.city = str(value or "")
        case OrganisationField.SECTORS:
            await organisations.set_sectors(ctx.session, row.id, value if isinstance(value, list) else [])
        case OrganisationField.DOMAINS:
            try:
                domains = read_domains(str(value or ""))
            except DomainProblem as problem:
                words = (
                    t("Everybody can get an address at {word}.", word=problem.word)
                    if problem.free
                    else t("{word} is no domain. Something like clinica.it?", word=problem.word)
                )
                return Errors({one.value: words})
            clash = await service.clashing_domain(ctx, row, domains)
            if clash is not None:
                return Errors({one.value: t("{domain} belongs to {name} already.", domain=clash[0], name=clash[1])})
            row.domains = domains
        case OrganisationField.SEATS:
            row.seats = value if isinstance(value, int) else None
        case OrganisationField.CONTACT:
            chosen = None if value in (None, NOBODY) else int(str(value))
            person = await service.set_contact(ctx, row, chosen)
            if person is not None and person.id != ctx.me.id:
                await notify(ctx, person.id, "organisations.contact", data={"organisation": row.id})
    service.audit(ctx, f"organisation.{one.value}", row.id)
    await ctx.session.flush()
    return Tell(screens.organisation(await service.house_of(ctx, row), t=t))


@form("org.field", Permission.STAFF, submit=save)
async def field_form(ctx: Context, organisation: str, field: str) -> Form:
    """One thing of an organisation."""
    t = ctx.t
    gone = t("This organisation is no longer there: it may be part of another one now.")
    row = await service.found(ctx, numbered(organisation, gone))
    if field not in set(OrganisationField):
        raise Refusal(gone)
    one = OrganisationField(field)
    options: list[Option] = []
    known: Value = None
    match one:
        case OrganisationField.CATEGORY:
            known = row.category.value
        case OrganisationField.SECTORS:
            options = [Option(sector.key, t.of(sector, "name")[:75]) for sector in await identity.sectors(ctx.session)]
            known = [sector.key for sector in await organisations.sectors_of(ctx.session, row.id)]
            known = [key for key in known if any(option.value == key for option in options)]
        case OrganisationField.DOMAINS:
            known = ", ".join(row.domains)
        case OrganisationField.SEATS:
            known = row.seats
        case OrganisationField.CONTACT:
            people = await organisations.members_of(ctx.session, row.id)
            options = [Option(str(person.id), (person.name or "–")[:75]) for person in people]
            contact = await organisations.contact_of(ctx.session, row.id)
            known = str(contact.id) if contact else None
        case _:
            known = str(getattr(row, one.value))
    return field_questions(one, row.name, known, options, t=t)


def field_questions(
    one: OrganisationField, organisation: str, known: Value, options: Sequence[Option], *, t: Texts
) -> Form:
    """One question about one thing."""
    match one:
        case OrganisationField.NAME:
            field = Field(one.value, field_name(one, t), max_length=150, initial=known)
        case OrganisationField.CATEGORY:
            field = _category(known, t)
        case OrganisationField.CITY:
            field = Field(one.value, field_name(one, t), required=False, max_length=100, initial=known)
        case OrganisationField.SECTORS:
            field = Field(
                one.value,
                field_name(one, t),
                FieldKind.CHOICES,
                required=False,
                options=tuple(options),
                initial=known,
            )
        case OrganisationField.DOMAINS:
            field = Field(
                one.value,
                t("Domains of its e-mail addresses"),
                required=False,
                max_length=500,
                initial=known,
                hint=t(
                    "Like clinica.it, lab.clinica.it. Whoever reads mail there becomes a member without your answer."
                ),
            )
        case OrganisationField.SEATS:
            field = Field(
                one.value,
                t("How many members at most?"),
                FieldKind.NUMBER,
                required=False,
                minimum=0,
                maximum=MOST_SEATS,
                initial=known,
                hint=t("By invitation or address; you can always accept more. Leave it empty for no limit."),
            )
        case OrganisationField.CONTACT:
            field = Field(
                one.value,
                field_name(one, t),
                FieldKind.PERSON,
                required=False,
                options=(*options, Option(NOBODY, t("Nobody"))),
                initial=known,
                hint=t("They see its members and make its invitations."),
            )
    return Form("org.field", organisation[:150], (field,), t("Save"))


# Two that are one


async def choose_merge(ctx: Context, form_: Form, values: Values) -> Replies:
    """Ask whether they mean it."""
    duplicate = await service.found(ctx, int(form_.context["organisation"]))
    into = await service.found(ctx, int(str(values["into"])))
    houses = await service.house_of(ctx, duplicate), await service.house_of(ctx, into)
    return Tell(screens.merge_confirm(*houses, t=ctx.t))


@form("org.merge", Permission.STAFF, submit=choose_merge)
async def merge_form(ctx: Context, organisation: str) -> Form:
    """Of which one it is a duplicate."""
    gone = ctx.t("This organisation is no longer there: it may be part of another one now.")
    row = await service.found(ctx, numbered(organisation, gone))
    others = [one for one in await identity.organisations(ctx.session) if one.id != row.id]
    return merge_questions(row.name, [Option(str(one.id), one.name[:75]) for one in others], t=ctx.t)


def merge_questions(name: str, others: Sequence[Option], *, t: Texts) -> Form:
    """One question."""
    field = Field("into", t("{name} is the same as", name=name), FieldKind.PERSON, options=tuple(others))
    return Form("org.merge", t("It's a duplicate"), (field,), t("Go on"))


# An invitation


async def make_invite(ctx: Context, form_: Form, values: Values) -> Replies:
    """A code for that organisation."""
    chosen = form_.context.get("organisation") or str(values["organisation"])
    return Tell(
        await invites.make(ctx, int(chosen), int(str(values["uses"])), int(str(values["days"]))), privately=True
    )


@form("org.invite", Permission.MEMBER, submit=make_invite, acting=False)
async def invite_form(ctx: Context, organisation: str = "") -> Form:
    """For how many people, and for how long; of which organisation, where that is not said."""
    if organisation:
        refusal = ctx.t("This organisation is no longer there: it may be part of another one now.")
        row = await service.must_run(ctx, numbered(organisation, refusal))
        return invite_questions((), row.name, t=ctx.t)
    if not ctx.may(Permission.STAFF):
        raise Refusal(ctx.t("Only the staff and the organisation's contact person can do this."))
    listed = [Option(str(one.id), one.name[:75]) for one in await organisations.active(ctx.session)]
    return invite_questions(listed, "", t=ctx.t)


def invite_questions(listed: Sequence[Option], organisation: str, *, t: Texts) -> Form:
    """The questions; the first only where the organisation is not known."""
    which = Field("organisation", t("Organisation"), FieldKind.PERSON, options=tuple(listed))
    return Form(
        "org.invite",
        t("Invite the people of {organisation}", organisation=organisation)
        if organisation
        else t("Invite an organisation"),
        (
            *((which,) if not organisation else ()),
            Field(
                "uses",
                t("For how many people?"),
                FieldKind.NUMBER,
                minimum=1,
                maximum=MOST_USES,
                initial=INVITE_USES,
            ),
            Field(
                "days",
                t("For how many days?"),
                FieldKind.NUMBER,
                minimum=1,
                maximum=LONGEST_DAYS,
                initial=INVITE_DAYS,
            ),
        ),
        t("Make the code"),
    )


# Leaving


async def leave(ctx: Context, form_: Form, values: Values) -> Replies:
    """They go, and a colleague is asked to take over."""
    person_id = int(form_.context.get("person") or ctx.me.id)
    own = person_id == ctx.me.id
    if not own and not ctx.may(Permission.STAFF):
        raise Refusal(ctx.t("Only the staff can do this."))
    chosen = values.get("colleague")
    colleague = None if chosen in (None, NOBODY) else int(str(chosen))
    gone = own and values.get("next") == GO
    name = ctx.me.name if own else (await ctx.session.get_one(Person, person_id)).name
    organisation, successor = await leaving.leave(ctx, person_id, colleague_id=colleague, gone=gone)
    if own:
        return Tell(leaving_screens.left(organisation, successor, gone=gone, t=ctx.t))
    return Tell(leaving_screens.left_for(name, successor, t=ctx.t))


@form("org.leave", Permission.MEMBER, submit=leave, acting=False)
async def leave_form(ctx: Context, person: str = "") -> Form:
    """Who takes over, and what comes next."""
    t = ctx.t
    nothing = t("There is no organisation to leave (any more).")
    who = await ctx.session.get(Person, numbered(person, nothing)) if person else ctx.me
    if who is not None and who.id != ctx.me.id and not ctx.may(Permission.STAFF):
        raise Refusal(t("Only the staff can do this."))
    if who is None or who.organisation_id is None or who.status is not PersonStatus.MEMBER:
        raise Refusal(nothing)
    house = await ctx.session.get_one(Organisation, who.organisation_id)
    held = await handovers.holdings(ctx.session, who.id, ctx.now)
    things = leaving.words_of(held, await leaving.contact_name(ctx, who), reader=ctx)
    colleagues = [one for one in await organisations.members_of(ctx.session, house.id) if one.id != who.id]
    return leave_questions(
        house.name,
        "" if who.id == ctx.me.id else who.name,
        things,
        [Option(str(one.id), (one.name or "–")[:75]) for one in colleagues],
        t=t,
    )


def leave_questions(
    organisation: str, name: str, things: Sequence[str], colleagues: Sequence[Option], *, t: Texts
) -> Form:
    """The questions; ``name`` is empty when somebody leaves, and says of whom the staff note it otherwise."""
    fields: list[Field] = []
    if things and colleagues:
        fields.append(
            Field(
                "colleague",
                t("Who takes over?"),
                FieldKind.PERSON,
                options=(*colleagues, Option(NOBODY, t("Nobody: the staff will see"))),
                hint=t("I ask them first: {things}.", things=t.list(list(things))),
            )
        )
    if not name:
        options = (Option(STAY, t("I stay in the community")), Option(GO, t("I leave the community too")))
        fields.append(Field("next", t("And then?"), FieldKind.CHOICE, options=options, initial=STAY))
    if not fields:
        yes = Option("yes", t("Yes, they have left"))
        fields.append(Field("sure", t("Are you sure?"), FieldKind.CHOICE, options=(yes,)))
    title = (
        t("{name} has left {organisation}", name=name, organisation=organisation)
        if name
        else t("Leaving {organisation}", organisation=organisation)
    )
    return Form("org.leave", title[:150], tuple(fields), t("That's right"))
