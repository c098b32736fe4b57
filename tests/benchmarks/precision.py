"""Compares bfloat16 with float32: seconds and agreement of both masks, as Markdown.

    python -m tests.benchmarks.precision CT...

Each CT is segmented in ``follow`` mode, in memory, first in float32 and then in bfloat16. While
other programs are running, the processor time shows the ratio.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from inference import Volume, open_ct, segment
from inference.mask.overlap import dice
from inference.model.loading import load_model
from inference.model.sessions import Precision
from inference.pipeline import Segmentation


@dataclass(frozen=True, eq=False)
class Run:
    """One segmentation and its time."""

    result: Segmentation
    seconds: float
    processor_seconds: float


def run(volume: Volume, precision: Precision) -> Run:
    """Segment with finder and model in this precision."""
    model = load_model(precision=precision)
    start, processor_start = time.perf_counter(), time.process_time()
    result = segment(volume, model=model)
    end, processor_end = time.perf_counter(), time.process_time()
    return Run(result, end - start, processor_end - processor_start)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cts", nargs="+", type=Path, metavar="CT")
    options = parser.parse_args()
    if load_model(precision="bfloat16").precision != "bfloat16":
        print("This computer does not compute in bfloat16.")
        return 1
    print("| CT | windows | float32 | bfloat16 | processor time | Dice | voxels that differ |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for path in options.cts:
        volume = open_ct(path)
        exact, fast = run(volume, "float32"), run(volume, "bfloat16")
        masks = exact.result.mask.voxels, fast.result.mask.voxels
        print(
            f"| {volume.name} | {exact.result.windows_run} | {exact.seconds:.1f} s "
            f"| {fast.seconds:.1f} s | {exact.processor_seconds / fast.processor_seconds:.1f} × "
            f"less | {dice(*masks):.4f} | {(masks[0] != masks[1]).sum()} of {masks[0].sum()} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
