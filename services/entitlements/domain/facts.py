"""Everything the calculation of one employment depends on."""

from dataclasses import dataclass, field

from services.entitlements.domain.arrangements.enterprise_size import Sizes
from services.entitlements.domain.charges.charged_training import Training
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.rights.overrides import OptOut, Override


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one employment.

    `siblings`: the person's other employments at the same enterprise. `overrides` and `opt_outs`: those of the
    employment and of the enterprise. `trainings`: the current version of each training of the person at the enterprise.
    A what-if is the same call with other facts.
    """

    employment: Employment
    siblings: tuple[Employment, ...] = ()
    sizes: Sizes = field(default_factory=Sizes)
    overrides: tuple[Override, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    trainings: tuple[Training, ...] = ()

    @property
    def earlier_siblings(self) -> tuple[Employment, ...]:
        """Find the employments that are charged first on days they share with this one: started earlier, then by id."""
        own = (self.employment.start, self.employment.id)
        return tuple(other for other in self.siblings if (other.start, other.id) < own)
