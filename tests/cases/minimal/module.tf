resource "awscc_imagebuilder_infrastructure_configuration" "builds" {
  name                  = "web-images"
  instance_profile_name = "image-builder"
}
