module "image" {
  source   = "./image"
  for_each = { web = "required", api = "optional" }
  name     = each.key
  tokens   = each.value
}
module "counted" {
  source = "./image"
  count  = 2
  name   = "counted-${count.index}"
  tokens = "required"
}
module "none" {
  source = "./image"
  count  = 0
  name   = "none"
  tokens = "required"
}
