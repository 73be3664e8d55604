"""Labels: the words that people read for the codes of the contracts, like a training's kind and status."""

from collections.abc import Mapping

from services.gateway.web.kit.frame import Access, Area, Capacity
from shared.i18n import N_, Language, translate

LABELS: Mapping[str, Mapping[str, str]] = {
    "status": {
        "planned": N_("Planned"),
        "completed": N_("Completed"),
        "notFollowed": N_("Not followed"),
        "cancelled": N_("Cancelled"),
    },
    "kind": {"formal": N_("Formal"), "informal": N_("Informal")},
    "context": {
        "professional": N_("For work: counts for the right"),
        "nonProfessional": N_("Outside work: does not count"),
        "flemishTrainingLeave": N_("Flemish training leave (VOV): does not count"),
        "paidEducationalLeave": N_("Paid educational leave (BEV): does not count"),
    },
    "right": {
        "legal": N_("Legal right"),
        "sectoral": N_("Right of the sector"),
        "company": N_("Right of the company"),
    },
    "modality": {"onSite": N_("On site"), "online": N_("Online"), "hybrid": N_("On site and online")},
    "registeredBy": {
        "employer": N_("Employer"),
        "mandatary": N_("Mandatary"),
        "provider": N_("Training provider"),
        "sectorFund": N_("Sector fund"),
        "authenticSource": N_("Authentic source"),
    },
    "channel": {"web": N_("Web"), "api": N_("API"), "batch": N_("File")},
    "endReason": {
        "resignation": N_("Resignation"),
        "seriousCause": N_("Serious cause"),
        "noticeServed": N_("Notice period served"),
        "indemnity": N_("Dismissal with indemnity"),
        "mutualAgreement": N_("Mutual agreement"),
        "endOfTerm": N_("End of a fixed-term contract"),
        "retirement": N_("Retirement"),
        "other": N_("Another reason"),
    },
    "restAgreed": {
        "lost": N_("They are lost"),
        "openCredit": N_("They stay as open credit"),
    },
    "workingTimeUnit": {"percent": N_("percent of full time"), "hours": N_("hours a week")},
    "sizeOrigin": {
        "averageFullTimeEquivalents": N_("Average of the full-time equivalents"),
        "headsOfFirstLaterQuarter": N_("Workers of the first later quarter"),
    },
    "noRight": {
        "notInService": N_("Not in service in this year: there is no right."),
        "notBegun": N_("The right is granted on the first day in service."),
        "pending": N_("The right is being calculated. Load this page again in a moment."),
    },
    "restAtEnd": {
        "openCredit": N_("What is left after the end of the contract stays open as credit."),
        "undecided": N_("What becomes of the days left is undecided: the reason of the end is not known."),
    },
    "outcome": {
        "accepted": N_("Accepted"),
        "acceptedWithWarnings": N_("Accepted with warnings"),
        "unchanged": N_("Already known, unchanged"),
        "refused": N_("Refused"),
    },
    "sizeBasis": {"stated": N_("Number of workers stated"), "measured": N_("Full-time equivalents measured")},
    "entitlementBasis": {
        "fullTimeDays": N_("Days for someone who works full time"),
        "resultingDays": N_("Days this person gets"),
    },
    "language": {"nl": N_("Dutch"), "fr": N_("French"), "de": N_("German"), "en": N_("English")},
    "theme": {
        "00": N_("Generic programmes and qualifications"),
        "01": N_("Education"),
        "02": N_("Arts and humanities"),
        "03": N_("Social sciences, journalism and information"),
        "04": N_("Business, administration and law"),
        "05": N_("Natural sciences, mathematics and statistics"),
        "06": N_("Information and communication technologies"),
        "07": N_("Engineering, manufacturing and construction"),
        "08": N_("Agriculture, forestry, fisheries and veterinary"),
        "09": N_("Health and welfare"),
        "10": N_("Services"),
    },
    "field": {
        "title": N_("Title of the training"),
        "startDate": N_("First day"),
        "endDate": N_("Last day"),
        "minutes": N_("Duration"),
        "status": N_("Status"),
        "kind": N_("Kind"),
        "context": N_("Why it was followed"),
        "rightType": N_("Charged to"),
        "chargedMinutes": N_("Charged to the credit"),
        "description": N_("Description"),
        "provider.name": N_("Provider"),
        "provider.enterpriseNumber": N_("Enterprise number of the provider"),
        "provider.internal": N_("Given by our own enterprise"),
        "certificate.awarded": N_("A certificate was given"),
        "certificate.validUntil": N_("Certificate valid until"),
        "result": N_("Result"),
        "financing": N_("Financing"),
        "language": N_("Language of the training"),
        "location": N_("Place"),
        "modality": N_("How it was given"),
        "theme": N_("Theme"),
    },
    # Names of form fields that are not a training's own, as the list of errors above a form calls them.
    "formField": {
        "duration": N_("Duration"),
        "chargedDuration": N_("Charged to the credit"),
        "ssin": N_("National number or BIS number"),
        "givenName": N_("First name"),
        "familyName": N_("Family name"),
        "jointCommittee": N_("Joint committee"),
        "jointCommittees": N_("Joint committees"),
        "confirmedCommittees": N_("Joint committee"),
        "workingTime": N_("Working time"),
        "workingTimeUnit": N_("Expressed in"),
        "fullTimeWeek": N_("Hours a week of a full-timer"),
        "endReason": N_("Reason of the end"),
        "restAgreed": N_("Agreed about the days that are left"),
        "optOutFrom": N_("No automatic right: from"),
        "optOutUntil": N_("No automatic right: until and including"),
        "untilYear": N_("Until the year"),
        "quarters.year": N_("Year of the quarter"),
        "quarters.quarter": N_("Quarter"),
        "quarters.fullTimeEquivalents": N_("Full-time equivalents"),
        "quarters.heads": N_("Workers on the last day"),
        "quarters.agencyFullTimeEquivalents": N_("Full-time equivalents of agency workers"),
        "quarters.agencyHeads": N_("Agency workers"),
        "reason": N_("Reason"),
        "year": N_("Year"),
        "days": N_("Number of days"),
        "collectiveAgreement": N_("Collective agreement"),
        "validFrom": N_("From"),
        "validUntil": N_("Until and including"),
        "enterpriseNumber": N_("Enterprise number"),
        "name": N_("Name"),
        "sizes.workers": N_("Number of workers"),
        "sizes.validFrom": N_("From"),
        "size": N_("Number of workers"),
        "date": N_("On"),
        "asOf": N_("Shown at the end of"),
        "reference": N_("Reference"),
        "file": N_("XML file"),
        "text": N_("Message to the operator"),
    },
    "area": {
        Area.DASHBOARD: N_("Dashboard"),
        Area.EMPLOYEES: N_("Employees"),
        Area.TRAININGS: N_("Trainings"),
        Area.BATCHES: N_("Files"),
        Area.ENTERPRISES: N_("Enterprises"),
        Area.ME: N_("My learning account"),
        Area.OPERATOR: N_("Operations"),
    },
    "capacity": {
        Capacity.OWN: N_("Own enterprise"),
        Capacity.MANDATARY: N_("By mandate"),
        Capacity.PROVIDER: N_("Training provider"),
        Capacity.SECTOR_FUND: N_("Sector fund"),
        Capacity.INSPECTOR: N_("Inspection"),
    },
    "said": {
        "represents": N_("The source names the asker."),
        "others": N_("The source knows the enterprise and names others."),
        "unknown": N_("The source does not know the enterprise."),
        "away": N_("The source did not answer."),
        "noSource": N_("There is no source: nobody could be asked."),
        "neverAsked": N_("Registered before representation had to be proven."),
    },
    "claimState": {
        "pending": N_("Waiting for the operator"),
        "granted": N_("Granted"),
        "refused": N_("Refused"),
        "withdrawn": N_("Withdrawn"),
        "revoking": N_("Revoked, being taken back"),
        "revoked": N_("Revoked"),
    },
    "access": {Access.READ: N_("Read only"), Access.WRITE: N_("Read and register")},
}


class Labels:
    """The labels in one language: `labels("status", "completed")`."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, vocabulary: str, code: str) -> str:
        """Get the word for a code. Raises KeyError for a code that its contract does not know."""
        return translate(self._language, LABELS[vocabulary][code])

    def in_summary(self, field: str, text: str) -> str:
        """Word an error for the list above a form, with the field's name: several fields can be wrong alike."""
        known = LABELS["formField"].get(field) or LABELS["field"].get(field)
        if known is None:
            return text
        return translate(self._language, N_("%(field)s: %(text)s"), field=translate(self._language, known), text=text)

    def theme(self, code: str) -> str:
        """Get the broad field of an ISCED-F code of two to four digits."""
        return self("theme", code[:2]) if code[:2] in LABELS["theme"] else code

    def language(self, code: str) -> str:
        """Name a language: in the visitor's language for the four of the product, else its code in capitals."""
        return self("language", code) if code in LABELS["language"] else code.upper()

    def options(self, vocabulary: str) -> tuple[tuple[str, str], ...]:
        """List every code with its word, in the contract's order, for a select or radio group."""
        return tuple((code, self(vocabulary, code)) for code in LABELS[vocabulary])
