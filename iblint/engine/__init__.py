"""Evaluation: rules applied to resources, and the three-valued schema evaluator beneath."""
