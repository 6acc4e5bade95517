variable "tokens" {
  default = "required"
  validation {
    condition     = contains(["required", "optional"], var.tokens)
    error_message = "Wrong."
  }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  instance_metadata_options {
    http_tokens = var.tokens
  }
}
