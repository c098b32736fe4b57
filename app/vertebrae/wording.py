"""The vertebrae's names in the window, and the reasons for them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.translation import translated

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae


def name_text(vertebrae: "CaseVertebrae", place: int) -> str:
    """The name of a vertebra counted from the head; a proposal has a question mark."""
    if vertebrae.numbering:
        return vertebrae.numbering.names[place - 1]
    if vertebrae.proposal:
        return f"{vertebrae.proposal.names[place - 1]}?"
    return str(place)


def is_proposal(vertebrae: "CaseVertebrae") -> bool:
    """Whether the names still have to be confirmed."""
    return vertebrae.numbering is None and vertebrae.proposal is not None


def reason_text(vertebrae: "CaseVertebrae") -> str:
    """Why the vertebrae have these names, and what to check."""
    translate = QCoreApplication.translate
    proposal = vertebrae.proposal
    if vertebrae.numbering:
        told = translated(vertebrae.numbering.reason)
    elif proposal is None:
        told = translate("vertebrae", "Counted from the head. Name one, and the others follow.")
    else:
        told = translate("vertebrae", "Proposal. {0}").format(translated(proposal.reason))
        if not proposal.sure:
            told += " " + translate("vertebrae", "Unsure: it may be off by one.")
    return "\n".join([told, *map(translated, vertebrae.notes)])
