name    = "from-tfvars"
tokens  = "optional"
hops    = 2
profile = "a"
