"""What travels along the road: frozen, typed, and of no stage's own."""
