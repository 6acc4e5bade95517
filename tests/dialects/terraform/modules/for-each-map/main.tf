locals {
  images = {
    web = { tokens = "required", hops = 2 }
    api = { tokens = "optional", hops = 1 }
  }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  for_each              = local.images
  name                  = each.key
  instance_profile_name = "builds-${each.key}"
  instance_metadata_options {
    http_tokens                 = each.value.tokens
    http_put_response_hop_limit = each.value["hops"]
  }
}
