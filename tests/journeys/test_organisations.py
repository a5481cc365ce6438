"""Organisations in chat: staff keep them, their contact invites colleagues, and who leaves hands over."""

import re
from datetime import date, timedelta

from sqlalchemy import func, select

from storage.enums import (
    ApplicationStatus,
    MeetingStatus,
    MissionStatus,
    PartyAnswer,
    PersonStatus,
    Platform,
    RequestState,
    Role,
)
from storage.models import (
    Application,
    AuditEntry,
    Handover,
    Invite,
    Meeting,
    MeetingParty,
    Mission,
    Organisation,
    OrganisationContact,
    OrganisationRequest,
    Person,
    SeatBooking,
    Slot,
)
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver


async def organisation(community: CommunityUnderTest, name: str) -> Organisation:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Organisation).where(Organisation.name == name))).scalar_one()


async def made_contact(community: CommunityUnderTest, who: PersonDriver, name: str) -> int:
    """They speak for their organisation."""
    house = await organisation(community, name)
    async with community.app.database.writing() as session:
        session.add(OrganisationContact(organisation_id=house.id, person_id=who.id, since=community.clock.now()))
    return house.id


async def joins(anna: PersonDriver, code: str) -> None:
    """By an invitation, to the end."""
    await anna.starts(code)
    await anna.presses("Italiano")
    await anna.presses("Accetto")
    await anna.fills({"Nome e cognome": anna.name, "Il tuo ruolo": "CTO"})


def code_shown(who: PersonDriver) -> str:
    """The code that was just made."""
    found = re.search(r"\b[A-Z2-9]{10}\b", who.sees("Invito per").text)
    assert found is not None
    return found[0]


