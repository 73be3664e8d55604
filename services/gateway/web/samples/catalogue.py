"""Every page in every state worth seeing: a name, a reader and a view."""

from collections.abc import Callable
from dataclasses import dataclass

from services.gateway.web import links
from services.gateway.web.rendering import View
from services.gateway.web.samples import dashboards, people, training_forms
from services.gateway.web.views.frame import Area, Frame
from shared.i18n import Language

_BAKERY = people.BAKERY.number


@dataclass(frozen=True)
class Sample:
    """One page to look at; the frame's path is the real one."""

    name: str
    frame: Callable[[Language], Frame]
    view: Callable[[Language], View]


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "dashboard",
        lambda language: people.mandatary(language, links.dashboard(_BAKERY), Area.DASHBOARD, year="2024"),
        dashboards.full,
    ),
    Sample(
        "dashboard-empty",
        lambda language: people.employer(language, links.dashboard(_BAKERY), Area.DASHBOARD),
        dashboards.empty,
    ),
    Sample(
        "training-new",
        lambda language: people.employer(language, links.new_training(_BAKERY), Area.TRAININGS),
        training_forms.blank,
    ),
    Sample(
        "training-new-errors",
        lambda language: people.employer(language, links.new_training(_BAKERY), Area.TRAININGS),
        training_forms.with_errors,
    ),
)
