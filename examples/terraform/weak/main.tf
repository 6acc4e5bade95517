module "image" {
  source = "./image"
  name   = "api"
}
