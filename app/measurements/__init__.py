"""Distances, angles and HU, measured in the slices."""
