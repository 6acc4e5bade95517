"""Checks: what a schema cannot say. One module for each rule that needs Python; pure functions over the model."""
