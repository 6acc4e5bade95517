resource "aws_iam_role" "builds" {
  name               = "builds"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_instance_profile" "builds" {
  name = "profile-of-${aws_iam_role.builds.name}"
  role = aws_iam_role.builds.name
}
resource "aws_sns_topic" "builds" {
  name = "builds"
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs-of-builds"
}
resource "aws_security_group" "builds" {
  name = "builds"
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = aws_iam_instance_profile.builds.name
  sns_topic_arn         = aws_sns_topic.builds.arn
  security_group_ids    = [aws_security_group.builds.id]
  logging {
    s3_logs {
      s3_bucket_name = aws_s3_bucket.logs.bucket
      s3_key_prefix  = aws_s3_bucket.logs.id
    }
  }
}
