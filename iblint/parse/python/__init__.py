"""Python programs, read by ``ast``. Nothing is imported or executed."""
