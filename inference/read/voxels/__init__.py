"""What all readers share: stored voxels, HU, and what is plausible for a CT."""
