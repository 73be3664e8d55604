"""The same training registered more than once (domain.md section 3): one of them counts, the others say which.

Trainings are the same when they are one person's at one enterprise, on the same days, equally long and alike in title
but for case and spaces. Among them the one that was followed counts before the one that is planned, and that one
before the one that was not followed; then the one that counted already, then the one registered first. What a sender
registered as a training of its own (`distinct`) is nobody's double, and what is cancelled no longer is.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from services.registration.domain.training import Change, Training
from shared.contracts.training_submissions import TrainingContent
from shared.text import folded

_RANK = {"completed": 0, "planned": 1, "notFollowed": 2}


def key_of(person: str, content: TrainingContent) -> int:
    """Hash what the same trainings share into a number: they are found by it, then compared.

    Its upper half is the person's, so that a person's keys lie side by side in an index, and nobody can make keys meet
    those of another person: the end of the id, for an id begins with the time, which thousands of a file share. It is
    stored: another rule of folding titles needs all keys made anew.
    """
    return (int(person[-8:], 16) << 32 | _sum_of(content["startDate"], content["minutes"], content["title"])) - 2**63


@lru_cache(maxsize=16_384)
def _sum_of(start: str, minutes: int, title: str) -> int:
    """Hash a title and its days. Cached: thousands follow the same training."""
    return crc32(f"{start} {minutes} {folded(title)}".encode())


def what_is_followed(content: TrainingContent) -> tuple[str, str, int, str]:
    """Extract what trainings of one person at one enterprise share when they are the same one."""
    return content["startDate"], content["endDate"], content["minutes"], folded(content["title"])


def is_same(one: Training, other: Training) -> bool:
    """Check whether these are one training, twice."""
    return (
        one.person == other.person
        and one.enterprise == other.enterprise
        and what_is_followed(one.content) == what_is_followed(other.content)
    )


def may_be_double(training: Training) -> bool:
    """Check whether this one can be another's double, or another its."""
    return training.change is not Change.CANCELLED and not training.distinct


def counts(training: Training) -> bool:
    """Check whether others can be this one's doubles now."""
    return may_be_double(training) and training.same_as is None


def outranks(status: str, other: str) -> bool:
    """Check whether a training of this status counts before one of the other, whichever was first."""
    return _RANK.get(status, 0) < _RANK.get(other, 0)


def is_plain_double(newcomer: Training, first: Training) -> bool:
    """Check whether a training that is new is the double of this one and affects no other."""
    return (
        counts(first)
        and not newcomer.distinct
        and is_same(newcomer, first)
        and not outranks(newcomer.content["status"], first.content["status"])
    )


def match_doubles(
    before: Training | None, after: Training, others: Iterable[Training]
) -> tuple[Training, list[Training]]:
    """Match a new or changed training with the one that it doubles; and give the new versions of those it affects.

    `others`: the trainings that may be the same as it was or is. Of those left behind another may count now; of those
    joined one may count no longer.
    """
    stays = before is not None and may_be_double(before) and is_same(before, after)
    near = [other for other in others if may_be_double(other)]
    changed: list[Training] = []
    if before is not None and may_be_double(before) and not (stays and may_be_double(after)):
        _, changed = _matched([other for other in near if is_same(other, before)], after)
    if not may_be_double(after):
        return _doubling(after, None), changed
    joined = [other for other in near if is_same(other, after)]
    # Who comes to the others does not count yet, whatever it did where it came from.
    newcomer = None if stays else after.id
    counting, matched = _matched([*joined, after], after, newcomer)
    return _doubling(after, None if counting == after.id else counting), changed + matched


def _matched(
    members: Sequence[Training], cause: Training, newcomer: str | None = None
) -> tuple[str | None, list[Training]]:
    """Get the one of these that counts, and the new versions of those but the cause that said otherwise."""
    if not members:
        return None, []
    first = min(
        members,
        key=lambda one: (
            _RANK.get(one.content["status"], 0),
            one.id == newcomer or one.same_as is not None,
            one.registered_at,
            one.id,
        ),
    )
    changed = []
    for member in members:
        same_as = None if member is first else first.id
        if member.id != cause.id and member.same_as != same_as:
            changed.append(
                member._replace(
                    version=member.version + 1,
                    change=Change.MATCHED,
                    received_at=cause.received_at,
                    reason=None,
                    same_as=same_as,
                )
            )
    return first.id, changed


def _doubling(training: Training, same_as: str | None) -> Training:
    return training if training.same_as == same_as else training._replace(same_as=same_as)
