"""The open case and the queue, and what happens to them."""
