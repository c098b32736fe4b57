"""Vertebrae told apart, named and changed in the window."""
