"""Codes are kept under a key, addresses are read in one form."""

import string

from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.addresses import FREE_MAIL, is_free_mail, read_address, read_domain
from handlers.conversation.codes import ALPHABET, INVITE_LENGTH, CodeKeeper, looks_like_code, new_code, same, tidy
from storage.domains import enclosing, owner_of

KEEPER = CodeKeeper(b"one key")
LABELS = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
DOMAINS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)


@given(st.text(ALPHABET, min_size=1, max_size=12))
def test_a_digest_depends_on_the_key_and_hides_the_code(code: str) -> None:
    digest = KEEPER.digest(code)
    assert digest == CodeKeeper(b"one key").digest(code.lower())
    assert digest != CodeKeeper(b"another").digest(code)
    assert set(digest) <= set(string.hexdigits)
    assert len(digest) == 64
    assert "one key" not in repr(KEEPER)


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_digits_of_an_address_are_six_and_its_own(nonce: str, address: str) -> None:
    digits = KEEPER.digits(nonce, address)
    assert len(digits) == 6
    assert digits.isdecimal()
    assert digits == KEEPER.digits(nonce, address)


def test_digits_differ_by_key_nonce_and_address() -> None:
    seen = {KEEPER.digits(f"{number}", "a@b.example") for number in range(1000)}
    assert len(seen) > 990, "a million codes: a thousand draws meet rarely"
    assert {KEEPER.digits("1", f"{number}@b.example") for number in range(50)} != {KEEPER.digits("1", "0@b.example")}
    assert CodeKeeper(b"x").digits("1", "a@b.example") != CodeKeeper(b"y").digits("1", "a@b.example")


def test_what_is_kept_of_codes_accounts_and_addresses_never_meets() -> None:
    word = "telegram:1:2"
    assert len({KEEPER.digest(word), KEEPER.account("telegram", "1", "2"), KEEPER.address(word)}) == 3


@given(st.text(max_size=30), st.text(max_size=30))
def test_same_is_equality(one: str, other: str) -> None:
    assert same(one, one)
    assert same(one, other) == (one == other)


def test_new_codes_look_like_codes() -> None:
    for _ in range(200):
        code = new_code(INVITE_LENGTH)
        assert tidy(f" {code[:5].lower()}-{code[5:]} ") == code
        assert looks_like_code(code)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    address = read_address(text)
    if address is not None:
        assert read_address(str(address)) == address
        assert str(address) == str(address).lower()
        assert len(str(address)) <= 254
        assert address.mailbox.count("@") == 1
        assert "\n" not in str(address)
        assert "\r" not in str(address)


@given(LABELS, DOMAINS)
def test_an_address_is_read_whatever_stands_around_it(local: str, domain: str) -> None:
    wanted = f"{local}@{domain}"
    for typed in (wanted, f"  {wanted.upper()} ", f"<{wanted}>", f"mailto:{wanted}"):
        address = read_address(typed)
        assert address is not None, typed
        assert str(address) == wanted


def test_addresses() -> None:
    for bad in (
        "",
        "a",
        "a@b",
        "@b.example",
        "a b@c.example",
        "a@b..example",
        "a@-b.example",
        "a@1.2.3.4",
        "a@b.example\nBcc: x",
    ):
        assert read_address(bad) is None, bad
    plus = read_address("Anna+x@Clinica.example")
    assert plus is not None
    assert (str(plus), plus.mailbox, plus.shown) == (
        "anna+x@clinica.example",
        "anna@clinica.example",
        "a…@clinica.example",
    )
    assert read_domain("@Università.example") == "xn--universit-y1a.example"
    assert all(read_domain(one) == one and is_free_mail(one) for one in FREE_MAIL)


@given(DOMAINS)
def test_a_domain_lies_in_those_around_it(domain: str) -> None:
    around = enclosing(domain)
    assert around[0] == domain
    assert all("." in one and domain.endswith(one) for one in around)
    assert owner_of(domain, {1: [around[-1]]}) == 1
    assert owner_of(f"x.{domain}", {1: [domain], 2: [f"x.{domain}"]}) == 2, "the nearest wins"
    assert owner_of(domain, {1: [domain], 2: [domain]}) is None, "two owners: a person must decide"
    assert owner_of(f"not{domain}", {1: [domain]}) is None
    assert owner_of(around[-1].rpartition(".")[2], {1: [domain]}) is None
