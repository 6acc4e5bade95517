variable "name" {}
variable "tokens" {
  default = "optional"
}
variable "hops" {
  default = 1
}
variable "profile" {
  default = "x"
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.name
  instance_profile_name = var.profile
  instance_metadata_options {
    http_tokens                 = var.tokens
    http_put_response_hop_limit = var.hops
  }
}
