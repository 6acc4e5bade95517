data "aws_imagebuilder_infrastructure_configuration" "web" {
  arn = var.arn
}

resource "aws_imagebuilder_image_pipeline" "web" {
  infrastructure_configuration_arn = data.aws_imagebuilder_infrastructure_configuration.web.arn
}
# resource "aws_imagebuilder_infrastructure_configuration" "old" {
/*
resource "aws_imagebuilder_infrastructure_configuration" "older" {}
*/
