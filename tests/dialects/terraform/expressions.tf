variable "text" {
  default = "abc"
}
variable "number" {
  type    = number
  default = 3
}
variable "flag" {
  type    = bool
  default = true
}
variable "names" {
  type    = list(string)
  default = ["b", "a", "c"]
}
variable "tags" {
  type    = map(string)
  default = { Team = "images", Env = "prod" }
}
variable "none" {
  type    = string
  default = null
}
variable "config" {
  type = object({
    name   = string
    tokens = optional(string, "required")
    hops   = optional(number)
    logs   = optional(object({ bucket = string, prefix = optional(string, "/") }), { bucket = "logs" })
  })
  default = { name = "web", extra = 1 }
}
variable "mixed" {
  default = { a = 1, b = "x", c = [1, 2] }
}
locals {
  objects = [{ name = "a", size = 1 }, { name = "b", size = 2 }]
  by_name = { for o in local.objects : o.name => o.size }
  nested  = { a = { b = { c = "deep" } } }
}
