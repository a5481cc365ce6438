"""The profile's form, and its parts one by one."""

from collections.abc import Mapping, Sequence

from handlers.conversation import consent_texts
from handlers.conversation.actions import form
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Errors, Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Value, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import purpose_label
from handlers.conversation.texts import Texts
from handlers.identity import joining_forms as joining_forms
from handlers.identity import screens, service
from handlers.identity.screens import ProfileField, field_label
from storage.enums import ConsentPurpose, PersonStatus
from storage.models import Organisation
from storage.queries import identity, organisations

OTHER = "other"
NOTHING_KNOWN: Mapping[str, Value] = {}
LANGUAGES = ("it", "en", "fr", "de", "es", "pt", "he", "ar", "zh", "ja", "ko", "hi", "ru", "uk", "pl", "ro", "nl", "sv")
"""Those that can be ticked in a profile (ISO 639-1), the community's own first."""


async def save_profile(ctx: Context, _: Form, values: Values) -> Replies:
    """Keep the profile: for a newcomer this is the end of joining."""
    person = ctx.me
    if person.status is not PersonStatus.JOINING:
        return Tell(screens.profile_screen(await shown_profile(ctx), t=ctx.t))
    if "organisation" in values:
        listed = str(values["organisation"])
        if listed == OTHER and not values.get("organisation_name"):
            return Errors({"organisation_name": ctx.t("Please write your organisation's name.")})
        person.organisation_id = None if listed == OTHER else int(listed)
        person.organisation_claim = str(values.get("organisation_name") or "") if listed == OTHER else ""
        person.invited = False
    for one in (
        ProfileField.NAME,
        ProfileField.JOB_TITLE,
        ProfileField.SECTORS,
        ProfileField.OFFERS,
        ProfileField.SEEKS,
    ):
        await keep(ctx, one, values.get(one.value))
    allowed = values.get("consents")
    await service.record_consents(ctx, allowed if isinstance(allowed, list) else [])
    invited = person.invited
    await service.complete_profile(ctx)
    # mypy cannot see that completing a profile changes the status.
    became: PersonStatus = person.status
    if became is PersonStatus.MEMBER:
        return Tell(screens.joined(person.name.split()[0], ctx.community, t=ctx.t))
    waiting = Tell(screens.waiting(t=ctx.t))
    if not invited or person.organisation_id is None:
        return waiting
    organisation = await ctx.session.get_one(Organisation, person.organisation_id)
    return (Tell(screens.full(organisation.name, t=ctx.t)), waiting)


async def shown_profile(ctx: Context) -> screens.Profile:
    """My profile.

    Raises:
        Refusal: it is gone.
    """
    profile = await service.profile_of(ctx, ctx.me.id)
    if profile is None:
        raise Refusal(ctx.t("Your profile is no longer there. Write /start to begin anew."))
    return profile


async def keep(ctx: Context, one: ProfileField, value: Value) -> None:
    """Keep one part of my profile."""
    person = ctx.me
    ticked = value if isinstance(value, list) else []
    match one:
        case ProfileField.NAME:
            person.name = str(value)
        case ProfileField.JOB_TITLE:
            person.job_title = str(value or "")
        case ProfileField.OFFERS:
            person.offers = str(value or "")
        case ProfileField.SEEKS:
            person.seeks = str(value or "")
        case ProfileField.SECTORS:
            await identity.set_sectors(ctx.session, person.id, ticked)
        case ProfileField.TOPICS:
            await identity.set_interests(ctx.session, person.id, ticked)
        case ProfileField.LANGUAGES:
            person.languages = ticked


@form("identity.profile", Permission.PERSON, submit=save_profile)
async def profile_form(ctx: Context) -> Form:
    """Who you are."""
    person = ctx.me
    listed = await organisations.active(ctx.session)
    return profile_questions(
        ctx.t,
        ask_organisation=person.organisation_id is None or (not person.invited and person.name == ""),
        sectors=[Option(one.key, ctx.t.of(one, "name")[:75]) for one in await identity.sectors(ctx.session)],
        organisations=[Option(str(one.id), one.name[:75]) for one in listed],
        known={
            "name": person.name,
            "organisation": str(person.organisation_id) if person.organisation_id else None,
            "job_title": person.job_title,
            "sectors": [one.key for one in await identity.sectors_of(ctx.session, person.id)],
            "offers": person.offers,
            "seeks": person.seeks,
        },
    )


