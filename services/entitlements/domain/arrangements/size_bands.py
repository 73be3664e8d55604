"""Bands of enterprise sizes, as arrangements are given for: `[10,20)`, `(20,)`."""

from dataclasses import dataclass
from fractions import Fraction

from services.entitlements.domain.amounts import exact_text


@dataclass(frozen=True, slots=True)
class SizeBand:
    """Sizes from `lower` to `upper`; no upper bound is None. Compared unrounded."""

    lower: Fraction
    upper: Fraction | None
    lower_included: bool = True
    upper_included: bool = False

    def contains(self, workers: Fraction) -> bool:
        """Tell whether an enterprise of this size is in the band."""
        if workers < self.lower or (workers == self.lower and not self.lower_included):
            return False
        return self.upper is None or workers < self.upper or (workers == self.upper and self.upper_included)

    def overlaps(self, other: "SizeBand") -> bool:
        """Tell whether some size lies in both."""
        low, high = sorted((self, other), key=lambda band: (band.lower, not band.lower_included))
        for upper, included in ((low.upper, low.upper_included), (high.upper, high.upper_included)):
            if upper is None or high.lower < upper:
                continue
            if high.lower > upper or not (included and high.lower_included):
                return False
        return True

    def __str__(self) -> str:
        upper = "" if self.upper is None else exact_text(self.upper)
        return f"{'(['[self.lower_included]}{exact_text(self.lower)},{upper}{')]'[self.upper_included]}"
