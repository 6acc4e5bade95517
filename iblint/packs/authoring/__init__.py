"""Rule files: read, validated, compiled, linted, tested, scaffolded and documented."""
