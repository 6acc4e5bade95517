resource "aws_imagebuilder_infrastructure_configuration" "this" {
  count                 = 2
  name                  = "web-${count.index}"
  instance_profile_name = "builds"
  instance_metadata_options {
    http_tokens = count.index == 0 ? "required" : "optional"
  }
}
