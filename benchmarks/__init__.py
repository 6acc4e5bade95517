"""The benchmarks: what a run of iblint costs, as ratios to something that everybody can repeat.

``python -m benchmarks`` from the checkout; docs/performance.md says what is measured and how to read it.
"""
