"""Parts of iblint by pytest-benchmark, for those who work on one: ``pytest benchmarks/micro`` (extra ``bench``)."""
