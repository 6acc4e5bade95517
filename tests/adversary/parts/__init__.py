"""The parts of the long run: modules with ``run(seconds, seed) -> counts``, which raises AssertionError on a fault."""
