variable "name" {
  type    = string
  default = "web"
}
variable "tokens" {
  type    = string
  default = "optional"
}
variable "hops" {
  type    = number
  default = "2"
}
variable "terminate" {
  default = true
}
variable "types" {
  type    = set(string)
  default = ["t3.micro"]
}
variable "tags" {
  type    = map(string)
  default = { A = 1 }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = var.name
  instance_profile_name         = "builds"
  instance_types                = var.types
  terminate_instance_on_failure = var.terminate
  tags                          = var.tags
  instance_metadata_options {
    http_tokens                 = var.tokens
    http_put_response_hop_limit = var.hops
  }
}
