resource "aws_security_group" "builds" {
  count = 2
  name  = "builds-${count.index}"
}
resource "aws_iam_instance_profile" "builds" {
  for_each = toset(["a", "b"])
  name     = "profile-${each.key}"
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = join("-", aws_security_group.builds[*].name)
  instance_profile_name = values(aws_iam_instance_profile.builds)[1].name
  security_group_ids    = aws_security_group.builds.*.id
  tags                  = { for key, profile in aws_iam_instance_profile.builds : key => profile.name }
}
