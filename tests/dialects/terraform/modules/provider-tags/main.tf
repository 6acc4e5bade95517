variable "region" {
  default = "eu-central-1"
}
provider "aws" {
  region                      = var.region
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Team = "web", Env = "default" }
  }
}
provider "aws" {
  alias                       = "other"
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Team = "other" }
  }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  tags                  = { Env = "prod" }
  resource_tags         = { Own = "yes" }
}
resource "aws_imagebuilder_infrastructure_configuration" "other" {
  provider              = aws.other
  name                  = "other"
  instance_profile_name = "builds"
}