def profile_questions(
    t: Texts,
    *,
    ask_organisation: bool,
    sectors: Sequence[Option],
    organisations: Sequence[Option],
    known: Mapping[str, Value] = NOTHING_KNOWN,
) -> Form:
    """A newcomer's questions, with what is known filled in; the invited are not asked for their organisation."""
    listed = Field(
        "organisation",
        t("Organisation"),
        FieldKind.PERSON,
        options=(*organisations, Option(OTHER, t("It's not in the list"))),
        hint=t("Write part of its name to find it."),
        initial=known.get("organisation"),
    )
    unlisted = Field("organisation_name", t("If it's not in the list, its name"), required=False, max_length=150)
    allowed = Field(
        "consents",
        t("What you allow"),
        FieldKind.CHOICES,
        required=False,
        options=tuple(Option(one.value, purpose_label(one, t)) for one in ConsentPurpose),
        hint="\n".join(
            (
                t("Each is up to you; change it at any time with /privacy."),
                *(f"• {consent_texts.text_of(consent_texts.CURRENT, one, t.locale)}" for one in ConsentPurpose),
            )
        ),
    )
    fields = (
        field_of(ProfileField.NAME, known.get("name"), (), t=t),
        *((listed, unlisted) if ask_organisation else ()),
        field_of(ProfileField.JOB_TITLE, known.get("job_title"), (), t=t),
        field_of(ProfileField.SECTORS, known.get("sectors"), sectors, t=t),
        field_of(ProfileField.OFFERS, known.get("offers"), (), t=t),
        field_of(ProfileField.SEEKS, known.get("seeks"), (), t=t),
        allowed,
    )
    return Form("identity.profile", t("Your profile"), fields, t("Save"))


def field_of(one: ProfileField, known: Value, options: Sequence[Option], *, t: Texts) -> Field:
    """The question about one part of a profile, with what is known filled in."""
    match one:
        case ProfileField.NAME:
            return Field(one.value, t("First and last name"), max_length=120, initial=known)
        case ProfileField.JOB_TITLE:
            return Field(one.value, t("Your role there"), max_length=120, initial=known)
        case ProfileField.SECTORS | ProfileField.TOPICS | ProfileField.LANGUAGES:
            label = {
                ProfileField.SECTORS: t("Sectors you work in"),
                ProfileField.TOPICS: t("Topics that interest you"),
                ProfileField.LANGUAGES: t("Languages you speak"),
            }[one]
            return Field(one.value, label, FieldKind.CHOICES, required=False, options=tuple(options), initial=known)
        case ProfileField.OFFERS:
            return Field(
                one.value,
                t("What can you offer?"),
                FieldKind.TEXT,
                required=False,
                hint=t("A line or two: know-how, technology, facilities."),
                max_length=600,
                initial=known,
            )
        case ProfileField.SEEKS:
            return Field(
                one.value,
                t("What are you looking for?"),
                FieldKind.TEXT,
                required=False,
                hint=t("Partners, technologies, answers…"),
                max_length=600,
                initial=known,
            )


async def save_field(ctx: Context, form_: Form, values: Values) -> Replies:
    """Keep that part."""
    one = ProfileField(form_.context["field"])
    await keep(ctx, one, values.get(one.value))
    await ctx.session.flush()
    return Tell(screens.profile_screen(await shown_profile(ctx), t=ctx.t))


@form("identity.field", Permission.PERSON, submit=save_field)
async def field_form(ctx: Context, field: str) -> Form:
    """One part of my profile."""
    if field not in set(ProfileField) or ctx.me.status is PersonStatus.JOINING:
        raise Refusal(ctx.t("Your profile is no longer there. Write /start to begin anew."))
    one, person, t = ProfileField(field), ctx.me, ctx.t
    known: Value
    options: list[Option] = []
    match one:
        case ProfileField.SECTORS:
            options = [Option(row.key, t.of(row, "name")[:75]) for row in await identity.sectors(ctx.session)]
            known = [row.key for row in await identity.sectors_of(ctx.session, person.id)]
        case ProfileField.TOPICS:
            options = [Option(row.key, t.of(row, "name")[:75]) for row in await identity.topics(ctx.session)]
            known = [row.key for row in await identity.interests_of(ctx.session, person.id)]
        case ProfileField.LANGUAGES:
            options = [Option(code, t.language(code)[:75]) for code in LANGUAGES]
            known = list(person.languages)
        case _:
            known = str(getattr(person, one.value))
    if isinstance(known, list):
        # What was retired meanwhile can be kept by leaving the list alone, but not be ticked.
        known = [value for value in known if any(option.value == value for option in options)]
    return field_questions(one, known, options, t=t)


def field_questions(one: ProfileField, known: Value, options: Sequence[Option], *, t: Texts) -> Form:
    """One question."""
    return Form("identity.field", field_label(one, t), (field_of(one, known, options, t=t),), t("Save"))
