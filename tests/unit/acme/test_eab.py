"""External account binding, and the fields of an account."""

import base64
import hmac
import json
import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.eab import ExternalAccount, bind
from app.encoding.base64url import b64url, b64url_decode
from app.errors import FieldError
from app.text.sentences import sentence
from app.ui.form.account import AccountForm, read_contact, read_new_account
from app.ui.form.external_account import read_external_account, read_hmac_key
from tests.unit.keys import native_key
from tests.unit.private_keys import body_of, key_files
from tests.unit.says import says

KEYS = [os.urandom(size) for size in (32, 48, 64)]


@pytest.mark.parametrize(
    "kid", [" kid-1\n", "\ufeffkid-1", "kid\u200b-1", '"kid-1"', "`kid-1`,", "\u00a0kid-1\u00a0", "'kid-1';", "kid-1\x00"]
)
def test_what_copying_adds_to_a_key_id_is_left_out(kid: str) -> None:
    read = read_external_account(kid, f"\u200b'{b64url(KEYS[0])}'")
    assert read is not None
    assert (read.kid, read.key) == ("kid-1", KEYS[0])


@pytest.mark.parametrize("kid", ["two words", "kid-1\nkid-2", "--eab-kid kid-1", "schlüssel", "x" * 513])
def test_what_is_no_key_id_is_said(kid: str) -> None:
    with pytest.raises(FieldError, match="no-key-id") as caught:
        read_external_account(kid, b64url(KEYS[0]))
    assert caught.value.field == "eab-kid"


@pytest.mark.parametrize("key", KEYS, ids=len)
def test_every_dress_of_an_hmac_key_is_read(key: bytes) -> None:
    plain, safe = base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode()
    for text in (plain, safe, plain.rstrip("="), safe.rstrip("="), f" {plain[:20]}\n{plain[20:]} "):
        assert read_hmac_key(text) == key
        google = base64.b64encode(text.strip().replace("\n", "").encode()).decode()
        if " " not in text:
            assert read_hmac_key(google) == read_hmac_key(google.rstrip("=")) == key


def test_a_key_that_is_a_passphrase_or_hex_is_taken_as_it_is() -> None:
    for key in (b"We_need_another_very_long_hmac_to_check", b"0123456789abcdef" * 4):
        assert read_hmac_key(base64.b64encode(key).decode()) == key


@given(st.binary(min_size=1))
def test_what_was_encoded_is_read_again(key: bytes) -> None:
    if not key.isascii():
        assert read_hmac_key(b64url(key)) == key


@given(st.text(), st.text())
def test_any_text_gives_credentials_or_a_clear_message_without_the_secret(kid: str, key: str) -> None:
    read = fault = None
    try:
        read = read_external_account(kid, key)
    except FieldError as error:
        fault = error
    assert fault is None or fault.field in ("eab-kid", "eab-key")
    assert len(key) < 12 or fault is None or key not in sentence(fault)
    assert read is None or (read.key and "key=" not in repr(read))


def test_binding_is_a_jws_by_the_hmac_key_over_the_accounts_public_key() -> None:
    jwk, url = native_key().public_jwk, "https://ca.example/new-account"
    binding = bind(jwk, url, ExternalAccount("kid-1", KEYS[0]))
    assert json.loads(b64url_decode(binding["protected"])) == {"alg": "HS256", "kid": "kid-1", "url": url}
    assert json.loads(b64url_decode(binding["payload"])) == jwk
    mac = hmac.digest(KEYS[0], f"{binding['protected']}.{binding['payload']}".encode(), "sha256")
    assert b64url_decode(binding["signature"]) == mac


@given(st.text())
def test_any_text_gives_contacts_or_a_clear_message(text: str) -> None:
    with suppress(FieldError):
        assert all(url.startswith("mailto:") and url.isascii() and "," not in url for url in read_contact(text))


def test_contacts_are_mailto_urls_each_once() -> None:
    assert read_contact(" a@b.example, c+d@e.example;a@b.example") == ("mailto:a@b.example", "mailto:c+d@e.example")
    assert read_contact(" ") == ()
    with pytest.raises(FieldError, check=says(r"me@example\.com"), match="contact-no-address"):
        read_contact("not-an-address")


def test_all_that_must_be_mended_is_named_at_once() -> None:
    _, errors = read_new_account(AccountForm(contact="x", eab_kid="kid", account_key_type="dsa"))
    assert [error.field for error in errors] == ["eab-key", "contact", "account-key-type"]


@pytest.mark.parametrize("key", KEYS, ids=len)
def test_the_hmac_key_does_not_pass_for_the_key_id(key: bytes) -> None:
    safe, plain = b64url(key), base64.b64encode(key).decode()
    for kid, typed in ((safe, safe), (plain, safe), (f"id {safe}", safe), (safe, "kid-1"), (safe, "q8Xv2bD0T1mV5nYc3pR7sA")):
        with pytest.raises(FieldError, match="hmac-key-as-key-id") as fault:
            read_external_account(kid, typed)
        assert fault.value.field == "eab-kid"
        assert key not in sentence(fault.value).encode()


@pytest.mark.parametrize(
    "kid",
    [
        "kid-1",
        "q8Xv2bD0T1mV5nYc3pR7sA",  # 16 bytes
        "2b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e",
        "0c2d4e6f-1a3b-4c5d-8e9f-a0b1c2d3e4f5",
        "bqi9ZkXlTMnB0nNqYcKWLiQ8vdmEw9DCTz3lTDs4d0A",  # 32 bytes, as long as an HMAC key
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ],
)
def test_key_ids_of_every_kind_pass(kid: str) -> None:
    for key in KEYS:
        assert read_external_account(kid, b64url(key)) == ExternalAccount(kid, key)


def test_a_private_key_is_no_hmac_key() -> None:
    for label in ("P-256 PKCS#8 PEM", "RSA 2048 traditional PEM"):
        for text in (key_files()[label].decode(), body_of(key_files()[label]).decode()):
            with pytest.raises(FieldError, match="private-key-as-hmac-key") as fault:
                read_external_account("kid-1", text)
            assert fault.value.field == "eab-key"
