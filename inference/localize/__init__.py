"""Where the spine is, so that windows are placed only along it."""
