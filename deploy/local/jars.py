"""Jars (Kafka's): a pinned list with SHA-256, downloaded in parallel once, checked at every start."""

import hashlib
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import stamina

from deploy.failure import StartFailure

LOCK_FILE = Path(__file__).resolve().parents[1] / "kafka" / "jars.lock"
THREADS = 12


@dataclass(frozen=True)
class Jar:
    """One pinned jar: Maven coordinates and the SHA-256 of its bytes in hexadecimal."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def pinned_jars(lock_file: Path = LOCK_FILE) -> tuple[Jar, ...]:
    """Read a lock file with lines `group:artifact:version sha256:HEX`. Raises ValueError for any other line."""
    jars = []
    for line in lock_file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        coordinates, digest = line.split()
        group, artifact, version = coordinates.split(":")
        jars.append(Jar(group, artifact, version, digest.removeprefix("sha256:")))
    return tuple(jars)


def jar_folder(cache: Path, lock_file: Path | None = None) -> Path:
    """Name the folder of a list of jars (Kafka's unless named) by its hash, so that two lists never mix."""
    lock = lock_file or LOCK_FILE
    return cache / f"{lock.parent.name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"


def missing_jars(cache: Path, lock_file: Path | None = None) -> tuple[Jar, ...]:
    """List the jars that are not in the cache, or are there with other bytes than pinned."""
    folder = jar_folder(cache, lock_file)
    with ThreadPoolExecutor(max_workers=4) as pool:
        jars = pinned_jars(lock_file or LOCK_FILE)
        right = pool.map(lambda jar: _sha256(folder / jar.file_name) == jar.sha256, jars)
        return tuple(jar for jar, is_right in zip(jars, right, strict=True) if not is_right)


def fetch_jars(
    jars: tuple[Jar, ...], cache: Path, on_progress: Callable[[int, int], None], lock_file: Path | None = None
) -> None:
    """Download the jars into the cache, each checked before it gets its name; `on_progress(done, total)` after each.

    Raises StartFailure when one cannot be fetched or is not what the lock file pins.
    """
    folder = jar_folder(cache, lock_file)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="download-") as download, ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(_fetch, jar, Path(download), folder) for jar in jars]
        try:
            for done, one in enumerate(as_completed(waiting), start=1):
                one.result()
                on_progress(done, len(jars))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _fetch(jar: Jar, download: Path, folder: Path) -> None:
    try:
        fetched = _download(jar, download)
    except (OSError, RuntimeError) as error:
        raise StartFailure(
            f"The file {jar.file_name} could not be downloaded ({type(error).__name__}).",
            "Check the network connection (and HTTPS_PROXY, if you need one) and run the same command again; "
            "what was already downloaded is kept.",
        ) from error
    if _sha256(fetched) != jar.sha256:
        raise StartFailure(
            f"The downloaded {jar.file_name} is not the file that jars.lock pins.",
            "Nothing of it was kept. Try again; if it happens again, something between here and the repository "
            "changes files, so do not go on.",
        )
    fetched.replace(folder / jar.file_name)


@stamina.retry(on=OSError, attempts=3, wait_initial=0.5)
def _download(jar: Jar, download: Path) -> Path:
    # Imported where something is downloaded: every other command is quicker without.
    from jgo.maven import MavenContext, PythonResolver

    # A folder of its own per attempt: the resolver refuses to write over what a broken attempt left behind.
    attempt = Path(tempfile.mkdtemp(dir=download))
    context = MavenContext(resolver=PythonResolver(), repo_cache=attempt, timeout=30)
    path: Path = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    return path


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
