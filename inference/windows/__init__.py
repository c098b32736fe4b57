"""The sliding window: where windows lie, how they are cut, run and blended."""
