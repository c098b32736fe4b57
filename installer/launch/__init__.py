"""What runs first in the installed program. Only the standard library is imported here."""
