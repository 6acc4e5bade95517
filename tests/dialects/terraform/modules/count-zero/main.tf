resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
}
resource "aws_imagebuilder_infrastructure_configuration" "none" {
  count                 = 0
  name                  = "never"
  instance_profile_name = "builds"
}
