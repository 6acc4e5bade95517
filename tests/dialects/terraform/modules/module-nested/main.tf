module "images" {
  source = "./images"
  names  = ["web", "api"]
}
