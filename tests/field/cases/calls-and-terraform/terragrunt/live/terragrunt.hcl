generate "ib" {
  path     = "ib.tf"
  contents = <<EOF
resource "aws_imagebuilder_infrastructure_configuration" "web" {
  name = "web"
}
EOF
}
