variable "größe" {
  default = "groß"
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  description           = "Übergröße 🚀 ${var.größe} é"
  tags                  = { "Ключ" = "значение" }
}
