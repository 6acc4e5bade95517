/* A block
   comment */
# aws_imagebuilder_infrastructure_configuration in a comment
resource "aws_imagebuilder_infrastructure_configuration" "this" { // trailing
  name                  = "web" # a name
  instance_profile_name = /* inline */ "builds"
  tags = {
    # inside
    A = "b", // c
    /* x */ D = "e"
  }
  instance_types = [
    "t3.micro", # first
    // nothing
    "t3.small",
  ]
}
