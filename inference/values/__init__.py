"""The values that travel between stages: frozen, typed, and owned by no stage."""
