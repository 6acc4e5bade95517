tokens  = "required"
profile = "c"
