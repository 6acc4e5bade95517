resource "aws_imagebuilder_infrastructure_configuration" "web" {
  name                  = "web"
  instance_profile_name = "p"
}
