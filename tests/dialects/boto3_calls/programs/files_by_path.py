import json
from pathlib import Path

import boto3

options = json.loads((Path(__file__).parent / "options.json").read_text())
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web", instanceProfileName="builder", instanceMetadataOptions=options
)
