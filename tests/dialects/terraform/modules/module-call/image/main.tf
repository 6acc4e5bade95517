variable "name" {
  type = string
}
variable "tokens" {
  default = "optional"
}
variable "extra" {
  type    = map(string)
  default = null
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.name
  instance_profile_name = "builds"
  tags                  = merge({ Module = "image" }, var.extra)
  instance_metadata_options {
    http_tokens = var.tokens
  }
}
output "name" {
  value = aws_imagebuilder_infrastructure_configuration.this.name
}
