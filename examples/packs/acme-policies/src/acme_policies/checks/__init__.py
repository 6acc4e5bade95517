"""Checks of Acme's rules that a schema cannot say."""
