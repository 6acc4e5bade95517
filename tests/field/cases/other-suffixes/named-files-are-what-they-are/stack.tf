resource "awscc_imagebuilder_infrastructure_configuration" "x" {
