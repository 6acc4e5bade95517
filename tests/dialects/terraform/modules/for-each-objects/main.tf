variable "images" {
  type = list(object({
    name   = string
    types  = optional(list(string), ["t3.micro"])
    tokens = optional(string, "required")
    hops   = optional(number)
  }))
  default = [{ name = "web" }, { name = "api", types = ["m5.large"], tokens = "optional", hops = 1 }]
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  for_each              = { for image in var.images : image.name => image }
  name                  = each.key
  instance_profile_name = "builds"
  instance_types        = each.value.types
  instance_metadata_options {
    http_tokens                 = each.value.tokens
    http_put_response_hop_limit = each.value.hops
  }
}
