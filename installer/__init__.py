"""How the program is frozen and packed for Linux and Windows. See the README beside this file."""
