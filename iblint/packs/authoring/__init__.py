"""For authors of rules: read, validate, compile, lint, test, scaffold and document rule files."""
