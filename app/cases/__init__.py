"""What is open and queued, and what happens to it."""
