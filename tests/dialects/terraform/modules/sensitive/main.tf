variable "secret" {
  default   = "hunter-two"
  sensitive = true
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  description           = "uses ${var.secret}"
}
