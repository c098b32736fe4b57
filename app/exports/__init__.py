"""What is written of a case."""
