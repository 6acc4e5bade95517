"""Apply judged configurations to an account: plan, confirm, journal, create once, verify.

This package knows nothing of files, rules or the command line. It gets a function that judges, and sends exactly the
requests that were judged.
"""
