variable "teams" {
  default = { web = { size = "large" }, api = { size = "micro" } }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = join("-", [for k, v in var.teams : k])
  instance_profile_name = "builds"
  instance_types        = [for k, v in var.teams : "t3.${v.size}" if v.size != "nano"]
  tags                  = { for k, v in var.teams : upper(k) => v.size }
  resource_tags         = { for n in ["x", "y"] : n => "z" }
}
