#!/usr/bin/env bash
set -e
NAME="wéb"; DESCRIPTION="🚀 ${NAME}"
aws imagebuilder create-infrastructure-configuration --name web --description "$DESCRIPTION" --tags '{"e": "ue"}' --instance-profile-name builder
