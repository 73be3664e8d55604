"""Figures, days and identifiers as written in Belgium, in each language."""

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from services.gateway.web.kit.day_rounding import DayRounding, round_days
from shared.clock import BRUSSELS
from shared.i18n import N_, Language, translate, translate_plural

_FIXED_SPACE = "\u00a0"
_NUMERIC_DATE = {Language.GERMAN: "dd.MM.yyyy"}
_HOUR = {Language.DUTCH: "u", Language.FRENCH: "h", Language.GERMAN: "Std.", Language.ENGLISH: "h"}
_BYTE_UNITS = (N_("bytes"), N_("kB"), N_("MB"), N_("GB"))


class Formatter:
    """All formatting of one visitor. Every method takes a value and returns text; None becomes an en dash."""

    def __init__(self, language: Language, rounding: DayRounding = DayRounding.EXACT) -> None:
        self.language = language
        self._figures = Locale.parse(language.territory_locale)
        self._rounding = rounding

    def date(self, value: dt.date | None) -> str:
        """Format a day: `16/06/2024`, in German `16.06.2024`."""
        if value is None:
            return "–"
        return format_date(value, _NUMERIC_DATE.get(self.language, "dd/MM/yyyy"), locale=self._figures)

    def iso_date(self, text: str) -> str:
        """Format an ISO day (`2024-06-16`). Raises ValueError for anything else."""
        return self.date(dt.date.fromisoformat(text))

    def iso_period(self, start: str, end: str) -> str:
        """Format a period of two ISO days."""
        return self.period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))

    def period(self, start: dt.date, end: dt.date | None) -> str:
        """Format a period: `16/06/2024 – 19/06/2024`, one date when both are the same, an open end as `…`."""
        if start == end:
            return self.date(start)
        return f"{self.date(start)} – {self.date(end) if end else '…'}"

    def month(self, value: dt.date) -> str:
        """Format a month: `juni 2024`."""
        return format_skeleton("yMMMM", value, locale=self._figures)

    def month_name(self, number: int) -> str:
        """Name a month: `juni` from 6."""
        return format_date(dt.date(2000, number, 1), "LLLL", locale=self._figures)

    def short_month(self, value: dt.date) -> str:
        """Abbreviate a month for the axis of a chart: `jun`."""
        return format_date(value, "LLL", locale=self._figures).rstrip(".")

    def moment(self, value: dt.datetime | None) -> str:
        """Format a UTC moment on the clock of Brussels: `16/06/2024, 14:05`."""
        if value is None:
            return "–"
        local = value.astimezone(BRUSSELS)
        return f"{self.date(local.date())}, {format_datetime(local, 'HH:mm', locale=self._figures)}"

    def clock(self, value: dt.datetime) -> str:
        """Format a UTC moment as time of day in Brussels: `14:05:09`."""
        return format_datetime(value.astimezone(BRUSSELS), "HH:mm:ss", locale=self._figures)

    def decimal(self, value: Decimal | int | None) -> str:
        """Format a number with all its decimals, without trailing zeros: `3,2`. A minus is a real minus sign."""
        if value is None:
            return "–"
        exact = Decimal(value).normalize()
        text = format_decimal(exact, "#,##0.######", locale=self._figures)
        return text.replace("-", "\u2212")

    def signed(self, value: Decimal) -> str:
        """Format a number as `decimal` does, with a plus sign where something is added."""
        shown = self.decimal(value)
        return f"+{shown}" if value > 0 else shown

    def day_figure(self, value: Decimal | None) -> str:
        """Format days of a balance, rounded as people see them, without the word."""
        return self.decimal(None if value is None else round_days(value, self._rounding))

    def days(self, value: Decimal | int | None) -> str:
        """Format days, rounded as people see them, with the word: `3,2 dagen`."""
        if value is None:
            return "–"
        return f"{self.decimal(round_days(Decimal(value), self._rounding))}{_FIXED_SPACE}{self.day_word(value)}"

    def exact_days(self, value: Decimal) -> str:
        """Format days exactly: `3,208333 dagen`. For rules, and where lines must add up."""
        return f"{self.decimal(value)}{_FIXED_SPACE}{self._word_of_days(value)}"

    def day_word(self, value: Decimal | int) -> str:
        """Choose the word that stands after a number of days: `dag`, `dagen`."""
        return self._word_of_days(round_days(Decimal(value), self._rounding))

    def hours(self, value: Decimal | int | None) -> str:
        """Format hours with the word: `24 uur`."""
        if value is None:
            return "–"
        word = translate_plural(self.language, "hour", "hours", self._plural_count(Decimal(value)))
        return f"{self.decimal(value)}{_FIXED_SPACE}{word}"

    def hours_and_minutes(self, hours: str | Decimal) -> str:
        """Format hours as hours and minutes: `7 h 36` from 7.6 or from `38/5`."""
        return self.duration(round(Fraction(hours) * 60))

    def duration(self, minutes: int | None) -> str:
        """Format minutes: `7 u 36` (in the others `7 h 36`, `7 Std. 36`), `45 min`, `8 u`."""
        if minutes is None:
            return "–"
        hours, rest = divmod(minutes, 60)
        if hours == 0:
            return f"{rest}{_FIXED_SPACE}min"
        grouped = self.decimal(hours)
        return f"{grouped}{_FIXED_SPACE}{_HOUR[self.language]}" + (f"{_FIXED_SPACE}{rest:02}" if rest else "")

    def decimal_hours(self, minutes: int) -> str:
        """Convert minutes to hours as a plain decimal for a chart's data, never for people: `7.6`."""
        return format((Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_EVEN), "f")

    def percent(self, fraction: Decimal) -> str:
        """Format a fraction as a percentage: `42 %` from 0.42."""
        return format_percent(fraction, "#,##0.## %", locale=self._figures).replace(" ", _FIXED_SPACE)

    def seconds(self, value: Decimal) -> str:
        """Format seconds for an operator: `0,4 s`, `12 min`, `3 h 05`."""
        if value < 60:
            return f"{self.decimal(value.quantize(Decimal('0.1')))}{_FIXED_SPACE}s"
        return self.duration(int(value) // 60)

    def file_size(self, size: int) -> str:
        """Format bytes in the unit that keeps it short: `2,4 MB`."""
        scaled, unit = Decimal(size), 0
        while scaled >= 1000 and unit < len(_BYTE_UNITS) - 1:
            scaled, unit = scaled / 1000, unit + 1
        shown = self.decimal(scaled.quantize(Decimal("0.1")))
        return f"{shown}{_FIXED_SPACE}{translate(self.language, _BYTE_UNITS[unit])}"

    def enterprise_number(self, digits: str) -> str:
        """Punctuate an enterprise number: `0400.000.000`."""
        return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"

    def national_number(self, digits: str) -> str:
        """Punctuate a national number: `85.07.30-033.28`. Only where the visitor typed it, or of the visitor."""
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-{digits[6:9]}.{digits[9:]}"

    def masked_national_number(self, digits: str) -> str:
        """Mask a national number: `85.07.30-***.**`, enough to tell two people of one name apart."""
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-***.**"

    def joint_committee(self, code: str) -> str:
        """Format a joint committee: `PC 200`, `CP 200`, `PK 200`, `JC 200`; `*` stands for every committee."""
        return f"{_COMMITTEE_PREFIX[self.language]}{_FIXED_SPACE}{code}"

    def _word_of_days(self, value: Decimal) -> str:
        return translate_plural(self.language, "day", "days", self._plural_count(value))

    def _plural_count(self, value: Decimal) -> int:
        """Choose a whole number with the same plural form: French says `1,5 jour`, the others `1,5 days`."""
        return 1 if self._figures.plural_form(abs(value).normalize()) == "one" else 2


class PageFormatter(Formatter):
    """For pages: where rounding hides some of a balance, its exact figure is one hover away."""

    def day_figure(self, value: Decimal | None) -> str:
        """Format days as text, or as HTML with the exact figure as a tooltip."""
        return self._with_exact(value, super().day_figure(value))

    def days(self, value: Decimal | int | None) -> str:
        """Format days as text, or as HTML with the exact figure as a tooltip."""
        return self._with_exact(None if value is None else Decimal(value), super().days(value))

    def _with_exact(self, value: Decimal | None, shown: str) -> str:
        if value is None or round_days(value, self._rounding) == value:
            return shown
        return Markup('<span title="{exact}">{shown}</span>').format(exact=self.exact_days(value), shown=shown)


_COMMITTEE_PREFIX = {Language.DUTCH: "PC", Language.FRENCH: "CP", Language.GERMAN: "PK", Language.ENGLISH: "JC"}
