variable "tokens" {
  default = "required"
}
module "image" {
  source = "./image"
  name   = "web"
  tokens = var.tokens
  extra  = { Team = "web" }
}
module "api" {
  source = "./image"
  name   = "api-${module.image.name}"
}
