"""The version, a plain constant so that nothing reads package metadata at start-up."""

__version__ = "0.1.0"
