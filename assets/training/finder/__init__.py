"""The coarse finder: where the spine is, on volumes of 4 mm. Its cases, patches and training."""
