"""Text helpers: wording of values, safe printing, redaction. They know nothing of rules or AWS."""
