resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  instance_metadata_options {
    http_tokens = "required"
  }
  depends_on = [aws_sns_topic.x]
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [instance_metadata_options]
    precondition {
      condition     = aws_sns_topic.x.name != ""
      error_message = "No."
    }
  }
}
resource "aws_sns_topic" "x" {
  name = "x"
}
moved {
  from = aws_imagebuilder_infrastructure_configuration.old
  to   = aws_imagebuilder_infrastructure_configuration.this
}
