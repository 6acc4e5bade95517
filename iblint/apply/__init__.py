"""From judged configurations to configurations in an account: plan, confirm, journal, create once, verify.

Knows nothing of files, rules or the command line: it is handed a judge, and what the judge saw is what is sent.
"""
