"""Benchmarks of parts of iblint with pytest-benchmark: ``pytest benchmarks/micro`` (extra ``bench``)."""
