resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  instance_types        = ["t3.small", "t3.micro", "t3.small"]
}
