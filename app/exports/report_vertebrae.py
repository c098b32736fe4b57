"""The report's page on the vertebrae: their names, why these, and a row of figures for each."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.vertebrae.wording import is_proposal, name_text, reason_text
from app.wording import number_text

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae
    from inference.mask.vertebra_table import VertebraFacts

UNKNOWN = "\N{EN DASH}"


@dataclass(frozen=True)
class VertebraPage:
    """What the page says.

    Attributes:
        told: plain sentences: why the vertebrae are called as they are, and what is to be checked.
        proposed: whether nobody has confirmed the names.
        rows: a name and figures for each vertebra, from the head.
    """

    told: tuple[str, ...]
    proposed: bool
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, vertebrae: "CaseVertebrae") -> "VertebraPage":
        """The page of these vertebrae."""
        rows = tuple(
            (name_text(vertebrae, place), *_figures(facts))
            for place, facts in enumerate(vertebrae.table, start=1)
        )
        return cls(tuple(reason_text(vertebrae).splitlines()), is_proposal(vertebrae), rows)

    def html(self) -> str:
        """The page below its heading."""
        translate = QCoreApplication.translate
        title = translate("report_vertebrae", "Vertebrae")
        told = "".join(f"<p>{escape(one)}</p>" for one in self.told)
        heads = "".join(f'<td align="right"><b>{escape(head)}</b></td>' for head in _heads()[1:])
        first = f"<td><b>{escape(_heads()[0])}</b></td>"
        rows = "".join(self._row(*row) for row in self.rows)
        note = translate(
            "report_vertebrae",
            "Heights are of the body in the midline, HU of its inner part. A vertebra that the "
            "scan cuts is marked with an asterisk. Confidence is that of the borders to its "
            "neighbours.",
        )
        return (
            f'<p class="above">{escape(title)}</p>{told}'
            f'<table width="100%"><tr>{first}{heads}</tr>{rows}</table><p>{escape(note)}</p>'
        )

    def _row(self, name: str, *figures: str) -> str:
        shown = f"<i>{escape(name)}</i>" if self.proposed else escape(name)
        cells = "".join(f'<td align="right">{escape(figure)}</td>' for figure in figures)
        return f"<tr><td>{shown}</td>{cells}</tr>"


def _heads() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("report_vertebrae", "Vertebra"),
        translate("report_vertebrae", "Volume (mL)"),
        translate("report_vertebrae", "Height in front (mm)"),
        translate("report_vertebrae", "Middle (mm)"),
        translate("report_vertebrae", "Behind (mm)"),
        translate("report_vertebrae", "Mean (HU)"),
        translate("report_vertebrae", "Confidence"),
    )


def _figures(facts: "VertebraFacts") -> tuple[str, ...]:
    cut = "*" if facts.cut else ""
    heights = (facts.height_front_mm, facts.height_middle_mm, facts.height_back_mm)
    return (
        f"{number_text(facts.volume_ml, 1)}{cut}",
        *(UNKNOWN if mm is None else number_text(mm, 1) for mm in heights),
        UNKNOWN if facts.mean_hu is None else number_text(facts.mean_hu),
        f"{round(100 * facts.confidence)} %",
    )
