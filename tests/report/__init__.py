"""Tests of the writers. ``IBLINT_UPDATE_SNAPSHOTS=1 pytest tests/report`` rewrites the snapshots: read the diff."""
