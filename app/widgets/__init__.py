"""What all panels and dialogs share: buttons, questions, and the style."""
