"""The trainings that people follow, in the language of their enterprise."""

from dataclasses import dataclass
from typing import Final

from deploy.demo.generator.cast import BAKERY, BRASSERIE, FRENCH_PROVIDER, LOGISTICS, PROVIDER, ROOFERS, SECTOR_FUND


@dataclass(frozen=True)
class Course:
    """A course that is given several times. `theme` is an ISCED-F 2013 code; `minutes` is the whole duration.

    `provider`: key of an enterprise, a name, or None when the enterprise trains its own people.
    """

    title: str
    days: int
    minutes: int
    theme: str
    provider: str | None
    modality: str = "onSite"
    certificate_years: int | None = None
    kind: str = "formal"
    context: str = "professional"
    right_type: str = "legal"


_DAY: Final = 456
"""A full-timer's day of 7 hours and 36 minutes (a week of 38 hours)."""

_LEER: Final = PROVIDER.key
_SAVOIR: Final = FRENCH_PROVIDER.key

COURSES: Final[dict[str, tuple[Course, ...]]] = {
    LOGISTICS.key: (
        Course("Nascholing vakbekwaamheid (code 95)", 1, 420, "1041", _LEER, certificate_years=5),
        Course("Heftruck: veilig besturen", 2, 2 * _DAY, "1022", _LEER, certificate_years=5),
        Course("ADR: vervoer van gevaarlijke goederen", 3, 3 * _DAY, "1041", _LEER, certificate_years=5),
        Course("Eerste hulp bij ongevallen: jaarlijkse bijscholing", 1, 240, "1022", "Rode Draad EHBO"),
        Course("Excel voor planners", 2, 2 * _DAY, "0611", _LEER, "hybrid"),
        Course("Frans aan de telefoon", 5, 900, "0231", "Taalatelier Kust", "online"),
        Course("Omgaan met moeilijke klanten", 1, _DAY, "0417", _LEER),
        Course("Digitale tachograaf: dagelijks gebruik", 1, 120, "1041", None, kind="informal"),
        Course("Meelopen met een ervaren planner", 2, 960, "0413", None, kind="informal"),
        Course("Toolbox: laden en lossen", 1, 60, "1022", None, kind="informal"),
        Course("Douaneformaliteiten na 2024", 1, _DAY, "0411", _LEER, "online"),
        Course(
            "Bachelor logistiek (avondonderwijs)",
            60,
            7200,
            "0413",
            "Avondschool Westhoek",
            context="flemishTrainingLeave",
        ),
    ),
    BRASSERIE.key: (
        Course("Voedselveiligheid en HACCP", 1, 240, "1013", _LEER, certificate_years=3),
        Course("Wijn en spijs: de basis", 1, 180, "1013", "Sommelierclub Leie"),
        Course("Allergenen op de kaart", 1, 90, "1013", None, "online", kind="informal"),
        Course("Brandveiligheid in de keuken", 1, 180, "1022", _LEER),
        Course("Inwerken aan het koffieapparaat", 1, 60, "1013", None, kind="informal"),
        Course("Engels voor de zaal", 4, 720, "0231", "Taalatelier Kust"),
    ),
    BAKERY.key: (
        Course("Sauerteig führen", 1, 420, "0721", "Backakademie Ostbelgien"),
        Course("Hygiene in der Backstube", 1, 180, "1022", None, kind="informal"),
        Course("Französisch im Verkauf", 3, 540, "0231", "Sprachhaus Eupen"),
    ),
    ROOFERS.key: (
        Course(
            "Travail en hauteur: harnais et ancrages",
            1,
            8 * 60,
            "1022",
            _SAVOIR,
            certificate_years=3,
            right_type="sectoral",
        ),
        Course("Étanchéité des toitures plates", 3, 24 * 60, "0732", SECTOR_FUND.key, right_type="sectoral"),
        Course("Amiante: manipulations simples", 1, 8 * 60, "1022", _SAVOIR, certificate_years=1),
        Course("Secourisme: recyclage annuel", 1, 240, "1022", _SAVOIR),
        Course("Pose de panneaux photovoltaïques", 2, 16 * 60, "0713", SECTOR_FUND.key, right_type="sectoral"),
        Course("Parrainage d’un nouveau couvreur", 5, 600, "0732", None, kind="informal"),
        Course("Lecture de plans", 1, 240, "0732", None, kind="informal"),
        Course("Néerlandais sur chantier", 6, 1080, "0231", _SAVOIR, "hybrid"),
        Course("Réunion sécurité: échafaudages", 1, 60, "1022", None, kind="informal"),
        Course("Tableur pour devis", 2, 14 * 60, "0611", _SAVOIR, "online", context="paidEducationalLeave"),
    ),
}

BROCHURE_COURSE: Final = Course("Leidinggeven op de werkvloer", 4, 4 * _DAY, "0413", _LEER, certificate_years=None)
"""Given from 16 to 19 June 2024: the dates of the brochure's example."""
