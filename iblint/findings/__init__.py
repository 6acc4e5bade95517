"""Findings: they are collected from judgements, then pass through the filters that accept some of them."""
