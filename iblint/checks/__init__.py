"""The Python checks of rules that a schema cannot express: one module per check, pure functions over the model."""
