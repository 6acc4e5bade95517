"""Files that are generated for every run. They depend only on the seed, and are never committed."""
