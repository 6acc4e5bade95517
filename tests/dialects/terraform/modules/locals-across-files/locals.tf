locals {
  tokens = "required"
  name   = "${local.prefix}-image"
  settings = {
    profile = "builds"
    types   = [for t in ["micro", "small"] : "t3.${t}"]
  }
}
