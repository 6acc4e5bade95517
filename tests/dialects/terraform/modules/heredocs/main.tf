resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  description           = <<EOT
Two lines \n of "text"
  $${not} %%{this} ${upper("x")}
EOT
  tags = {
    A = <<-X
      one
        two
    X
    B = trimspace(<<-X
      ${"y"}
    X
    )
  }
}
