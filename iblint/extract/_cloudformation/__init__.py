"""CloudFormation templates: how their values are resolved and turned into the shape of the request."""
