resource "aws_iam_instance_profile" "this" {
  name = "builds"
}
output "name" {
  value = aws_iam_instance_profile.this.name
}
