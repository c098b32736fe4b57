"""The sliding window: where windows lie, and how they are cut, run and blended."""
