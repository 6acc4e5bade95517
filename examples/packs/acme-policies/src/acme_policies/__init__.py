"""Acme's rules for EC2 Image Builder."""
