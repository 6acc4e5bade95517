variable "a" {
  default = { b = [{ c = "x" }] }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = true ? false ? "one" : "two" : "three"
  instance_profile_name = var.a.b[0].c == "x" ? "a-b" : "c-d"
  description           = join("", [for i in range(3) : i == 1 ? "m" : "n"])
  key_pair              = [for o in var.a.b : o.c][0]
  subnet_id             = var.a["b"].0.c
}
