"""Three-valued evaluation of a subset of JSON Schema. A leaf: it knows nothing of rules, files or AWS."""
