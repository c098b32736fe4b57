"""DICOM: from single headers to series, their voxels, and segmentations."""
