"""The notice at any time, and each consent by itself: what I said, when, where, under which text."""

from sqlalchemy import select

from handlers.conversation import consent_texts
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
