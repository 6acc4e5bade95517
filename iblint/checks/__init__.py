"""The checks of rules whose schema cannot say what they mean: one module a check. Helpers begin with an underscore."""

AGGREGATE = frozenset({"name-collision"})
"""The checks that compare configurations of several files. Their rules are judged when all configurations are known;
of each they get what the rule's ``reads`` names, and in the world of the context all others."""
