"""Findings: what is shown of the judgements, how severely, and in which order."""
