"""The secrets must survive every restart and every update: without them the identity vault cannot be read."""

from base64 import b64decode
from pathlib import Path

import pytest

from deploy.setup.secret_file import FILE_NAME, INTERNAL_KEY, VAULT_KEY, database_passwords, secrets_of
from deploy.setup.service_names import DATABASES


@pytest.fixture(autouse=True)
def no_keys_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (VAULT_KEY, INTERNAL_KEY):
        monkeypatch.delenv(name, raising=False)


def test_secrets_stay_the_same(tmp_path: Path) -> None:
    assert secrets_of(tmp_path) == secrets_of(tmp_path)


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    secrets_of(tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_secret_that_a_newer_version_needs_is_added_to_the_others(tmp_path: Path) -> None:
    before = secrets_of(tmp_path)
    kept = [line for line in (tmp_path / FILE_NAME).read_text().splitlines() if not line.startswith(INTERNAL_KEY)]
    (tmp_path / FILE_NAME).write_text("\n".join(kept) + "\nFLA_SOMEBODY_ELSES=kept\n")
    after = secrets_of(tmp_path)
    assert after[VAULT_KEY] == before[VAULT_KEY]
    assert after[INTERNAL_KEY] != before[INTERNAL_KEY]
    assert after["FLA_SOMEBODY_ELSES"] == "kept"


def test_a_key_of_the_operators_own_is_used_and_not_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = secrets_of(tmp_path)[VAULT_KEY]
    monkeypatch.setenv(VAULT_KEY, "an-own-key")
    assert secrets_of(tmp_path)[VAULT_KEY] == "an-own-key"
    assert "an-own-key" not in (tmp_path / FILE_NAME).read_text()
    monkeypatch.delenv(VAULT_KEY)
    assert secrets_of(tmp_path)[VAULT_KEY] == made


def test_the_vault_key_is_32_bytes_and_every_database_has_a_password_of_its_own(tmp_path: Path) -> None:
    secrets = secrets_of(tmp_path)
    assert len(b64decode(secrets[VAULT_KEY], validate=True)) == 32
    assert len(set(database_passwords(secrets).values())) == len(DATABASES)
