"""Numbers and stages as text, the same everywhere in the window."""

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from inference.values.geometry import Triple
from inference.values.table import rounded
from inference.version import version

GIB = 1 << 30
MOST_NAMED = 4
"""How many series a sentence names before it ends with dots."""

MINUS = "\N{MINUS SIGN}"


def number_text(value: float, decimals: int = 0) -> str:
    """A number as the window's language writes it: "0.57" or "0,57"."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    # Qt would round 6.25 to 6.3, and a table to 6.2.
    return locale.toString(float(rounded(value, decimals)), "f", decimals)


def sides_text(sides: Sequence[float], decimals: int = 0) -> str:
    """Lengths along three axes, without their unit: "79 × 116 × 206"."""
    return " × ".join(number_text(side, decimals) for side in sides)


def position_text(point: Triple) -> str:
    """LPS millimetres with letters for their directions, such as "L 12.3  P 4.0  H 100.5 mm"."""
    letters = ("LR", "PA", "HF")
    parts = [
        f"{pair[0] if mm >= 0 else pair[1]} {number_text(abs(mm), 1)}"
        for pair, mm in zip(letters, point, strict=True)
    ]
    return "  ".join(parts) + " mm"


def hu_text(hu: int) -> str:
    """A CT number with a real minus sign."""
    return f"{MINUS if hu < 0 else ''}{abs(hu)} HU"


def spread_text(mean: float | None, deviation: float | None) -> str:
    """A mean in HU with its standard deviation; a dash if there is none."""
    if mean is None or deviation is None:
        return "\N{EN DASH}"
    return f"{hu_text(round(mean)).removesuffix(' HU')} ± {number_text(deviation)} HU"


def duration_text(seconds: float) -> str:
    """A duration: "40 s", "3 min 05 s"."""
    whole = round(seconds)
    if whole < 60:
        return QCoreApplication.translate("wording", "{0} s").format(whole)
    return QCoreApplication.translate("wording", "{0} min {1:02d} s").format(
        whole // 60, whole % 60
    )


def memory_text(used_bytes: int) -> str:
    """An amount of memory in GiB."""
    return f"{number_text(used_bytes / GIB, 1)} GiB"


def stage_text(stage: str) -> str:
    """What the engine does in a stage."""
    texts = {
        "read": QCoreApplication.translate("wording", "Reading"),
        "resample": QCoreApplication.translate("wording", "Preparing the CT"),
        "find": QCoreApplication.translate("wording", "Locating the spine"),
        "predict": QCoreApplication.translate("wording", "Outlining the spine"),
        "mask": QCoreApplication.translate("wording", "Finishing the mask"),
        "write": QCoreApplication.translate("wording", "Writing"),
    }
    return texts.get(stage, QCoreApplication.translate("wording", "Working"))


def empty_surface_text() -> str:
    """Shown in place of the surface while there is none, whatever the reason."""
    return QCoreApplication.translate("wording", "The spine appears here in 3D.")


def date_text(day: datetime.date) -> str:
    """A date that cannot be misread: "3 May 2024", "03.05.2024"."""
    written = QCoreApplication.translate("wording", "d MMM yyyy", "a date, as QLocale writes it")
    return QLocale().toString(QDate(day.year, day.month, day.day), written)


def numbered_series_name(description: str, number: str) -> str:
    """A series with its number in the study, if it has one: "4: Abdomen"."""
    name = series_name(description)
    return f"{number}: {name}" if number else name


def series_name(description: str) -> str:
    """What the scanner called a series, or that it has no name."""
    return description or QCoreApplication.translate("wording", "No description")


def left_out_text(descriptions: Sequence[str]) -> str:
    """That one series was opened and others, with these descriptions, were not."""
    unnamed = QCoreApplication.translate("wording", "unnamed")
    names = list(dict.fromkeys(description or unnamed for description in descriptions))
    if len(names) > MOST_NAMED:
        names[MOST_NAMED:] = ["…"]
    text = QCoreApplication.translate(
        "wording", "Only one of {0} series can be used, and it was opened. Left out: {1}."
    )
    return text.format(len(descriptions) + 1, ", ".join(names))


def version_in_words() -> str:
    """The program's version with its build: "0.1.0 (build 1a2b3c4d5e of 25 Nov 2026)"."""
    now = version()
    if now.commit is None or now.date is None:
        return QCoreApplication.translate("wording", "{0} (from source)").format(now.number)
    date = date_text(datetime.date.fromisoformat(now.date))
    text = QCoreApplication.translate("wording", "{0} (build {1} of {2})")
    return text.format(now.number, now.commit, date)
