"""Picture, file, link buttons; previews as each platform shows it and as somebody gets it."""

import zlib

from storage.enums import Locale, Platform, Role
from tests.journeys.announcing import go_on, newest, refused, send, write
from tests.journeys.community import CommunityUnderTest


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    pixels = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def test_a_file_and_a_link_go_with_it(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    john = await community.member("John", locale=Locale.ENGLISH)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await giulia.presses(t("Picture, file, links"))
    await giulia.presses(t("Add a file"))
    await giulia.hands_in(t("File"), "programma.csv", b"ora,cosa\n09:00,Registrazione\n", "text/csv")
    giulia.sees(t("Picture, file, links"), "programma.csv")
    await giulia.presses(t("Add a link button"))
    await giulia.fills({t("Web address"): "nessun indirizzo", t("What it says in Italian"): "Programma",
                        t("What it says in English"): "Programme"})  # fmt: skip
    assert giulia.errors
    await giulia.fills({t("Web address"): "https://example.org/programma"})
    giulia.sees("Programma / Programme")
    for nosy in (anna, outsider):
        await refused(f"announce.extras:{row.id}", nosy)
        await refused(f"announce.unlink:{row.id}:0", nosy)
    await giulia.presses(t("Back to the audience"))
    giulia.button("(2)")
    await go_on(giulia)
    await giulia.presses(t.n("Send to {n} person", "Send to {n} people", 3))
    await community.later(seconds=5)
    assert await anna.downloads() == b"ora,cosa\n09:00,Registrazione\n"
    anna.sees("Sede chiusa")
    anna.button("Programma")
    john.sees("Sede chiusa EN")
    john.button("Programme")


async def test_a_picture_goes_with_it(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    t = giulia.t
    await write(giulia)
    await giulia.presses(t("Picture, file, links"))
    await giulia.presses(t("Add a picture"))
    await giulia.hands_in(t("Picture"), "sede.png", png(), "image/png")
    await giulia.presses(t("Back to the audience"))
    await send(giulia, 2)
    anna.sees("Sede chiusa", "Torniamo lunedì.")
    assert "picture" in (await newest(community)).extras


async def test_what_is_no_picture_is_refused_and_what_is_there_can_go(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    await write(giulia)
    await giulia.presses("Immagine, file, link")
    await giulia.presses("Aggiungi un'immagine")
    await giulia.hands_in("Immagine", "virus.exe", b"MZ", "application/octet-stream")
    assert "Immagine" in giulia.errors
    await giulia.hands_in("Immagine", "sede.png", png(), "image/png")
    await giulia.presses("Togli l'immagine")
    giulia.sees("Con il testo per ora non c'è altro.")
    for number in range(3):
        await giulia.presses("Aggiungi un bottone con link")
        await giulia.fills(
            {"Indirizzo web": f"https://example.org/{number}", "Che cosa dice in italiano": f"Numero {number}"}
        )
    assert all("Aggiungi un bottone" not in label for label in giulia.last.buttons)
    await giulia.presses("Togli: Numero 1")
    row = await newest(web_community)
    assert [one["it"] for one in row.extras["links"]] == ["Numero 0", "Numero 2"]
    await giulia.sends_action(f"announce.unlink:{row.id}:9")
    assert len((await newest(web_community)).extras["links"]) == 2


async def test_the_preview_as_the_platform_shows_it_and_as_somebody_gets_it(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna Bianchi")
    await community.member("Anna Verdi")
    john = await community.member("John", locale=Locale.ENGLISH)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await giulia.presses(t("Preview"))
    name = {Platform.TELEGRAM: "Telegram", Platform.SLACK: "Slack", Platform.WEB: "Chat sul web"}[community.platform]
    await giulia.presses(f"Su {name}")
    giulia.sees("Diventa 1 messaggio", "Sede chiusa", "Torniamo lunedì.")
    await giulia.presses(t("Back to the preview"))
    await giulia.presses(t("As a person gets it"))
    await giulia.fills({"Di chi?": "anna"})
    await giulia.presses("Anna Bianchi")
    giulia.sees("Come lo riceve Anna Bianchi", name, "Torniamo lunedì.")
    await giulia.sends_action(f"announce.mark:{row.id}:lang:en:in")
    await giulia.sends_action(f"announce.person:{row.id}:{anna.id}")
    giulia.sees("non è tra i destinatari")
    await giulia.sends_action(f"announce.person:{row.id}:{john.id}")
    giulia.sees("Come lo riceve John", "Torniamo lunedì. EN")
    for nosy in (anna, outsider):
        await refused(f"announce.person:{row.id}:{john.id}", nosy)
        await refused(f"announce.on:{row.id}:web:it", nosy)
