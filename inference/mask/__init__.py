"""From probabilities to a mask and its surface."""
