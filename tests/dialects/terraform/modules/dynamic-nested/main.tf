resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  dynamic "logging" {
    for_each = [1]
    content {
      dynamic "s3_logs" {
        for_each = { bucket = "logs-of-builds" }
        content {
          s3_bucket_name = s3_logs.value
        }
      }
    }
  }
}
