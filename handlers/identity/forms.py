"""The profile's form, and the reason for a refusal."""

from collections.abc import Mapping, Sequence

from handlers.conversation.actions import form
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Errors, Replies, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option, Value, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import purpose_label
from handlers.conversation.texts import Texts
from handlers.identity import screens, service
from storage.enums import ConsentPurpose, PersonStatus
from storage.models import Person
from storage.queries import consents, identity

OTHER = "other"
NOTHING_KNOWN: Mapping[str, Value] = {}


async def save_profile(ctx: Context, _: Form, values: Values) -> Replies:
    """Keep the profile; for a newcomer this is the end of joining."""
    person = ctx.me
    was = person.status
    person.name = str(values["name"])
    if "organisation" in values:
        listed = str(values["organisation"])
        if listed == OTHER and not values.get("organisation_name"):
            return Errors({"organisation_name": ctx.t("Please write your organisation's name.")})
        person.organisation_id = None if listed == OTHER else int(listed)
        person.organisation_claim = str(values.get("organisation_name") or "") if listed == OTHER else ""
    person.job_title = str(values["job_title"])
    person.offers = str(values.get("offers") or "")
    person.seeks = str(values.get("seeks") or "")
    chosen = values.get("sectors")
    await identity.set_sectors(ctx.session, person.id, chosen if isinstance(chosen, list) else [])
    if was is PersonStatus.JOINING:
        allowed = values.get("consents")
        await service.record_consents(ctx, allowed if isinstance(allowed, list) else [])
    await service.complete_profile(ctx)
    if was is not PersonStatus.JOINING:
        profile = await service.profile_of(ctx, person.id)
        if profile is None:
            raise Refusal(ctx.t("Your profile is no longer there. Write /start to begin anew."))
        return Tell(screens.profile_screen(profile, t=ctx.t))
    if person.status is PersonStatus.MEMBER:
        return Tell(screens.joined(person.name.split()[0], ctx.community, t=ctx.t))
    return Tell(screens.waiting(t=ctx.t))


@form("identity.profile", Permission.PERSON, submit=save_profile)
async def profile_form(ctx: Context) -> Form:
    """Who you are."""
    person = ctx.me
    newcomer = person.status is PersonStatus.JOINING
    allowed = await consents.given(ctx.session, person.id)
    return profile_questions(
        ctx.t,
        newcomer=newcomer,
        ask_organisation=newcomer and not person.invited,
        sectors=[Option(one.key, ctx.t.of(one, "name")[:75]) for one in await identity.sectors(ctx.session)],
        organisations=[Option(str(one.id), one.name[:75]) for one in await identity.organisations(ctx.session)],
        known={
            "name": person.name,
            "job_title": person.job_title,
            "sectors": [one.key for one in await identity.sectors_of(ctx.session, person.id)],
            "offers": person.offers,
            "seeks": person.seeks,
            "consents": [purpose.value for purpose, given in allowed.items() if given],
        },
    )


def profile_questions(
    t: Texts,
    *,
    newcomer: bool,
    ask_organisation: bool,
    sectors: Sequence[Option],
    organisations: Sequence[Option],
    known: Mapping[str, Value] = NOTHING_KNOWN,
) -> Form:
    """The questions, with what is known filled in; the invited are not asked for their organisation."""
    name = Field("name", t("First and last name"), max_length=120, initial=known.get("name"))
    listed = Field(
        "organisation",
        t("Organisation"),
        FieldKind.PERSON,
        options=(*organisations, Option(OTHER, t("It's not in the list"))),
        hint=t("Write part of its name to find it."),
    )
    unlisted = Field("organisation_name", t("If it's not in the list, its name"), required=False, max_length=150)
    role = Field("job_title", t("Your role there"), max_length=120, initial=known.get("job_title"))
    interests = (
        Field(
            "sectors",
            t("Sectors you work in"),
            FieldKind.CHOICES,
            required=False,
            options=tuple(sectors),
            initial=known.get("sectors"),
        ),
        Field(
            "offers",
            t("What can you offer?"),
            FieldKind.TEXT,
            required=False,
            hint=t("A line or two: know-how, technology, facilities."),
            max_length=600,
            initial=known.get("offers"),
        ),
        Field(
            "seeks",
            t("What are you looking for?"),
            FieldKind.TEXT,
            required=False,
            hint=t("Partners, technologies, answers…"),
            max_length=600,
            initial=known.get("seeks"),
        ),
    )
    allowed = Field(
        "consents",
        t("What you allow"),
        FieldKind.CHOICES,
        required=False,
        options=tuple(Option(one.value, purpose_label(one, t)) for one in ConsentPurpose),
        hint=t("Each is up to you; change it at any time with /privacy."),
        initial=known.get("consents"),
    )
    fields = (
        name,
        *((listed, unlisted) if ask_organisation else ()),
        role,
        *interests,
        *((allowed,) if newcomer else ()),
    )
    return Form("identity.profile", t("Your profile"), fields, t("Save"))


async def refuse_request(ctx: Context, form_: Form, values: Values) -> Replies:
    """Say no, with the reason."""
    text = await service.decide(ctx, int(form_.context["person"]), accept=False, reason=str(values.get("reason") or ""))
    return Toast(text)


@form("identity.refuse", Permission.STAFF, submit=refuse_request)
async def refuse_form(ctx: Context, person: str) -> Form:
    """Why somebody cannot join."""
    row = await ctx.session.get(Person, int(person)) if person.isdecimal() else None
    if row is None:
        raise Refusal(ctx.t("This request is no longer there."))
    return refusal_questions(row.name, t=ctx.t)


def refusal_questions(name: str, *, t: Texts) -> Form:
    """One question: the reason, which the person reads."""
    return Form(
        "identity.refuse",
        t("Not this time"),
        (
            Field(
                "reason",
                t("Why? {name} will read this.", name=name),
                FieldKind.TEXT,
                required=False,
                max_length=500,
            ),
        ),
        t("Send"),
    )
