resource "aws_imagebuilder_infrastructure_configuration" "x" {}
