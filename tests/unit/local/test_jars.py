"""A changed or broken file must never become part of the Kafka that holds all events."""

import hashlib
from pathlib import Path

import pytest

from deploy.failure import StartFailure
from deploy.local import jars
from deploy.local.jars import Jar

CONTENT = b"the bytes that were pinned"
JAR = Jar("org.example", "one", "1.0", hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file with one jar."""
    path = tmp_path / "jars.lock"
    path.write_text(f"# a comment\n\n{JAR.group}:{JAR.artifact}:{JAR.version} sha256:{JAR.sha256}\n")
    monkeypatch.setattr(jars, "LOCK_FILE", path)
    monkeypatch.setattr(jars.pinned_jars, "__defaults__", (path,))
    return path


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    def download(jar: Jar, folder: Path) -> Path:
        path = folder / jar.file_name
        path.write_bytes(content)
        return path

    monkeypatch.setattr(jars, "_download", download)


def test_the_committed_list_is_whole_and_pins_every_file() -> None:
    pinned = jars.pinned_jars()
    assert len(pinned) == 46
    assert all(len(jar.sha256) == 64 for jar in pinned)
    assert len({jar.file_name for jar in pinned}) == 46


def test_what_is_fetched_is_not_fetched_again(lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, CONTENT)
    assert jars.missing_jars(tmp_path) == (JAR,)
    told: list[tuple[int, int]] = []
    jars.fetch_jars((JAR,), tmp_path, lambda done, total: told.append((done, total)))
    assert jars.missing_jars(tmp_path) == ()
    assert told == [(1, 1)]


def test_a_download_with_other_bytes_is_refused_and_not_kept(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, b"something else")
    with pytest.raises(StartFailure, match="not the file"):
        jars.fetch_jars((JAR,), tmp_path, lambda done, total: None)
    assert jars.missing_jars(tmp_path) == (JAR,)
    assert not list(jars.jar_folder(tmp_path).iterdir())


def test_a_file_damaged_in_the_cache_is_fetched_again(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, CONTENT)
    jars.fetch_jars((JAR,), tmp_path, lambda done, total: None)
    (jars.jar_folder(tmp_path) / JAR.file_name).write_bytes(CONTENT[:-1])
    assert jars.missing_jars(tmp_path) == (JAR,)


def test_no_network_is_one_sentence(lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(jar: Jar, folder: Path) -> Path:
        raise ConnectionError("no route")

    monkeypatch.setattr(jars, "_download", unreachable)
    with pytest.raises(StartFailure, match="could not be downloaded") as failure:
        jars.fetch_jars((JAR,), tmp_path, lambda done, total: None)
    assert "network" in failure.value.remedy
