"""Whoever steals the vault's table must not learn a national number from it."""

import base64

import pytest
from cryptography.exceptions import InvalidTag

from services.gateway.vault.national_number_cipher import Cipher

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()
SSIN = "85073003328"


def test_a_number_comes_back_with_the_key_and_its_person() -> None:
    assert Cipher(KEY).decrypt(Cipher(KEY).encrypt(SSIN, "person-1"), "person-1") == SSIN


def test_the_stored_bytes_do_not_hold_the_number_and_differ_each_time() -> None:
    first, second = Cipher(KEY).encrypt(SSIN, "p"), Cipher(KEY).encrypt(SSIN, "p")
    assert first != second
    assert SSIN.encode() not in first


@pytest.mark.parametrize(("key", "person"), [(OTHER, "person-1"), (KEY, "person-2")])
def test_another_key_or_a_swapped_row_is_refused(key: str, person: str) -> None:
    with pytest.raises(InvalidTag):
        Cipher(key).decrypt(Cipher(KEY).encrypt(SSIN, "person-1"), person)


def test_the_look_up_hash_depends_on_the_key() -> None:
    assert Cipher(KEY).look_up(SSIN) == Cipher(KEY).look_up(SSIN) != Cipher(OTHER).look_up(SSIN)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(base64.b64encode(b"short").decode())
