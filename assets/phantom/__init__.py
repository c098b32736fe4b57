"""The demo phantom: a body made by code, so that the demo and the tests need no patient."""
