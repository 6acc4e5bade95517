"""What every dialect may use: registry, markers, directives, decision trees, places, the shape of a request."""
