"""The partition of a Region is that of botocore's table."""

import pytest

from iblint.model.context import partition_of

REGIONS = (
    *("eu-west-1", "us-east-1", "ap-southeast-5", "mx-central-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"),
    *("us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"),
)


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_is_in_the_partition_that_botocore_has(region: str) -> None:
    from iblint.aws.session import partition_of as botocore_partition_of

    assert partition_of(region) == botocore_partition_of(region)
