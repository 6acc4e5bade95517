resource "aws_imagebuilder_infrastructure_configuration" "this" {
  description = "from override"
  instance_metadata_options {
    http_tokens = "required"
  }
}
