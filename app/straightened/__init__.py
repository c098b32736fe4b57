"""The spine laid out straight, beside the slices."""
