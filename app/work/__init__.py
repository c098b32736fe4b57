"""Work off the GUI thread, and the child process that runs the model."""
