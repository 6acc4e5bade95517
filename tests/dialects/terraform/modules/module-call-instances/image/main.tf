variable "name" {}
variable "tokens" {}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.name
  instance_profile_name = "builds"
  instance_metadata_options {
    http_tokens = var.tokens
  }
}
