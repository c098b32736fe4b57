"""The packages for Linux: a ``.deb``, and a file that installs under a user's home."""
