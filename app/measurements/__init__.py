"""Lengths, angles and HU, measured in the slices."""
