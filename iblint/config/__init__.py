"""The configuration of a run: found, read, validated, and combined with profile, overrides and command line.

Configuration files are data; nothing in them is executed.
"""
