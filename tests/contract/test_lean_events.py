"""A lean struct that drifts from its contract stops a service at the first event of a new release."""

from types import UnionType
from typing import Any, Literal, NotRequired, Required, get_args, get_origin, get_type_hints

import msgspec
import pytest
from typing_extensions import is_typeddict

from shared.contracts import entitlements, lean, training_submissions, trainings
from shared.contracts.envelope import encode
from shared.contracts.topics import TOPICS
from tests.contract.test_golden_events import EXAMPLES, TOPIC_OF, example

READ = [
    (trainings.TOPIC, lean.TrainingToCharge),
    (trainings.TOPIC, lean.TrainingToShow),
    (entitlements.TOPIC, lean.BalanceToShow),
    (training_submissions.TOPIC, lean.TrainingSubmitted),
]
GOLDEN = [(path, struct) for topic, struct in READ for path in EXAMPLES if TOPIC_OF[example(path)["type"]] == topic]


@pytest.mark.parametrize(("path", "struct"), GOLDEN, ids=lambda one: getattr(one, "stem", "") or str(one))
def test_every_event_ever_written_is_read_as_the_contract_reads_it(path: Any, struct: Any) -> None:
    event = example(path)
    read = msgspec.to_builtins(msgspec.json.decode(encode(event), type=struct))
    assert differences(read, event) == []


@pytest.mark.parametrize(("topic", "struct"), READ, ids=str)
def test_a_struct_asks_for_nothing_that_its_contract_may_leave_out(topic: str, struct: Any) -> None:
    """So that what the contract lets through is always read."""
    union = get_args(TOPICS[topic].event)[0]
    contracts = get_args(union) or (union,)
    structs = get_args(struct) if isinstance(struct, UnionType) else (struct,)
    for contract in contracts:
        tag = get_args(plain(get_type_hints(contract, include_extras=True)["type"]))[0]
        [reading] = [one for one in structs if one.__struct_config__.tag in (None, tag)]
        assert wrong(reading, contract, tag) == []


def wrong(struct: Any, contract: Any, at: str) -> list[str]:
    """Where a struct wants what the contract does not promise."""
    promised = get_type_hints(contract, include_extras=True)
    found = []
    for field in msgspec.structs.fields(struct):
        where = f"{at}.{field.encode_name}"
        if field.encode_name not in promised:
            found.append(f"{where}: the contract has no such field")
            continue
        kind = promised[field.encode_name]
        if field.required and get_origin(kind) is NotRequired:
            found.append(f"{where}: may be missing")
        found += _wrong_type(without_nothing(field.type), plain(kind), where)
    return found


def _wrong_type(own: Any, theirs: Any, where: str) -> list[str]:
    if get_origin(own) is list and get_origin(theirs) is list:
        return _wrong_type(get_args(own)[0], plain(get_args(theirs)[0]), where)
    if is_typeddict(theirs) and not is_typeddict(own):
        return wrong(own, theirs, where)
    if get_origin(own) is Literal:
        return [] if set(get_args(own)) >= set(get_args(theirs)) else [f"{where}: fewer values"]
    same = own is theirs or (own is str and get_origin(theirs) is Literal)
    return [] if same else [f"{where}: {own} instead of {theirs}"]


def plain(kind: Any) -> Any:
    """A type without what qualifies it."""
    while hasattr(kind, "__metadata__") or get_origin(kind) in (NotRequired, Required):
        kind = kind.__origin__ if hasattr(kind, "__metadata__") else get_args(kind)[0]
    return kind


def without_nothing(kind: Any) -> Any:
    """`X | None` is X."""
    alternatives = [one for one in get_args(kind) if one is not type(None)]
    return alternatives[0] if type(None) in get_args(kind) and len(alternatives) == 1 else kind


def differences(read: Any, event: Any, at: str = "event") -> list[str]:
    """What was read otherwise than it was written; what is not there is read as nothing."""
    if isinstance(read, dict) and isinstance(event, dict):
        return [text for name, value in read.items() for text in differences(value, event.get(name), f"{at}.{name}")]
    if isinstance(read, list) and isinstance(event, list) and len(read) == len(event):
        pairs = enumerate(zip(read, event, strict=True))
        return [text for number, (own, other) in pairs for text in differences(own, other, f"{at}[{number}]")]
    return [] if read == event else [f"{at}: {read!r} instead of {event!r}"]
