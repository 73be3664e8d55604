"""The plan of a simulation: the order in which a file's declarations are judged.

Every declaration is judged as the real run would: the same intake prepares it, in a transaction that is rolled back,
and the deciding services are asked what they would decide. As nothing stays, what belongs together must be judged
together: a simulated file is put in the order of its people, and the declarations of one person stay together. What
reaches across people, a reference that is used for two, is found beforehand, in the order in which the file would be
decided.
"""

import heapq
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import orjson

from services.gateway.batch.folders import BY_PERSON, DECLARATIONS, OVERTAKEN
from services.gateway.batch.spool import Spooled, open_spooled, sealed, unsealed
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.validation import validate
from shared.contracts import outcomes
from shared.messaging.records import Outgoing
from shared.numbers import plain_number

_RUN: Final = 50_000
_MOST_OF_A_PERSON: Final = 20_000
_NAMES_A_THING: Final = {
    "employmentRegistration": "employment",
    "trainingRegistration": "training",
    "entitlementRegistration": "entitlement",
}


class Judges(Protocol):
    """The deciding services, asked what they would decide."""

    async def judge(self, events: Sequence[Outgoing]) -> list[outcomes.ItemOutcome]:
        """Get the items whose outcome would not be `accepted`, as in `fla.outcomes`. `events`: in order.

        Raises what keeps the services from answering.
        """


class _Row(NamedTuple):
    """A row of a sort on disk: the key it is sorted by, and its bytes."""

    key: str
    value: bytes


def plan(folder: Path, allowed: frozenset[str], today: str) -> None:
    """Sort the decoded declarations by person, and find those whose reference is another person's already.

    Memory stays flat: runs are sorted on disk. Both results are complete or not there at all. Raises
    SpoolDamagedError.
    """
    _write(folder, BY_PERSON, (row.value for row in _sorted(folder, _by_person(folder))))
    overtaken = bytearray()
    for line in _overtaken(folder, allowed, today):
        byte = line // 8
        overtaken.extend(b"\0" * (byte + 1 - len(overtaken)))
        overtaken[byte] |= 1 << line % 8
    # In digits, as a row has no line break inside.
    _write(folder, OVERTAKEN, [sealed(overtaken.hex().encode())])


def is_planned(folder: Path) -> bool:
    """Tell whether `plan` came to its end."""
    return (folder / OVERTAKEN).exists()


def overtaken_in(folder: Path) -> Callable[[int], bool]:
    """Get the test whether the reference of a line is another person's, from a line that is decided before.

    Raises SpoolDamagedError.
    """
    with open_spooled(folder / OVERTAKEN) as file:
        bits = bytes.fromhex(unsealed(file.read()).decode())
    return lambda line: line // 8 < len(bits) and bool(bits[line // 8] & 1 << line % 8)


def read_people(folder: Path, offset: int, least: int) -> tuple[list[Spooled], int]:
    """Read the declarations of the next people, at least so many unless the file ends; and the offset behind them.

    A person's declarations stay together, but for one who has more than _MOST_OF_A_PERSON. Raises SpoolDamagedError.
    """
    found: list[Spooled] = []
    with open_spooled(folder / BY_PERSON) as file:
        file.seek(offset)
        for row in file:
            one = Spooled(*orjson.loads(unsealed(row)))
            if len(found) >= least and (_person(one) != _person(found[-1]) or len(found) >= _MOST_OF_A_PERSON):
                break
            found.append(one)
            offset += len(row)
    return found, offset


def _person(one: Spooled) -> str:
    ssin = one.fields.get("ssin", "")
    return plain_number(ssin) if isinstance(ssin, str) else ""


def _spooled(folder: Path) -> Iterator[tuple[Spooled, bytes]]:
    with open_spooled(folder / DECLARATIONS) as file:
        for row in file:
            yield Spooled(*orjson.loads(unsealed(row))), row


def _by_person(folder: Path) -> Iterator[_Row]:
    return (_Row(_person(one), row) for one, row in _spooled(folder))


def _overtaken(folder: Path, allowed: frozenset[str], today: str) -> Iterator[int]:
    """Find the lines whose reference is another person's, from a line that is decided before."""
    key, first = "", ""
    for row in _sorted(folder, _by_reference(folder, allowed, today)):
        line, person = orjson.loads(row.value)
        if row.key != key:
            key, first = row.key, person
        elif person != first:
            yield line


def _by_reference(folder: Path, allowed: frozenset[str], today: str) -> Iterator[_Row]:
    """Get the reference and person of each declaration that gives something a reference and is valid by itself."""
    for one, _ in _spooled(folder):
        thing = _NAMES_A_THING.get(one.kind)
        if thing is None:
            continue
        fields, _ = validate(Declared(one.line, DeclarationKind(one.kind), one.fields), today)
        if fields is not None and "reference" in fields and fields["enterpriseNumber"] in allowed:
            yield _Row(f"{thing} {fields['reference']}", orjson.dumps((one.line, fields["ssin"])) + b"\n")


def _sorted(folder: Path, rows: Iterator[_Row]) -> Iterator[_Row]:
    """Sort the rows by key, equal ones in the order they came: in runs on disk, which are then merged."""
    runs: list[Path] = []
    with ExitStack() as open_runs:
        try:
            while piece := list(islice(rows, _RUN)):
                piece.sort(key=itemgetter(0))
                run = folder / f"run.{len(runs)}.part"
                runs.append(run)
                with _private(run) as file:
                    file.writelines(orjson.dumps((row.key, row.value.decode())) + b"\n" for row in piece)
            files = [open_runs.enter_context(run.open("rb")) for run in runs]
            yield from heapq.merge(*map(_rows, files), key=itemgetter(0))
        finally:
            for run in runs:
                run.unlink(missing_ok=True)


def _rows(file: Iterable[bytes]) -> Iterator[_Row]:
    for row in file:
        key, value = orjson.loads(row)
        yield _Row(key, value.encode())


def _write(folder: Path, name: str, pieces: Iterable[bytes]) -> None:
    draft = folder / f"{name}.part"
    with _private(draft) as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / name)


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
