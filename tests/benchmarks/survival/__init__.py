"""Tests of closing, killing and long use: is anything left behind or lost?"""
