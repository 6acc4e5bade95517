"""The work: files that are made anew for every run, always the same ones for a seed, and never committed."""
