"""Where the spine is, so that windows are laid along it alone."""
