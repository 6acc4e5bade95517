"""Documents to resources: one module for each dialect in which people write infrastructure configurations.

Every module of this folder without a leading underscore is a dialect; ``shared/registry.py`` says what it has to offer,
and finds, imports and calls it. Rules know nothing of dialects, and nothing outside this folder names one.
"""
