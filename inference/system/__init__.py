"""Memory, scratch files and clocks: what the computer can give."""
