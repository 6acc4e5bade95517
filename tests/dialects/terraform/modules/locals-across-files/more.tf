locals {
  prefix = lower("WEB")
}
