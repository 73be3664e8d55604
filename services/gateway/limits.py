"""The limits of what comes in: bytes, items, lines, texts, dates and page numbers, in one place.

What differs from one installation to another is a setting (`settings.py`): the largest batch file
(`FLA_BATCH_MAX_BYTES`), the declarations of a file that are published at once (`FLA_BATCH_CHUNK`). Nothing is imported
here, because the process that only parses files needs this too.
"""

from typing import Final

# Bodies and files

LARGEST_JSON_BODY: Final = 4 * 1024 * 1024
"""Bytes of a request's JSON body; larger sets are sent as a file."""
MOST_VALUES: Final = 100_000
"""Fields and list items in a JSON body, so that looking for what is wrong in them stays short."""
MOST_ISSUES: Final = 100
"""Issues that are told of one declaration, and in one answer beside the first of each; of the rest their number."""
MOST_ITEMS: Final = 1000
"""Declarations in one request to a `/bulk` address."""
LARGEST_DECLARATION: Final = 1024 * 1024
"""Bytes of one declaration in an XML file, so that no file fills the memory."""
LARGEST_PROLOG: Final = 64 * 1024
"""Bytes before the first element of an XML file: comments and processing instructions."""
MOST_PARSE_ATTEMPTS: Final = 5
"""Times that a file may end the parsing process; then it is rejected as unreadable."""
MOST_FAILURES: Final = 5
"""Times in a row that registering a file may fail for a reason that does not pass; then it is interrupted."""
PARSE_MEMORY: Final = 1024**3
"""Bytes of memory of the process that parses a file."""
MOST_VIOLATIONS: Final = 20
"""Violations of the XML schema that are told of one file."""
MOST_FORM_FIELDS: Final = 20
"""Fields beside the file in a multipart form."""
LARGEST_FORM_FIELD: Final = 4096
"""Bytes of one such field."""

# Headers

LONGEST_IDEMPOTENCY_KEY: Final = 128
"""Characters of an `Idempotency-Key`."""
LONGEST_PREFER: Final = 200
"""Characters of all `Prefer` headers together."""
LONGEST_WAIT_SECONDS: Final = 30
"""Seconds that `Prefer: wait` can ask for; who asks for more waits this long."""
LONGEST_ACCESS_TOKEN: Final = 16_384
"""Characters of an access token."""

# Requests

MOST_BUCKETS: Final = 100_000
"""Clients, persons and addresses whose requests are counted; who comes rarely is forgotten first."""
LINGERING_BYTES: Final = 32 * 1024 * 1024
"""Bytes of a body that are still read once the request is refused, so that its sender reads the answer."""
LINGERING_SECONDS: Final = 5.0
"""How long that may take."""
UNPACKED_RATIO: Final = 100
"""How many times its size a gzip file may grow; XML of declarations grows some twenty times."""
UNPACKED_UNHEEDED: Final = 16 * 1024 * 1024
"""Bytes up to which nobody looks at the ratio: small files of one declaration over and over."""

# Pages of a list

LAST_PAGE: Final = 1_000_000
"""Further than anyone reads, and near enough that its offset is a number the database knows."""
LARGEST_PAGE: Final = 500
"""Items on one page of a list over the API."""
LARGEST_PAGE_OF_ENTERPRISES: Final = 100
"""Enterprises on one page: each comes with its figures of a year."""

# Texts

LONGEST_REFERENCE: Final = 64
"""Characters of a sender's own reference."""
LONGEST_LINE: Final = 200
"""Characters of a title, a name or another text of one line."""
LONGEST_DESCRIPTION: Final = 4000
"""Characters of a training's description."""
LONGEST_REASON: Final = 1000
"""Characters of the reason of a correction, a cancellation or an override."""
LONGEST_FIELD_NAME: Final = 100
"""Characters of a field's name that are repeated in an anomaly: an unknown field has the name its sender gave it."""
LONGEST_REPEATED_VALUE: Final = 200
"""Characters of a value that is repeated in a problem of the API."""

# Declarations

MOST_TERMS: Final = 100
"""Dated terms of one employment."""
MOST_COMMITTEES: Final = 20
"""Joint committees of one enterprise."""
MOST_SIZES: Final = 50
"""Dated sizes of one enterprise."""
MOST_QUARTERS: Final = 100
"""Declared quarters in one registration of an enterprise."""
MOST_OPT_OUTS: Final = 20
"""Opt-outs of an employment or an enterprise."""
LONGEST_WEEK: Final = 60
"""Hours a week that somebody may be said to work."""
FIRST_YEAR: Final = 2023
"""The first year for which a right can be registered: the ledger begins then."""
LAST_YEAR: Final = 2100
"""The last year that can be named."""
FIRST_QUARTER_YEAR: Final = 2020
"""The first year of which a quarter can be declared: it decides a size from 2022 on."""
EARLIEST_DAY: Final = "1950-01-01"
"""The first day that can be declared."""
LATEST_YEARS_AHEAD: Final = 5
"""The last day that can be declared is the last one of this many years from now."""
LONGEST_TRAINING_DAYS: Final = 366 * 10
"""A bachelor's degree beside the work takes four years or more, a doctorate up to eight; beyond ten it is a year typed
wrong. Ten years cost no more to spread over its days than one.
"""

# Access

MOST_PENDING_CLAIMS: Final = 3
"""Claims of one person to represent an enterprise that wait for the operator."""
LONGEST_REOPENING_DAYS: Final = 90
"""How many days ahead the last day of a reopened access may lie."""
LONGEST_REOPENING_REASON: Final = 500
"""Characters of the operator's reason for it."""

# What an authentic source answers

LARGEST_SOURCE_ANSWER: Final = 1_000_000
"""Bytes of an answer of the source of representation."""
MOST_REPRESENTED: Final = 200
"""Enterprises of one person in such an answer."""
