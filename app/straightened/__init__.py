"""The straightened spine, beside the slices."""
