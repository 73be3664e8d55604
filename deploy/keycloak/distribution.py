"""The pinned Keycloak: fetched once, checked, unpacked where it is to run."""

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jgo.maven import MavenContext, PythonResolver

LOCK_FILE: Final = Path(__file__).with_name("distribution.lock")


@dataclass(frozen=True)
class Distribution:
    """Maven coordinates and the SHA-256 of the zip in hexadecimal."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def folder_name(self) -> str:
        """The folder that the zip holds."""
        return f"keycloak-{self.version}"


def pinned() -> Distribution:
    """The one line of the lock file."""
    (line,) = [line for line in LOCK_FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    coordinates, digest = line.split()
    group, artifact, version = coordinates.split(":")
    return Distribution(group, artifact, version, digest.removeprefix("sha256:"))


def fetched(cache: Path) -> Path:
    """The zip in the cache, downloaded if it is not there. Raises ValueError where its bytes are not those pinned."""
    wanted = pinned()
    archive = cache / f"{wanted.artifact}-{wanted.version}.zip"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="download-") as download:
            context = MavenContext(resolver=PythonResolver(), repo_cache=Path(download), timeout=120)
            component = context.project(wanted.group, wanted.artifact).at_version(wanted.version)
            component.artifact(packaging="zip").resolve().replace(archive)
    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != wanted.sha256:
            archive.unlink()
            raise ValueError(f"{archive.name} is not the file that {LOCK_FILE.name} pins; it was removed")
    return archive


def unpacked(archive: Path, target: Path) -> Path:
    """Unpack into `target`; returns Keycloak's home. Each run has its own, because a start writes into it."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(target)
    home = target / pinned().folder_name
    (home / "bin" / "kc.sh").chmod(0o755)
    return home
