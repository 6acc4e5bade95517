"""Apply two rules of CloudFormation Guard to the given JSON templates."""

import json
import sys

from cfn_guard_rs import run_checks  # type: ignore[import-not-found]

RULES = """
let configurations = Resources.*[ Type == "AWS::ImageBuilder::InfrastructureConfiguration" ]

rule tokens when %configurations !empty {
    %configurations.Properties.InstanceMetadataOptions.HttpTokens == "required"
}

rule ended when %configurations !empty {
    %configurations.Properties.TerminateInstanceOnFailure == true
}
"""

for name in sys.argv[1:]:
    with open(name, "rb") as file:
        report = run_checks(json.load(file), RULES)
    print(name, report.status)
