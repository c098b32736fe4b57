"""Tests of the window, run offscreen."""
