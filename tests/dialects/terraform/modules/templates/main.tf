variable "names" {
  default = ["a", "b"]
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web-%{for n in var.names}${n}%{endfor}"
  instance_profile_name = "${join("-", var.names)}-profile"
  description           = <<-EOT
    Image for ${length(var.names)} things:
      %{~ for n in var.names ~}
      ${n}
      %{~ endfor ~}
  EOT
  tags = {
    "k-${var.names[0]}" = "%{if length(var.names) > 1}many%{else}one%{endif}"
  }
}
