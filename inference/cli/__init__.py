"""The command line: arguments, consoles and one module for each command."""
