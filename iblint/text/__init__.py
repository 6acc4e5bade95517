"""Text helpers for all other packages: wording, safe printing, redaction. They know nothing of rules."""
