resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = local.name
  instance_profile_name = local.settings.profile
  instance_types        = local.settings["types"]
  instance_metadata_options {
    http_tokens = local.tokens
  }
}
