locals {
  defaults = { tokens = "required", hops = 1, types = ["t3.micro"] }
  overrides = {
    web = { hops = 2 }
    api = { types = ["m5.large", "m5.xlarge"] }
  }
  images = { for name, own in local.overrides : name => merge(local.defaults, own) }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  for_each              = local.images
  name                  = each.key
  instance_profile_name = "builds"
  instance_types        = each.value.types
  instance_metadata_options {
    http_tokens                 = each.value.tokens
    http_put_response_hop_limit = each.value.hops
  }
}
