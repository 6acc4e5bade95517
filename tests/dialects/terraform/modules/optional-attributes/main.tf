variable "infrastructure" {
  type = object({
    name      = string
    profile   = optional(string, "builds")
    terminate = optional(bool, true)
    metadata  = optional(object({ tokens = optional(string, "required"), hops = optional(number, 2) }), {})
    tags      = optional(map(string), {})
  })
  default = { name = "web" }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = var.infrastructure.name
  instance_profile_name         = var.infrastructure.profile
  terminate_instance_on_failure = var.infrastructure.terminate
  tags                          = var.infrastructure.tags
  instance_metadata_options {
    http_tokens                 = var.infrastructure.metadata.tokens
    http_put_response_hop_limit = var.infrastructure.metadata.hops
  }
}
