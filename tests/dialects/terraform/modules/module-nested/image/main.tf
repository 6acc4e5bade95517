variable "settings" {
  type = object({ name = string, hops = number, tokens = optional(string, "required") })
}
variable "profile" {
  type = string
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.settings.name
  instance_profile_name = var.profile
  instance_metadata_options {
    http_tokens                 = var.settings.tokens
    http_put_response_hop_limit = var.settings.hops
  }
}
