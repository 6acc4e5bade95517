import json
import pathlib
import tempfile

import boto3

path = pathlib.Path(tempfile.mkdtemp()) / "request.json"
path.write_text(json.dumps({"name": "web", "instanceProfileName": "builder"}))
request = json.loads(path.read_text())
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
