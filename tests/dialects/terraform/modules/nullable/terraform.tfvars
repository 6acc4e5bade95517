tokens = null
hops   = null
