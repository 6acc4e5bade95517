variable "names" {
  type = list(string)
}
module "image" {
  source   = "../image"
  for_each = toset(var.names)
  settings = { name = each.key, hops = length(var.names) }
  profile  = module.profile.name
}
module "profile" {
  source = "../profile"
}
