"""Texts about arrangements: where one comes from, and why it applies or none is known."""

from collections.abc import Mapping

from shared.i18n import N_

SETS = {
    "brochure": N_("the general rule by the size of the enterprise"),
    "law": N_("the law of 3 October 2022"),
    "sector": N_("the agreement of the sector"),
}


REASONS: Mapping[str, str] = {
    "ownJointCommittee": N_("The agreement of %(decidedBy)s decides for an enterprise of this size."),
    "widerJointCommittee": N_(
        "%(jointCommittee)s has no agreement of its own for this size, so that of %(decidedBy)s decides."
    ),
    "base": N_("No joint committee has another agreement for this size, so the general rule decides."),
    "beforeFirstRow": N_("What %(decidedBy)s says is only known from %(nextFrom)s."),
    "betweenRows": N_("What %(decidedBy)s says is not known for this date."),
    "afterLastRow": N_("What %(decidedBy)s says is only known until %(previousUntil)s."),
    "sizeUnknown": N_("No size of the enterprise is known for this date."),
    "jointCommitteeUnknown": N_("No joint committee is known for this date."),
    "jointCommitteeNotListed": N_(
        "%(jointCommittee)s is not a joint committee that is known here, so nothing is said of it. Check the number."
    ),
}
