"""Evaluation of rules on resources."""
