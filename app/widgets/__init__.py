"""What every panel and dialog shares: buttons, questions, and the style."""
