"""Three-valued evaluation of a subset of JSON Schema. A leaf: it knows nothing of rules, files or AWS.

``compiler`` is the interface. ``vocabulary`` validates the arguments of each keyword and builds its check, ``keywords``
holds these checks, ``checks`` combines them, ``kleene`` has the three truth values, ``regex`` the patterns, and
``budget`` bounds the cost of schemas that are not built in.
"""
