locals {
  settings = jsondecode(file("${path.module}/settings.json"))
  yaml     = yamldecode(file("settings.yaml"))
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = local.settings.name
  instance_profile_name         = local.yaml.profile
  instance_types                = local.settings.types
  terminate_instance_on_failure = local.settings.terminate
  instance_metadata_options {
    http_tokens                 = local.yaml["metadata"].tokens
    http_put_response_hop_limit = local.yaml.metadata.hops
  }
}
