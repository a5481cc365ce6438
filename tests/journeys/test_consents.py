"""The notice at any time, and each consent by itself: what I said, when, where, under which text."""

import pytest
from sqlalchemy import select

from handlers.conversation import consent_texts
from handlers.conversation.texts import texts_for
from handlers.identity.forms import profile_questions
from storage.enums import ConsentPurpose, Locale
from storage.models import Consent, Post
from tests.journeys.community import CommunityUnderTest


def test_no_text_that_somebody_agreed_to_is_changed() -> None:
    """A change of meaning is a new version beside the old one."""
    assert set(consent_texts.DIGESTS) == set(consent_texts.VERSIONS)
    for version, digest in consent_texts.DIGESTS.items():
        assert consent_texts.digest_of(version) == digest, f"the texts of {version} have changed: make a new version"


def test_the_current_version_has_every_purpose_in_both_languages() -> None:
    for purpose in ConsentPurpose:
        for locale in Locale:
            assert consent_texts.text_of(consent_texts.CURRENT, purpose, locale), f"{purpose} {locale}"


@pytest.mark.parametrize("locale", list(Locale))
def test_whoever_joins_reads_each_text_before_they_answer(locale: Locale) -> None:
    asked = profile_questions(texts_for(locale), ask_organisation=False, sectors=[], organisations=[])
    (consents,) = [field for field in asked.fields if field.name == "consents"]
    for purpose in ConsentPurpose:
        assert consent_texts.text_of(consent_texts.CURRENT, purpose, locale) in consents.hint


async def test_the_notice_is_there_for_everybody_and_keeps_nothing_of_a_stranger(community: CommunityUnderTest) -> None:
    zeno = await community.stranger("Zeno")
    await zeno.starts()
    await zeno.says("/privacy")
    zeno.sees(zeno.t("Who is responsible"), "Garante")
    sara = await community.member("Sara Bonavita")
    await sara.says("/privacy")
    sara.sees(sara.t("Your rights"), "2018-04")
    sara.sees(sara.t("What I allow"))


async def test_a_consent_is_given_and_taken_back_with_its_proof(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    t = sara.t
    await sara.says("/privacy")
    await sara.presses(t("Allow: {what}", what=t("news")))
    await sara.presses(t("Allow: {what}", what=t("directory")))
    await community.later(days=2)
    await sara.presses(t("Stop: {what}", what=t("news")))
    await sara.again()
    async with community.app.database.reading() as session:
        rows = (await session.execute(select(Consent).order_by(Consent.id))).scalars().all()
    assert [(one.purpose, one.given, one.text_version) for one in rows] == [
        (ConsentPurpose.NEWS, True, consent_texts.CURRENT),
        (ConsentPurpose.DIRECTORY, True, consent_texts.CURRENT),
        (ConsentPurpose.NEWS, False, consent_texts.CURRENT),
    ]
    assert {one.platform for one in rows} == {community.platform}
    await sara.presses(t("History"))
    digest = consent_texts.short_digest(consent_texts.CURRENT, ConsentPurpose.NEWS, Locale.ITALIAN)
    sara.sees(t("What you said about each consent"), digest)
    label = t("Text: {what}, {version}", what=t("news"), version=f"{consent_texts.CURRENT} it")
    await sara.presses(label)
    sara.sees(consent_texts.text_of(consent_texts.CURRENT, ConsentPurpose.NEWS, Locale.ITALIAN))
    await sara.sends_action("privacy.text:1999:news:it")
    sara.sees(t("This version is not known here. Ask the staff for its text."))
    # Saying no to everything leaves the rest open.
    await sara.presses(t("Stop: {what}", what=t("directory")))
    await sara.says("/share")
    await sara.fills({t("Title"): "Ecco", t("What kind of post is it?"): "Domanda", t("Text"): "Anche senza consensi."})
    async with community.app.database.reading() as session:
        assert (await session.execute(select(Post.title))).scalars().all() == ["Ecco"]


@pytest.mark.parametrize("locale", list(Locale))
async def test_an_earlier_text_holds_as_it_was_until_the_new_one_is_agreed_to(
    community: CommunityUnderTest, locale: Locale
) -> None:
    sara = await community.member("Sara Bonavita", locale=locale)
    t = sara.t
    async with community.app.database.writing() as session:
        session.add(
            Consent(
                person_id=sara.id, purpose=ConsentPurpose.DIRECTORY, given=True, text_version="2018-04",
                locale=locale, platform=community.platform, at=community.clock.now(),
            )
        )  # fmt: skip
    earlier = consent_texts.text_of("2018-04", ConsentPurpose.DIRECTORY, locale)
    current = consent_texts.text_of(consent_texts.CURRENT, ConsentPurpose.DIRECTORY, locale)
    news = consent_texts.text_of("2018-04", ConsentPurpose.NEWS, locale)
    offered = t("There is a new text, which holds only if you agree to it:")
    await sara.says("/privacy")
    sara.sees(earlier, offered, current, news)
    agree = t("Agree to the new text: {what}", what=t("directory"))
    await sara.presses(agree)
    await sara.again()
    assert offered not in sara.last.text
    async with community.app.database.reading() as session:
        rows = (await session.execute(select(Consent).order_by(Consent.id))).scalars().all()
    assert [(one.given, one.text_version) for one in rows] == [(True, "2018-04"), (True, consent_texts.CURRENT)]
    await sara.presses(t("History"))
    sara.sees("2018-04", consent_texts.CURRENT)
