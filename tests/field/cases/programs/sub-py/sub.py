subprocess.run(["aws", "imagebuilder", "create-infrastructure-configuration", "--name", "x"])
