variable "create" {
  default = true
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  count                 = var.create ? 1 : 0
  name                  = "web"
  instance_profile_name = aws_iam_instance_profile.this[0].name
}
resource "aws_iam_instance_profile" "this" {
  count = var.create ? 1 : 0
  name  = "builds-${count.index}"
}
