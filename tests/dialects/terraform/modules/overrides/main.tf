resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  description           = "from main"
  instance_metadata_options {
    http_tokens                 = "optional"
    http_put_response_hop_limit = 1
  }
}
locals {
  unused = 1
}
variable "profile" {
  default = "x"
}
