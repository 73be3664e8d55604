"""How large the enterprises are, per two-year window, and which joint committees they have."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from deploy.demo.generator.cast import BAKERY, BRASSERIE, LOGISTICS, ROOFERS, DemoEnterprise

_WINDOWS: Final = (2022, 2024, 2026)


@dataclass(frozen=True)
class Employer:
    """An employer as it registers itself, by its `client`, the software that sends for it.

    `workers`: one figure per window, as text; `basis`: `measured` in full-time equivalents, or `stated`.
    """

    enterprise: DemoEnterprise
    client: str
    committees: tuple[str, ...]
    basis: str
    workers: tuple[str, str, str]

    def sizes(self) -> list[dict[str, object]]:
        """List the sizes, one per window."""
        return [
            {
                "basis": self.basis,
                "workers": workers,
                "validFrom": date(year, 1, 1).isoformat(),
                "validUntil": date(year + 1, 12, 31).isoformat(),
            }
            for year, workers in zip(_WINDOWS, self.workers, strict=True)
        ]


EMPLOYERS: Final = (
    # Fewer than ten workers: no right, trainings only.
    Employer(BAKERY, "wegwijs-payroll", ("118.03",), "stated", ("5", "6", "6")),
    # Grows from below ten to the band of one day.
    Employer(BRASSERIE, "wegwijs-payroll", ("302",), "stated", ("9", "14", "15")),
    # More than twenty, without an arrangement of its own sector: five days.
    Employer(LOGISTICS, "noordzee-hr", ("140.03", "226"), "measured", ("24.25", "26.4", "27.1")),
    # Two sectors with arrangements of their own: construction for the roofers, PC 200 for the office.
    Employer(ROOFERS, "wegwijs-payroll", ("124", "200"), "measured", ("38.5", "41.75", "43")),
)
