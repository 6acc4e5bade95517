variable "env" {
  default = "prod"
}
locals {
  is_prod = var.env == "prod"
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = local.is_prod ? "web" : "web-${var.env}"
  instance_profile_name         = "builds"
  terminate_instance_on_failure = local.is_prod ? true : false
  description                   = var.env != "prod" ? "not prod" : null
  instance_types                = local.is_prod && length(var.env) > 3 ? ["m5.large"] : []
  instance_metadata_options {
    http_tokens                 = !local.is_prod ? "optional" : "required"
    http_put_response_hop_limit = local.is_prod || var.env == "x" ? 2 : 1
  }
}
