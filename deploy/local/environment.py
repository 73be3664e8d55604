"""Make `.venv` what the lock file says, or the lock files what pyproject.toml says.

It runs before anything is installed: nothing but the standard library here.
`python3 deploy/local/environment.py runtime` for `make up`, `... development` for `make test`, `... lock` and
`... upgrade` for `make lock`.
"""

import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "fla-environment.json"
BOOTSTRAP_LOCK = ROOT / "bootstrap.lock"
# Development contains all of runtime, in the same versions.
LOCKS = {"runtime": "requirements.lock", "development": "requirements-dev.lock"}


# What both lock files have in common: they hold on every platform, and no registry's address is in them.
_COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-emit-index-url"),
)
_LOCK_INPUTS = {
    "runtime": ("--extra", "local"),
    # The same versions as in the other file.
    "development": ("--extra", "local", "--extra", "dev", "-c", LOCKS["runtime"]),
}


class NotPossible(Exception):  # noqa: N818 - it names what happened, as people say it
    """The error when the environment or a lock file cannot be made; its text says why and what to do."""


def main(wish: str) -> int:
    """Make the environment or the lock files; exit code 1 where that is not possible.

    `runtime` and `development` return at once when the environment is as the lock says. `lock` changes as few pins as
    pyproject.toml asks for, `upgrade` takes the newest version of everything.
    """
    if wish in LOCKS and _stamp().get(wish) == _wanted(wish):
        return 0
    try:
        # Two commands at once (make up here, make test there) would write into the same folder.
        with _alone():
            have = _stamp()
            if wish not in LOCKS:
                _write_locks(upgrade=wish == "upgrade")
            elif have.get(wish) != _wanted(wish):
                # An environment for development stays one when only its `make up` part is out of date.
                _make("development" if "development" in have else wish)
    except NotPossible as problem:
        print(f"✗ {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("✗ Interrupted. Run the same command again; what was already fetched is kept.", file=sys.stderr)
        return 130
    return 0


@contextmanager
def _alone() -> Iterator[None]:
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make(kind: str) -> None:
    uv = _uv()
    print(f"Python packages: installing what {LOCKS[kind]} pins into .venv", flush=True)
    STAMP.unlink(missing_ok=True)
    if not _runs([str(_python()), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        _run(
            [*uv, "venv", "--quiet", "--python", sys.executable, str(ENVIRONMENT)], "The folder .venv could not be made"
        )
    # Compiled now, not by every process of the first start at the same time (and by every start where
    # PYTHONDONTWRITEBYTECODE is set).
    sync = [*uv, "pip", "sync", "--compile-bytecode", "--python", str(_python()), "--require-hashes"]
    # Half a gigabyte may have to come: on a terminal uv shows how far it is.
    quiet = () if sys.stderr.isatty() else ("--quiet",)
    _run([*sync, *quiet, str(ROOT / LOCKS[kind])], "The Python packages could not be installed")
    _add_project()
    kinds = ("runtime", kind) if kind == "development" else (kind,)
    STAMP.write_text(json.dumps({name: _wanted(name) for name in kinds}), encoding="utf-8")


def _write_locks(*, upgrade: bool) -> None:
    uv = _uv()
    newest = ("--upgrade",) if upgrade else ()
    for kind, inputs in _LOCK_INPUTS.items():
        print(f"Lock file: {LOCKS[kind]}", flush=True)
        _run(
            [*uv, *_COMPILE, *newest, *inputs, "pyproject.toml", "-o", LOCKS[kind]],
            f"{LOCKS[kind]} could not be written",
        )


def _wanted(kind: str) -> str:
    """Describe the environment that is right now: hash of its lock, version of this Python, folder of the checkout."""
    lock = hashlib.sha256((ROOT / LOCKS[kind]).read_bytes()).hexdigest()
    return f"{lock} python {sys.version_info.major}.{sys.version_info.minor} at {ROOT}"


def _stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if _python().exists() else {}


def _python() -> Path:
    return ENVIRONMENT / "bin" / "python"


def _add_project() -> None:
    """Let the environment import this checkout and give it the `fla` command, without building anything."""
    ask = [str(_python()), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    # As code in plain ASCII: a path with an é would be read in the encoding of whoever starts Python.
    (packages / "fla.pth").write_text(f"import sys; sys.path.append({str(ROOT)!a})\n", encoding="ascii")
    command = ENVIRONMENT / "bin" / "fla"
    # -P: a folder called `cli` where the command is typed is not meant.
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(_python()))} -P -m cli.main "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def _uv() -> list[str]:
    """Find the installed uv, else fetch the pinned one of bootstrap.lock once through pip."""
    found = shutil.which("uv")
    if found and _runs([found, "--version"]):
        return [found]
    try:
        cache = Path(os.environ.get("FLA_CACHE_DIR") or "~/.cache/fla").expanduser()
    except RuntimeError as error:
        raise NotPossible("This user has no home folder.\n  Name a folder for downloads in FLA_CACHE_DIR.") from error
    folder = (ROOT / cache) / f"uv-{hashlib.sha256(BOOTSTRAP_LOCK.read_bytes()).hexdigest()[:12]}"
    uv = folder / "bin" / "uv"
    if not _runs([str(uv), "--version"]):
        print("Installer: fetching uv", flush=True)
        with_pip = _python_with_pip(folder)
        _run(
            [
                *(with_pip, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
                *(
                    "--root-user-action=ignore",
                    "--require-hashes",
                    "--upgrade",
                    "--target",
                    str(folder),
                    "-r",
                    str(BOOTSTRAP_LOCK),
                ),
            ],
            "The installer (uv) could not be fetched",
        )
    return [str(uv)]


def _python_with_pip(folder: Path) -> str:
    """Find a Python with pip: this one, else one in a folder of its own, which needs the module ensurepip."""
    if _runs([sys.executable, "-m", "pip", "--version"]):
        return sys.executable
    own = folder.with_name(f"{folder.name}-pip")
    if not _runs([sys.executable, "-m", "venv", "--clear", str(own)]):
        raise NotPossible(
            "This Python has neither pip nor a complete venv, so nothing can be installed with it.\n"
            "  On Debian and Ubuntu: apt install python3-venv; or install uv. Then run the same command again."
        )
    return str(own / "bin" / "python")


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(command: list[str], sentence: str) -> None:
    try:
        failed = subprocess.run(command, check=False, cwd=ROOT, env=_with_pip_settings()).returncode != 0
    except OSError as error:
        raise NotPossible(f"{sentence}: {error}.\n  Correct that and run the same command again.") from error
    if failed:
        raise NotPossible(
            f"{sentence}; the reason is above.\n"
            "  Check the network connection (HTTPS_PROXY, if you need one) and the disk space, then run the same "
            "command again; what was already fetched is kept."
        )


def _with_pip_settings() -> dict[str, str]:
    """Pass on to uv, which does not read pip's settings, an index, an archive folder or certificates set for pip."""
    environment = dict(os.environ)
    answers = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    configured = dict(line.partition("=")[::2] for line in answers.splitlines() if "=" in line)
    for uv_name, pip_name in (
        ("UV_DEFAULT_INDEX", "index-url"),
        ("UV_INDEX", "extra-index-url"),
        ("UV_FIND_LINKS", "find-links"),
        ("SSL_CERT_FILE", "cert"),
    ):
        from_file = next(
            (configured[f"{part}.{pip_name}"] for part in ("install", "global") if f"{part}.{pip_name}" in configured),
            "",
        )
        value = os.environ.get("PIP_" + pip_name.upper().replace("-", "_")) or from_file.strip("'\"")
        if value:
            environment.setdefault(uv_name, value)
    return environment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
