locals {
  base = { Team = "web", Env = "prod" }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = format("%s-%03d", replace("web image", " ", "-"), 7)
  instance_profile_name = element(["a1", "b1"], 3)
  description           = coalesce("", title("web image"))
  instance_types        = compact(concat(["t3.micro"], ["", "t3.small"]))
  subnet_id             = try(local.base.Nope, "subnet-${substr("0123456789abcdef0", 0, 17)}")
  security_group_ids    = flatten([["sg-0123456789abcdef0"], [["sg-1123456789abcdef0"]]])
  tags                  = merge(local.base, { Env = upper("dev") }, null)
  resource_tags         = zipmap(["a", "b"], split(",", "1,2"))
  key_pair              = values({ b = "second", a = "first" })[0]
  instance_metadata_options {
    http_tokens                 = lookup({ prod = "required" }, local.base.Env, "optional")
    http_put_response_hop_limit = max(1, 2)
  }
}
