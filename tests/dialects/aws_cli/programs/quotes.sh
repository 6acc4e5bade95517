#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --name w"e"\b --instance-profile-name 'buil'"der" \
  --description $'tab\there \'q\'' --key-pair "a\$b\`c\"d\\e\f" --tags k=a\ b
