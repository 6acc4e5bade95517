variable "config" {
  default = null
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = var.config == null ? "web" : var.config.name
  instance_profile_name = try(var.config.profile, "builds")
  instance_types        = try(var.config.types, null)
  key_pair              = can(var.config.key) ? "yes" : "no"
}
