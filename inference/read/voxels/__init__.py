"""What all readers share: stored voxels, HU, and what a CT can be like."""
