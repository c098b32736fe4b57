"""Measurements on real CT; run by hand, never by the tests."""
