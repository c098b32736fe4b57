"""Everything that is exported from a case."""
