"""The pinned Keycloak: downloaded once, checked, unpacked where it is to run."""

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
    """The pinned zip: Maven coordinates and its SHA-256 in hexadecimal."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def folder_name(self) -> str:
        """Name the folder that the zip holds."""
        return f"keycloak-{self.version}"


def pinned() -> Distribution:
    """Read the one line of the lock file."""
    (line,) = [line for line in LOCK_FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    coordinates, digest = line.split()
    group, artifact, version = coordinates.split(":")
    return Distribution(group, artifact, version, digest.removeprefix("sha256:"))


def fetched(cache: Path) -> Path:
    """Download the zip into the cache unless it is there. Raises ValueError if its bytes are not those pinned."""
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
    """Unpack the zip into `target`; returns Keycloak's home. A start writes into it, so each run has its own."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(target)
    home = target / pinned().folder_name
    (home / "bin" / "kc.sh").chmod(0o755)
    return home
