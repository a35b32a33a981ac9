package main

import (
	_ "ex.org/ok/sub"
	_ "fmt"
	_ "no.org/such"
)

func main() {}
