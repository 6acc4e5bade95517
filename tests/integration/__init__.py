"""Tests that run tools from outside: marked ``integration``, skipped visibly where a tool is missing."""
