"""Checks every DICOM slice: whether it is CT, and whether it is good."""

import re

import numpy as np
from pydicom.uid import UID

from inference.read.dicom.headers import SliceHeader, is_ct_class
from inference.read.voxels.limits import SPACING_LIMITS_MM
from inference.values.messages import Sentence, Term, sentence

CT = "CT"

SKEW = 0.02
"""How far direction cosines may be from unit length and from a right angle. Some programs round
them to two digits, which changes each by up to 0.005 and these quantities by up to 0.018."""

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""Start of the SOP classes of screen captures (DICOM PS3.4 B.5)."""

STANDARD_CLASSES = "1.2.840.10008.5.1.4.1.1."
"""Start of the standard's SOP classes of stored files (DICOM PS3.4 B.5); others are private."""

SCOUTS = frozenset({"LOCALIZER", "LOCALISER", "SCOUT", "TOPOGRAM", "SURVIEW"})
"""Words in the image type of projections through the whole body."""

SCREENS = frozenset({"SCREEN", "SCREENSHOT", "DOSE", "REPORT", "PROTOCOL"})
"""Words in the image type of pictures drawn by programs."""

COMPUTED = frozenset(
    {
        *("MIP", "MINIP", "MAXIMUM", "MINIMUM", "PROJECTION", "VOLREN", "VRT", "SSD"),
        *("SUBTRACTION", "DEVIATION", "PERFUSION", "ELECTRON", "ATOMIC", "FRACTIONAL"),
    }
)
"""Words in the image type of projections, differences and maps, whose values are not the HU of what
lies in a voxel (DICOM PS3.3 C.8.2.1.1.1 and C.8.16.1.4; 3D renderings by vendors)."""

MATERIALS, REMOVED = frozenset({"SPECIFIC", "IODINE"}), "REMOVED"
"""Words in the image type of vendors' maps of a material. With the second, the material was taken
away from a CT, which is still in HU."""

INVERTED = "MONOCHROME1"
"""Small values are bright. Some programs mean the display, others have inverted the values."""

GREY = frozenset({"MONOCHROME2", INVERTED, ""})

HU_UNITS = ("HU", "HOUNSFIELD", "US")
"""Starts of the units of CT (DICOM PS3.3 C.11.1.1.2): HU, HU on a modified scale, and unspecified,
as in old CTs. Others belong to maps, such as of electron density."""

MODALITY_NAMES = {
    "MR": sentence("an MR scan"),
    "PT": sentence("a PET scan"),
    "NM": sentence("a nuclear medicine scan"),
    "US": sentence("an ultrasound"),
    "CR": sentence("a radiograph"),
    "DX": sentence("a radiograph"),
    "XA": sentence("an angiogram"),
    "SR": sentence("a report"),
    "DOC": sentence("a document"),
    "KO": sentence("a list of key images"),
    "PR": sentence("a presentation state"),
    "SEG": sentence("a segmentation"),
    "RTSTRUCT": sentence("a set of contours"),
    "RTDOSE": sentence("a dose map"),
    "RTPLAN": sentence("a treatment plan"),
    "OT": sentence("a picture of no known kind"),
}


def kind_problem(header: SliceHeader) -> Sentence | None:
    """Why this is not a slice of a CT, whatever its series; it can be left out."""
    if header.modality and header.modality != CT:
        kind = MODALITY_NAMES.get(
            header.modality, sentence("of the kind {0}", Term(header.modality))
        )
        return sentence("it is {0}, not a CT", kind)
    if header.rows == 0 or header.columns == 0:
        return sentence("it holds no image")
    words = {word for kind in header.image_type for word in re.split(r"[^A-Z]+", kind)}
    if header.sop_class.startswith(SECONDARY_CAPTURE) or words & SCREENS:
        return sentence("it is a screenshot, not a volume")
    if words & SCOUTS:
        return sentence("it is a scout, not a volume")
    if header.sop_class.startswith(STANDARD_CLASSES) and not is_ct_class(header.sop_class):
        named = sentence("of the kind {0}", Term(UID(header.sop_class).name))
        return sentence("it is {0}, not a CT", named)
    maps = frozenset() if REMOVED in words else MATERIALS
    if computed := words & (COMPUTED | maps):
        return sentence(
            "it is computed from a CT ({0}), and its values are not the HU of tissue",
            Term(min(computed)),
        )
    if header.photometric not in GREY:
        return sentence("it is in colour, and CT is not")
    return None


def slice_problem(header: SliceHeader) -> Sentence | None:
    """Why this CT slice cannot be used; leaving it out would leave a hole."""
    for keyword, said in header.misprints:
        return sentence(
            'its {0} is "{1}", which cannot be read as numbers', Term(keyword), Term(said)
        )
    if header.described not in (0, header.frames):
        return sentence(
            "its header contradicts itself: it speaks of {0} frames, but describes {1}",
            header.frames,
            header.described,
        )
    if header.orientation is None or header.position is None:
        return sentence("its slices do not say where in the patient they lie")
    if not header.row_mm and not header.column_mm:
        return sentence("it states no pixel size, or one of 0 mm")
    low, high = SPACING_LIMITS_MM
    if not (low <= header.row_mm <= high and low <= header.column_mm <= high):
        return sentence(
            "its pixels have an implausible size of {0:g} by {1:g} mm",
            header.column_mm,
            header.row_mm,
        )
    row, column = np.reshape(header.orientation, (2, 3))
    if np.abs([row @ row - 1, column @ column - 1]).max() > 2 * SKEW or abs(row @ column) > SKEW:
        return sentence("its slices are skewed, as no scanner produces them")
    return _value_problem(header)


def _value_problem(header: SliceHeader) -> Sentence | None:
    """Why the slice's values cannot be trusted to be HU."""
    if header.photometric == INVERTED:
        return sentence("it is inverted, and it is not clear whether its values are too")
    if header.has_table:
        return sentence("its values are converted by a table (Modality LUT), which is not read")
    if not header.slope or header.slope < 0 or header.intercept is None:
        return sentence("it does not say how its values are converted to HU")
    if header.unit and not header.unit.startswith(HU_UNITS):
        return sentence('its values are "{0}", not HU', header.unit)
    storage = header.storage
    if not 0 < storage.stored == storage.high + 1 <= storage.allocated:
        return sentence(
            "its header contradicts itself: it uses {0} bits of {1}, up to bit {2}",
            storage.stored,
            storage.allocated,
            storage.high,
        )
    if not storage.can_be_decoded:
        return sentence(
            "its pixels are compressed in a way that cannot be read ({0}); export it uncompressed",
            Term(UID(storage.syntax).name),
        )
    if not storage.complete:
        return sentence("it is cut short; copy the series again")
    if storage.surplus:
        return sentence("it contains more pixels than its header says")
    return None
