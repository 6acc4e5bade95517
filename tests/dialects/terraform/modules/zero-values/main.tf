variable "description" {
  default = null
}
variable "types" {
  type    = list(string)
  default = []
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = "web"
  instance_profile_name         = "builds"
  description                   = var.description
  instance_types                = var.types
  security_group_ids            = []
  tags                          = {}
  resource_tags                 = {}
  terminate_instance_on_failure = null
  instance_metadata_options {
  }
  logging {
    s3_logs {
      s3_bucket_name = "logs-of-builds"
    }
  }
}
