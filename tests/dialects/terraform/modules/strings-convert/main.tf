resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = 42
  instance_profile_name         = "builds"
  terminate_instance_on_failure = "true"
  instance_metadata_options {
    http_put_response_hop_limit = "3"
    http_tokens                 = "required"
  }
}
