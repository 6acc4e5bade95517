variable "container" {
  default = false
}
resource "aws_imagebuilder_infrastructure_configuration" "container" {
  count                 = var.container ? 1 : 0
  name                  = "container"
  instance_profile_name = "builds"
}
resource "aws_imagebuilder_infrastructure_configuration" "ami" {
  count                 = var.container ? 0 : 1
  name                  = "ami"
  instance_profile_name = "builds"
}
