"""Checks that every exported mask has the grid of its CT, for real and random oblique inputs.

    python -m tests.benchmarks.geometry ../shared/ct

prints Markdown: for each input and format, whether the size is equal, and the greatest differences
in spacing and origin (millimetres) and in direction (cosines). A model that answers at once
replaces the real one, because geometry does not depend on it.
"""

import argparse
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from inference import open_ct, segment
from inference.export import FORMATS, staged_folder, write_mask
from inference.model.loading import SpineModel, load_model
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.values.volume import Volume
from tests.geometries import AXIS_ALIGNED, rotation
from tests.tiny_models import write_threshold_model

DICOM_CASES = ("head_study_multi_series", "head_gantry_tilt", "thorax_20_slices")
IMAGE_FORMATS = ("nifti", "nrrd")
OBLIQUE_GRIDS = 40
SEED = 7


def real_volumes(data: Path, scratch: Path) -> Iterator[Volume]:
    """The usable inputs in the shared data, one at a time."""
    yield open_ct(data / "ircad/ircad01_dicom.zip")
    for path in (data / "ircad/ircad07_ct.nii.gz", *sorted((data / "unlabelled").iterdir())):
        yield open_ct(path)
    with zipfile.ZipFile(data / "dicom_cases.zip") as archive:
        archive.extractall(scratch)
    for name in (*DICOM_CASES, "failing/gantrytilting"):
        yield open_ct(scratch / name)


def oblique_volumes() -> Iterator[Volume]:
    """Grids with random size, spacing, origin and rotation, right- and left-handed."""
    rng = np.random.default_rng(SEED)
    for number in range(OBLIQUE_GRIDS):
        x, y, z = (int(n) for n in rng.integers(8, 64, 3))
        base = np.reshape(AXIS_ALIGNED[number % len(AXIS_ALIGNED)], (3, 3))
        geometry = Geometry(
            (x, y, z),
            as_triple(rng.uniform(0.4, 5.0, 3)),
            as_triple(rng.uniform(-500, 500, 3)),
            as_direction(rotation(*rng.uniform(-np.pi, np.pi, 3)) @ base),
        )
        hu = rng.integers(-1000, 1500, geometry.shape).astype(np.int16)
        yield Volume(hu, geometry, f"oblique {number + 1}")


def difference(volume: Volume, mask: Path) -> tuple[bool, float, float, float]:
    """Whether the size is equal, and the greatest differences in spacing, origin and direction."""
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(mask))
    reader.ReadImageInformation()
    grid = volume.geometry

    def greatest(a: tuple[float, ...], b: tuple[float, ...]) -> float:
        return float(np.abs(np.subtract(a, b)).max())

    return (
        reader.GetSize() == grid.size,
        greatest(reader.GetSpacing(), grid.spacing),
        greatest(reader.GetOrigin(), grid.origin),
        greatest(reader.GetDirection(), grid.direction),
    )


def rows(volume: Volume, model: SpineModel, scratch: Path) -> Iterator[str]:
    """One Markdown row for each format."""
    mask = segment(volume, model=model).mask
    with staged_folder(scratch) as stage:
        write_mask(mask, IMAGE_FORMATS, stage, "mask")
    for name in IMAGE_FORMATS:
        same, *differences = difference(volume, scratch / f"mask{FORMATS[name]}")
        size = "equal" if same else "DIFFERENT"
        numbers = " | ".join(f"{value:.1e}" for value in differences)
        yield f"| {volume.name} | {name} | {size} | {numbers} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder of the real CT")
    data: Path = parser.parse_args().data
    print("| input | format | size | spacing, mm | origin, mm | direction |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        model = load_model(str(write_threshold_model(scratch / "threshold.onnx")))
        for volumes in (real_volumes(data, scratch), oblique_volumes()):
            for volume in volumes:
                print("\n".join(rows(volume, model, scratch)), flush=True)


if __name__ == "__main__":
    main()
