variable "name" {
  type = string
}

variable "http_tokens" {
  type    = string
  default = "optional"
}

# iblint: build-type=container
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.name
  instance_profile_name = "image-builder"

  instance_metadata_options {
    http_tokens                 = var.http_tokens
    http_put_response_hop_limit = 1
  }
}
