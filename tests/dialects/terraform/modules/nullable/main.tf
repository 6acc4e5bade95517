variable "tokens" {
  type     = string
  default  = "required"
  nullable = false
}
variable "hops" {
  type    = number
  default = 2
}
variable "config" {
  default = { name = "web", types = ["t3.micro", "t3.small"] }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.config["name"]
  instance_profile_name = "builds"
  instance_types        = [var.config.types[1]]
  instance_metadata_options {
    http_tokens                 = var.tokens
    http_put_response_hop_limit = var.hops
  }
}
