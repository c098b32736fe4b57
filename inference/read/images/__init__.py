"""Image files: NIfTI, NRRD, MHA and MHD."""
