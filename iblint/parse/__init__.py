"""Parse texts into plain data, with the span of every key and value. A leaf: it knows nothing of rules or AWS."""
