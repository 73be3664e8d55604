"""The texts of anomalies: each code of the catalogue with its Belgif issue type, its severity and what people read.

Texts are gettext msgids (English), translated in `shared/locale`; `%(name)s` placeholders are filled from the anomaly's
`params`. A code is made here and nowhere else.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.i18n import N_


class Severity(StrEnum):
    """A warning is told and changes nothing; an error refuses the declaration."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Entry:
    """`issue` is the Belgif issue type (REST guide, `urn:problem-type:belgif:input-validation:…`)."""

    issue: str
    text: str
    severity: Severity = Severity.ERROR


CATALOGUE: dict[str, Entry] = {
    "requiredInput": Entry("requiredInput", N_("This field is required.")),
    "emptyInput": Entry("schemaViolation", N_("This field is empty. Fill it in, or leave it out.")),
    "unknownInput": Entry("unknownInput", N_("This field is not known here. Check its spelling or leave it out.")),
    "moreIssues": Entry("schemaViolation", N_("%(count)s more things are wrong here. Mend these first.")),
    "saidTwice": Entry("schemaViolation", N_("This is said more than once. Say it once.")),
    "wrongType": Entry("schemaViolation", N_("This value has the wrong type: %(expected)s is expected.")),
    "invalidDate": Entry(
        "schemaViolation", N_("This is not an existing date. Write it as year-month-day: 2024-06-16.")
    ),
    "invalidNumber": Entry("schemaViolation", N_("This is not a number.")),
    "notInList": Entry("schemaViolation", N_("This value is not allowed. Choose one of: %(allowed)s.")),
    "tooShort": Entry("schemaViolation", N_("This text is too short: at least %(minimum)s characters.")),
    "tooLong": Entry("schemaViolation", N_("This text is too long: at most %(maximum)s characters.")),
    "tooManyItems": Entry("schemaViolation", N_("This list is too long: at most %(maximum)s.")),
    "outOfRange": Entry("outOfRange", N_("This value must lie between %(minimum)s and %(maximum)s.")),
    "tooManyDecimals": Entry("schemaViolation", N_("This number has too many decimals: at most %(maximum)s.")),
    "malformedSsin": Entry(
        "invalidStructure",
        N_("This is not a national or BIS number: it has eleven digits, with or without the usual punctuation."),
    ),
    "malformedEnterpriseNumber": Entry(
        "invalidStructure",
        N_(
            "This is not an enterprise number: it has ten digits and begins with 0 or 1, with or without the usual "
            "punctuation."
        ),
    ),
    "invalidId": Entry("schemaViolation", N_("This is not an id of the FLA. Take it over as it was given.")),
    "invalidSsin": Entry(
        "invalidStructure", N_("This is not a valid national or BIS number: its check digits are wrong.")
    ),
    "invalidEnterpriseNumber": Entry(
        "invalidStructure", N_("This is not a valid enterprise number: its check digits are wrong.")
    ),
    "invalidJointCommittee": Entry(
        "invalidStructure", N_("This is not a joint committee: write it as 200, 225.01 or 305.02.09.")
    ),
    "invalidCollectiveAgreement": Entry(
        "invalidStructure", N_("This is not the number of a collective agreement: write it as 181682/CO/200.")
    ),
    "invalidDuration": Entry(
        "schemaViolation",
        N_("This is not a duration. Give whole hours and minutes; in a file and in the API they are written PT7H36M."),
    ),
    "durationTooShort": Entry("outOfRange", N_("A training lasts at least one minute.")),
    "invalidLanguage": Entry("schemaViolation", N_("This is not a language. Write it as two letters: nl, fr, de, en.")),
    "invalidTheme": Entry("schemaViolation", N_("This is not a theme. Write its ISCED-F code: two to four digits.")),
    "invalidText": Entry("schemaViolation", N_("This text has characters or a form that is not allowed.")),
    "endBeforeStart": Entry("invalidPeriod", N_("The end date lies before the start date.")),
    "endReasonWithoutEnd": Entry("invalidInput", N_("A reason for the end is given, but no end date.")),
    "restNotLeftToAgreement": Entry(
        "invalidInput", N_("For this reason of the end it is not left to an agreement what becomes of the rest.")
    ),
    "workingTimeTwice": Entry(
        "invalidInput", N_("Give the working time either as a part of full time or as hours a week, not both.")
    ),
    "optOutsOverlap": Entry("invalidPeriod", N_("This period overlaps another one.")),
    "untilYearBeforeYear": Entry("invalidPeriod", N_("The last year lies before the first one.")),
    "givenTwice": Entry("schemaViolation", N_("This field is given more than once.")),
    "quarterTwice": Entry("invalidInput", N_("This quarter is given twice.")),
    "quarterNotOver": Entry("invalidInput", N_("This quarter is not over yet.")),
    "termsAfterEnd": Entry("invalidPeriod", N_("These terms begin after the employment has ended.")),
    "unknownJointCommittee": Entry(
        "invalidInput", N_("No joint committee with this number is known here. Check it."), Severity.WARNING
    ),
    "nationalNumberInText": Entry(
        "rejectedInput",
        N_("This text holds a national number. Leave it out: it may stand only in the field that is made for it."),
    ),
    "periodTooLong": Entry("invalidPeriod", N_("This training lasts longer than %(maximum)s days. Check its dates.")),
    "dateTooFar": Entry("outOfRange", N_("This date must lie between %(minimum)s and %(maximum)s.")),
    "completedInFuture": Entry(
        "invalidInput", N_("A training that ends in the future cannot be completed yet. Register it as planned.")
    ),
    "plannedInPast": Entry(
        "invalidInput",
        N_("This training is planned but has ended. Tell whether it was followed."),
        Severity.WARNING,
    ),
    "chargedMoreThanDuration": Entry("invalidInput", N_("More hours are charged than the training lasted.")),
    "durationExceedsPeriod": Entry("invalidInput", N_("The training lasts longer than its days have hours.")),
    "enterpriseNotFound": Entry(
        "referencedResourceNotFound", N_("This enterprise is not registered in the FLA, or you may not act for it.")
    ),
    "employmentNotFound": Entry(
        "referencedResourceNotFound",
        N_("No employment of this person at this enterprise is known. Register the employment first."),
    ),
    "outsideEmployment": Entry(
        "invalidInput",
        N_("Days of this training lie outside the employment. They are registered but not charged."),
        Severity.WARNING,
    ),
    "entitlementNotFound": Entry(
        "referencedResourceNotFound", N_("No own figure of this employer is known for this person by that reference.")
    ),
    "trainingNotFound": Entry("referencedResourceNotFound", N_("This training is not known.")),
    "identifiesAnother": Entry(
        "rejectedInput", N_("This says something else than what you change, and cannot be changed. Leave it out.")
    ),
    "trainingCancelled": Entry(
        "rejectedInput",
        N_("This training was cancelled and cannot be changed any more. Register it anew under another reference."),
    ),
    "referenceAlreadyUsed": Entry(
        "rejectedInput",
        N_(
            "The reference %(reference)s already names something else. To change that, correct it or take it back; "
            "to register this, use another reference."
        ),
    ),
    "versionConflict": Entry(
        "rejectedInput", N_("Someone else changed this since you read it (version %(current)s). Read it again first.")
    ),
    "unchanged": Entry("rejectedInput", N_("This was registered before; nothing changed."), Severity.WARNING),
    "employmentOverlaps": Entry(
        "rejectedInput",
        N_(
            "This employment is registered already with another content. Change it, or give a second contract a "
            "reference of its own."
        ),
    ),
    "looksLikeAnother": Entry(
        "invalidInput",
        N_(
            "Another employment of this person here begins on the same day. Both count; if they are the same one, "
            "cancel one of them."
        ),
        Severity.WARNING,
    ),
    "workingTimeOverFull": Entry(
        "invalidInput",
        N_("Together the employments of this person here come to more than full time."),
        Severity.WARNING,
    ),
    "ambiguousEmployment": Entry(
        "rejectedInput",
        N_("More than one employment could be meant. Name it by its reference or id: %(employments)s."),
    ),
    "employmentCancelled": Entry(
        "rejectedInput",
        N_("This employment was cancelled and cannot be changed any more. Register it anew under another reference."),
    ),
    "entitlementCancelled": Entry(
        "rejectedInput",
        N_("This figure was taken back and cannot be changed any more. Register it anew under another reference."),
    ),
    "sameTraining": Entry(
        "invalidInput",
        N_("The same training of this person is registered already: %(other)s. It is charged once."),
        Severity.WARNING,
    ),
    "leansOnRefused": Entry(
        "rejectedInput",
        N_("Line %(line)s, which this leans on, was refused (%(reason)s). Send both again when that is mended."),
    ),
    "accessClosed": Entry(
        "rejectedInput",
        N_(
            "This person's employment here ended more than %(days)s days ago: nothing of it can be read or changed any "
            "more. Ask the operator for a correction."
        ),
    ),
    "closedFromTheStart": Entry(
        "invalidInput",
        N_("This employment ended more than %(days)s days ago: it is registered, but you cannot read or change it."),
        Severity.WARNING,
    ),
    "sizesOverlap": Entry("invalidPeriod", N_("This size overlaps another stated size of the enterprise.")),
    "termsOutOfOrder": Entry(
        "invalidPeriod", N_("The first working time must start on the day of hiring, and each next one later.")
    ),
    "reasonRequired": Entry("requiredInput", N_("Tell the reason why this deviates.")),
    "lowerThanArrangement": Entry(
        "rejectedInput",
        N_("This is less than the arrangement gives (%(days)s days). Name the collective agreement that allows it."),
    ),
    "partlyLowerThanArrangement": Entry(
        "invalidInput",
        N_("In some months this is less than the arrangement gives; there the arrangement counts."),
        Severity.WARNING,
    ),
    "notWholeYear": Entry(
        "invalidPeriod",
        N_("Resulting days are those of a whole year: leave the period out, or give full-time days instead."),
    ),
    "yearOutsideEmployment": Entry("invalidPeriod", N_("The employment does not exist in this year.")),
    "arrangementUnknown": Entry(
        "invalidInput",
        N_("The right cannot be decided: the enterprise's size or its arrangement is not known."),
        Severity.WARNING,
    ),
    "nameDiffers": Entry(
        "invalidInput",
        N_("Another name was given for this person here before. This one is shown from now on."),
        Severity.WARNING,
    ),
    # A batch file that is refused as a whole.
    "emptyFile": Entry("schemaViolation", N_("The file is empty.")),
    "notXml": Entry(
        "schemaViolation",
        N_("This is not an XML file. Export it as XML by the FLA's schema; spreadsheets and CSV are not read."),
    ),
    "notWellFormed": Entry("schemaViolation", N_("The file is not well-formed XML.")),
    "truncated": Entry("schemaViolation", N_("The file is incomplete: its end is missing.")),
    "invalidEncoding": Entry(
        "schemaViolation",
        N_("The file holds bytes or characters that its encoding does not allow."),
    ),
    "encodingNotSupported": Entry(
        "schemaViolation", N_("The file's encoding is not supported. Use one of: %(allowed)s.")
    ),
    "doctypeNotAllowed": Entry("schemaViolation", N_("The file has a DOCTYPE. Leave it out: it is never read.")),
    "entityNotAllowed": Entry(
        "schemaViolation", N_("The file uses an entity. Only those of XML itself are allowed, such as &amp;.")
    ),
    "declarationTooLarge": Entry("outOfRange", N_("A declaration is larger than %(maximum)s bytes.")),
    "fileTooLarge": Entry("outOfRange", N_("The file is larger than %(maximum)s bytes.")),
    "compressedTooMuch": Entry(
        "invalidInput", N_("This file unpacks to more than %(maximum)s times its size. Send it unpacked.")
    ),
    "invalidCompression": Entry("schemaViolation", N_("The file is not a complete gzip file.")),
    "unreadable": Entry("schemaViolation", N_("The file could not be read. Please tell the operator.")),
    # Of acknowledgements that senders have kept: a cancelled file says `cancelled` today, and is not rejected.
    "cancelledBySender": Entry("rejectedInput", N_("The sender cancelled this file before it was started.")),
    "senderDiffers": Entry(
        "rejectedInput", N_("The sender named in the file's header is not the organisation that sent it.")
    ),
    "senderNotAllowed": Entry("rejectedInput", N_("This sender may not send batch files, or no longer.")),
    "schemaInvalid": Entry("schemaViolation", N_("The file is not valid to its schema.")),
    "unknownRoot": Entry("schemaViolation", N_("The file must begin with the element %(expected)s.")),
    "missingElement": Entry("schemaViolation", N_("An element is missing here. Expected: %(expected)s.")),
    "unexpectedElement": Entry("schemaViolation", N_("This element is not expected here. Expected: %(expected)s.")),
    "textNotAllowed": Entry("schemaViolation", N_("There is text here where only elements may be.")),
    "attributeNotRight": Entry("schemaViolation", N_("An attribute is missing here, or one too many is given.")),
    "invalidForm": Entry("schemaViolation", N_("This value does not have the form that the schema prescribes.")),
}
