#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --name we\
b --instance-profile-name "buil\
der" --description "two
lines"
