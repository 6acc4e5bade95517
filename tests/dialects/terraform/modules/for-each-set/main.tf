resource "aws_imagebuilder_infrastructure_configuration" "this" {
  for_each              = toset(["web", "api"])
  name                  = each.value
  instance_profile_name = "${each.key}-profile"
}
