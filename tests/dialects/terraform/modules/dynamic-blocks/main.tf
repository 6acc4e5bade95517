variable "metadata" {
  default = { tokens = "required", hops = 2 }
}
variable "bucket" {
  default = null
}
variable "logs" {
  type    = list(string)
  default = ["logs-of-builds"]
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  dynamic "instance_metadata_options" {
    for_each = var.metadata == null ? [] : [var.metadata]
    content {
      http_tokens                 = instance_metadata_options.value.tokens
      http_put_response_hop_limit = instance_metadata_options.value.hops
    }
  }
  dynamic "logging" {
    for_each = toset(var.logs)
    iterator = log
    content {
      s3_logs {
        s3_bucket_name = log.value
        s3_key_prefix  = log.key
      }
    }
  }
  dynamic "placement" {
    for_each = var.bucket[*]
    content {
      tenancy = "host"
    }
  }
}
