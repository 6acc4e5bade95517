"""The commands: one module for each, with a click command named ``command``."""
