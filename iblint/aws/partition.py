"""Which partition a Region belongs to, by botocore's own table."""

from __future__ import annotations

import botocore.session


def partition_of(region: str) -> str:
    """``aws``, ``aws-cn``, ``aws-us-gov`` and so on; an unknown Region is placed by the form of its name."""
    partition: str = botocore.session.get_session().get_partition_for_region(region)
    return partition
