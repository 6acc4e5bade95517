locals {
  n = 7
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web-${local.n % 4}-${-local.n + 10}-${local.n * 2 - 4}-${6 / 3}"
  instance_profile_name = "builds-${7 / 2}"
  description           = "${local.n > 3}-${local.n <= 3}-${!(local.n == 7)}-${1 != 2 && local.n >= 7}"
  instance_metadata_options {
    http_put_response_hop_limit = local.n - 5
  }
}