async def test_staff_keep_an_organisation(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await giulia.says("/organizzazioni")
    await giulia.presses("Nuova organizzazione")
    await giulia.fills({"Nome": "Clinica <b>*_[", "Tipo": "Ospedale", "Città": "Lecco"})
    giulia.sees("Clinica <b>*_[", "Ospedale", "Lecco")
    house = await organisation(community, "Clinica <b>*_[")

    for part, question, answer in (
        ("Indirizzi", "Domini dei suoi indirizzi e-mail", "Clinica.example, @lab.clinica.example"),
        ("Posti", "Quanti soci al massimo?", "12"),
        ("Nome", "Nome", "Clinica Serena"),
    ):
        await giulia.sends_action(f"org.edit:{house.id}")
        await giulia.presses(part)
        await giulia.fills({question: answer})
    giulia.sees("Clinica Serena", "clinica.example, lab.clinica.example", "0 occupati su 12", "clinica <b>*_[")
    await giulia.sends_action(f"org.edit:{house.id}")
    await giulia.presses("Settori")
    await giulia.fills({"Settori": ["ICT per la salute"]})
    giulia.sees("Clinica Serena", "ICT per la salute")

    await giulia.presses("Metti a riposo")
    giulia.sees("A riposo: tiene le sue persone")
    await giulia.presses("Riattiva")
    await giulia.says("/organizzazioni")
    await giulia.presses("Trovane una")
    await giulia.fills({"Parte del nome, o la città": "SERENA"})
    giulia.sees("Trovate per «SERENA»: 1")
    async with community.app.database.reading() as session:
        actions = list((await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars())
    assert actions == [
        "organisation.new",
        "organisation.domains",
        "organisation.seats",
        "organisation.name",
        "organisation.sectors",
        "organisation.retire",
        "organisation.restore",
    ]


async def test_domains_are_an_organisations_own(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Prima")
    await web_community.member("Marco Colombani", organisation="Seconda")
    first, second = await organisation(web_community, "Prima"), await organisation(web_community, "Seconda")
    question = "Domini dei suoi indirizzi e-mail"
    await giulia.sends_action(f"org.field:{first.id}:domains")
    await giulia.fills({question: "gmail.com"})
    assert "può aprire un indirizzo chiunque" in giulia.errors[question]
    await giulia.fills({question: "niente"})
    assert "non è un dominio" in giulia.errors[question]
    await giulia.fills({question: "prima.example"})
    await giulia.sends_action(f"org.field:{second.id}:domains")
    await giulia.fills({question: "prima.example"})
    assert "è già di Prima" in giulia.errors[question]


async def test_a_contact_invites_and_withdraws(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani", organisation="Biofilande")
    house = await organisation(community, "Biofilande")
    await giulia.sends_action(f"org.field:{house.id}:contact")
    await giulia.fills({"Referente": "Marco Colombani"})
    marco.sees("Sei referente di Biofilande")

    await marco.says("/miaorganizzazione")
    await marco.presses("Inviti")
    marco.sees("Non ce ne sono ancora")
    await marco.presses("Nuovo invito")
    await marco.fills({"Per quante persone?": "2", "Per quanti giorni?": "7"})
    code = code_shown(marco)
    marco.sees("Per 2 persone, valido 7 giorni", f"/cluster join {code}")
    if community.platform is Platform.TELEGRAM:
        marco.sees(f"?start={code}")

    anna = await community.stranger("Anna Rossi")
    await joins(anna, code)
    anna.sees("Ti diamo il benvenuto")
    await marco.says("/miaorganizzazione")
    await marco.presses("Soci")
    marco.sees("Anna Rossi", "CTO")
    await marco.presses("Inviti")
    marco.sees("usato 1 volta su 2", "fino a")
    await marco.presses("Ritira …" + code[-3:])
    marco.sees("ritirato")

    bea = await community.stranger("Bea Bianchi")
    await bea.starts(code)
    await bea.presses("Italiano")
    bea.sees("Questo invito non funziona (più)")
    bea.sees_nothing_of("Biofilande")


async def test_an_invitation_ends_after_its_days(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await giulia.says("/invita")
    await giulia.fills(
        {"Organizzazione": "Istituto di Prova", "Per quante persone?": 1, "Per quanti giorni?": 7}  # type: ignore[dict-item]  # a number field's window sends numbers
    )
    code = code_shown(giulia)
    await web_community.later(days=7, minutes=1)
    anna = await web_community.stranger("Anna Rossi")
    await anna.says(code)
    await anna.presses("Italiano")
    anna.sees("Questo invito non funziona (più)")


async def test_two_want_the_last_use_of_an_invitation(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    house = await organisation(web_community, "Istituto di Prova")
    await giulia.sends_action(f"org.invite:{house.id}")
    await giulia.fills({"Per quante persone?": 1, "Per quanti giorni?": 7})  # type: ignore[dict-item]  # a number
    code = code_shown(giulia)
    people = [await web_community.stranger(f"Persona{number:02}") for number in range(20)]
    for who in people:
        await who.says(code)
        await who.presses("Italiano")
    await web_community.at_once(*(who.taps("Accetto") for who in people))
    async with web_community.app.database.reading() as session:
        invited = select(func.count()).select_from(Person).where(Person.invited)
        assert (await session.execute(invited)).scalar_one() == 1
        assert (await session.execute(select(Invite.uses_left))).scalar_one() == 0
        joining = select(func.count()).select_from(Person).where(Person.status == PersonStatus.JOINING)
        assert (await session.execute(joining)).scalar_one() == 20


async def test_what_is_not_theirs_is_refused(community: CommunityUnderTest) -> None:
    """A plain member, another organisation's contact and an outsider get no further than a polite sentence."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Ufficio")
    marco = await community.member("Marco Colombani", organisation="Biofilande")
    contact = await community.member("Carla Fumagalli", organisation="Altrove")
    anna = await community.stranger("Anna Rossi")
    await anna.starts()
    house = await organisation(community, "Biofilande")
    await made_contact(community, contact, "Altrove")
    await giulia.sends_action(f"org.invite:{house.id}")
    await giulia.fills({"Per quante persone?": "5", "Per quanti giorni?": "7"})
    async with community.app.database.reading() as session:
        invite = (await session.execute(select(Invite.id))).scalar_one()

    shared = (
        f"org.members:{house.id}:0",
        f"org.invites:{house.id}",
        f"org.invite:{house.id}",
        f"org.revoke:{invite}",
        f"org.revoke:{invite + 1}",
    )
    staff_only = (
        "org.list:0",
        f"org.show:{house.id}",
        f"org.retire:{house.id}",
        f"org.merged:{house.id}:{house.id + 1}",
        f"org.gone:{marco.id}",
        "list.retire:sectors:1",
        "list.add:sectors",
    )
    for action in shared:
        for who in (marco, contact):
            await who.sends_action(action)
            who.told("Possono farlo solo la segreteria e chi è referente")
    for action in staff_only:
        for who in (marco, contact):
            await who.sends_action(action)
            who.told("Questo può farlo solo la segreteria.")
    for action in (*shared, *staff_only):
        await anna.sends_action(action)
        anna.sees("In che lingua parliamo?")
    for who in (marco, contact, anna):
        who.sees_nothing_of("Soci di Biofilande")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(Invite.revoked_at))).scalar_one() is None
    assert (await organisation(community, "Biofilande")).active


async def test_duplicates_become_one(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Ufficio")
    marco = await community.member("Marco Colombani", organisation="Biofilande Srl")
    await community.member("Carla Fumagalli", organisation="Biofilande")
    duplicate, into = await organisation(community, "Biofilande Srl"), await organisation(community, "Biofilande")
    await made_contact(community, marco, "Biofilande Srl")
    async with community.app.database.writing() as session:
        row = await session.get_one(Organisation, duplicate.id)
        row.domains = ["biofilande.example"]
    await giulia.sends_action(f"org.merge:{duplicate.id}")
    await giulia.fills({"Biofilande Srl è la stessa cosa di": "Biofilande"})
    giulia.sees("Unisci Biofilande Srl", "1 socio")
    await giulia.presses("Uniscile")
    giulia.sees("Biofilande", "biofilande.example", "biofilande srl", "2 soci", "Marco Colombani")
    await giulia.sends_action(f"org.merged:{duplicate.id}:{into.id}")
    giulia.told("Questa organizzazione non c'è più")
    async with community.app.database.reading() as session:
        assert (await session.get_one(Person, marco.id)).organisation_id == into.id
    await marco.says("/miaorganizzazione")
    marco.sees("Biofilande", "2 soci")


async def mission_of(community: CommunityUnderTest, marco: PersonDriver, other: PersonDriver) -> tuple[int, int]:
    """Marco is accepted on a mission and has a meeting there; returns the application's and the meeting's ids."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        mission = Mission(
            title="MIXiii BIOMED",
            place="Tel Aviv",
            first_day=date(2018, 5, 14),
            last_day=date(2018, 5, 17),
            zone="Asia/Jerusalem",
            deadline=now,
            status=MissionStatus.CLOSED,
            created_at=now,
        )
        session.add(mission)
        await session.flush()
        application = Application(
            mission_id=mission.id, person_id=marco.id, status=ApplicationStatus.ACCEPTED, applied_at=now
        )
        slot = Slot(
            mission_id=mission.id,
            starts_at=now + timedelta(days=43),
            ends_at=now + timedelta(days=43, minutes=30),
        )
        session.add_all([application, slot])
        await session.flush()
        meeting = Meeting(
            mission_id=mission.id, status=MeetingStatus.CONFIRMED, slot_id=slot.id, created_at=now, timed_at=now
        )
        session.add(meeting)
        await session.flush()
        for who in (marco, other):
            session.add(MeetingParty(meeting_id=meeting.id, person_id=who.id, answer=PartyAnswer.YES))
            session.add(SeatBooking(slot_id=slot.id, person_id=who.id, meeting_id=meeting.id))
        return application.id, meeting.id


async def test_who_leaves_hands_over(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Ufficio")
    marco = await community.member("Marco Colombani", organisation="Biofilande")
    carla = await community.member("Carla Fumagalli", organisation="Biofilande")
    noa = await community.member("Noa Levi", organisation="Haifa Labs")
    house = await made_contact(community, marco, "Biofilande")
    application, meeting = await mission_of(community, marco, noa)

    await marco.says("/miaorganizzazione")
    await marco.presses("Lascio la mia organizzazione")
    await marco.fills({"Chi prende in carico?": "Carla Fumagalli", "E poi?": "Resto nella comunità"})
    marco.sees("Hai lasciato Biofilande", "Ho chiesto a Carla Fumagalli")
    giulia.sees("Marco Colombani ha lasciato Biofilande")
    carla.sees(
        "Marco Colombani lascia Biofilande",
        "referente di Biofilande",
        "candidatura a MIXiii BIOMED",
        "incontro con Noa Levi",
    )
    async with community.app.database.reading() as session:
        handover = (await session.execute(select(Handover.id))).scalar_one()
    for outsider in (noa, giulia):
        await outsider.sends_action(f"org.take:{handover}")
        outsider.told("Qui non c'è (più) niente da prendere in carico.")

    await carla.presses("Sì, ci penso io")
    carla.sees("Subentri a Marco Colombani", "referente di Biofilande", "MIXiii", "Noa Levi")
    await carla.sends_action(f"org.take:{handover}")
    carla.told("Hai già risposto.")
    noa.sees("Al tuo incontro viene Carla Fumagalli al posto di Marco Colombani")
    giulia.sees("Carla Fumagalli ha preso in carico", "incontro con Noa Levi")
    async with community.app.database.reading() as session:
        assert (await session.get_one(Application, application)).person_id == carla.id
        parties = select(MeetingParty.person_id).where(MeetingParty.meeting_id == meeting)
        assert set((await session.execute(parties)).scalars()) == {carla.id, noa.id}
        booked = select(SeatBooking.person_id).where(SeatBooking.meeting_id == meeting)
        assert set((await session.execute(booked)).scalars()) == {carla.id, noa.id}
        assert (await session.get_one(OrganisationContact, house)).person_id == carla.id
        assert (await session.get_one(Person, marco.id)).organisation_id is None

    # The staff say where Marco is now.
    await giulia.presses("Scegli l'organizzazione", within="Marco Colombani ha lasciato Biofilande")
    await giulia.fills({"Organizzazione": "Haifa Labs"})
    marco.sees("Ora fai parte di Haifa Labs")


async def test_leaving_the_community_too(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Ufficio")
    marco = await community.member("Marco Colombani", organisation="Biofilande")
    await made_contact(community, marco, "Biofilande")
    await marco.says("/miaorganizzazione")
    await marco.presses("Lascio la mia organizzazione")
    await marco.fills({"E poi?": "Lascio anche la comunità"})
    marco.sees("Non fai più parte nemmeno della comunità")
    giulia.sees("Marco Colombani ha lasciato Biofilande", "Nessuno ha preso in carico", "referente di Biofilande")
    # Old buttons do nothing, and say so.
    for action in ("org.mine", "profile.show", "join.lang:it", "join.accept:it::2018-04", "home.show", "link.new"):
        await marco.sends_action(action)
        marco.told("Non fai più parte di questa comunità")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(OrganisationRequest))).scalar_one() == 0
        assert (await session.get_one(Person, marco.id)).status is PersonStatus.LEFT


async def test_staff_note_that_somebody_has_left(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Ufficio")
    marco = await community.member("Marco Colombani", organisation="Biofilande")
    house = await organisation(community, "Biofilande")
    await giulia.sends_action(f"org.members:{house.id}:0")
    await giulia.presses("Marco Colombani se n'è andato")
    await giulia.fills({"Ne sei sicuro?": "Sì, se n'è andato"})
    marco.sees("Giulia Ferrandi della segreteria ha segnato", "Biofilande")
    async with community.app.database.reading() as session:
        entry = (await session.execute(select(AuditEntry))).scalar_one()
    assert (entry.action, entry.by_person_id, entry.subject_id) == ("organisation.leave", giulia.id, marco.id)


async def test_asking_the_staff_for_another_organisation(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), organisation="Ufficio")
    tommaso = await community.member("Tommaso Brivio", roles=(Role.OWNER,), organisation="Ufficio")
    marco = await community.member("Marco Colombani", organisation="Biofilande")
    await marco.sends_action("profile.organisation")
    await marco.presses("Chiedi alla segreteria")
    await marco.fills({"Organizzazione": "Non è nella lista", "Se non è nella lista, come si chiama": "Clinica Nuova"})
    marco.sees("Finché non risponde non cambia niente")
    giulia.sees("Marco Colombani vuole passare a un'altra organizzazione", "Clinica Nuova", "Biofilande")
    async with community.app.database.reading() as session:
        request = (await session.execute(select(OrganisationRequest.id))).scalar_one()
    for verb in ("move.accept", "move.look"):
        await marco.sends_action(f"{verb}:{request}")
        marco.told("Questo può farlo solo la segreteria.")
    await giulia.says("/richieste")
    giulia.sees("Marco Colombani", "Clinica Nuova")
    await tommaso.presses("Non stavolta")
    await tommaso.fills({"Perché? Marco Colombani lo leggerà.": "Non è ancora socia del cluster."})
    marco.sees("ha lasciato la tua organizzazione com'era", "Non è ancora socia del cluster.")
    giulia.sees("✗ Non accettata, da Tommaso Brivio")
    await giulia.sends_action(f"move.accept:{request}")
    giulia.told("A questa richiesta ha già risposto qualcuno.")
    async with community.app.database.reading() as session:
        row = await session.get_one(OrganisationRequest, request)
        assert (row.state, row.reason) == (RequestState.DECLINED, "Non è ancora socia del cluster.")


async def test_a_member_moves_by_invitation_and_two_answers_race(web_community: CommunityUnderTest) -> None:
    staff = [
        await web_community.member(f"Giulia{number}", roles=(Role.STAFF,), organisation="Ufficio")
        for number in range(9)
    ]
    marco = await web_community.member("Marco Colombani", organisation="Biofilande")
    await web_community.member("Carla Fumagalli", organisation="Clinica")
    await marco.sends_action("profile.organisation")
    await marco.presses("Chiedi alla segreteria")
    await marco.fills({"Organizzazione": "Clinica"})
    async with web_community.app.database.reading() as session:
        request = (await session.execute(select(OrganisationRequest.id))).scalar_one()
    await web_community.at_once(*(who.slips_in(f"move.accept:{request}") for who in staff))
    async with web_community.app.database.reading() as session:
        entries = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "organisation.move")
        assert (await session.execute(entries)).scalar_one() == 1
    assert marco.count("Ora fai parte di Clinica") == 1

    house = await organisation(web_community, "Biofilande")
    await staff[0].sends_action(f"org.invite:{house.id}")
    await staff[0].fills({"Per quante persone?": 3, "Per quanti giorni?": 7})  # type: ignore[dict-item]  # numbers
    code = code_shown(staff[0])
    await marco.says(f"/entra {code}")
    marco.sees("Questo invito è per le persone di Biofilande")
    await web_community.at_once(*(marco.slips_in(f"join.take:{code}") for _ in range(10)))
    async with web_community.app.database.reading() as session:
        assert (await session.get_one(Person, marco.id)).organisation_id == house.id
        assert (await session.execute(select(Invite.uses_left))).scalar_one() == 2


async def test_wrong_invitations_have_an_end(web_community: CommunityUnderTest) -> None:
    marco = await web_community.member("Marco Colombani", organisation="Biofilande")
    for number in range(10):
        await marco.says(f"/entra WRONG{number:02}AAA")
        marco.sees("Questo invito non funziona (più)")
    await marco.says("/entra WRONG99AAA")
    marco.told("Troppi codici sbagliati")
    await web_community.later(minutes=61)
    await marco.says("/entra WRONG99AAA")
    marco.told("Questo invito non funziona (più)")
