"""The Python checks of rules that a schema cannot express: one module per check, pure functions over the model.

Helpers begin with an underscore.
"""

AGGREGATE = frozenset({"name-collision"})
"""The checks that compare configurations of several files. Their rules are judged when all configurations are known. Of
each configuration they get the paths in the rule's ``reads``, and in the world of the context all other ones."""
