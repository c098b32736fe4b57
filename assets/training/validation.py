"""How good a network is on a whole patient."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.scaling import scale_hu
from inference.mask.overlap import dice
from inference.values.geometry import Shape
from inference.values.volume import AIR_HU
from inference.windows.grid import full_grid
from inference.windows.sliding import predict_slabs

PATCH: Shape = (64, 128, 128)
"""The published patch, z, y, x."""

AROUND_SPINE = 30
"""Voxels around the spine's box that are included; the whole body would take minutes."""

OVERLAP = 0.25


def dice_on_case(network: nn.Module, case: TrainingCase, device: torch.device) -> float:
    """Dice of the thresholded sliding window around the case's spine, without unknown voxels.

    Raises:
        ValueError: the case has no CT.
    """
    if case.hu is None:
        raise ValueError(f"{case.name} has no CT to validate on")
    box = tuple(
        slice(max(0, int(v.min()) - AROUND_SPINE), int(v.max()) + AROUND_SPINE)
        for v in np.nonzero(case.spine == 1)
    )

    def predict(hu: NDArray[np.float32]) -> NDArray[np.float32]:
        x = scale_hu(torch.from_numpy(hu)[None, None]).to(device)
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
            logits = network(x.contiguous(memory_format=torch.channels_last_3d))
        return torch.sigmoid(logits.float())[0, 0].cpu().numpy()

    hu = np.ascontiguousarray(case.hu[box])
    slabs = predict_slabs(
        hu.shape,
        full_grid(hu.shape, PATCH, OVERLAP),
        lambda window: predict(window.cut(hu, AIR_HU)),
    )
    found = np.concatenate([slab.probability >= 0.5 for slab in slabs])
    known = case.spine[box] != UNKNOWN
    return dice((found & known).astype(np.uint8), ((case.spine[box] == 1) & known).astype(np.uint8))
