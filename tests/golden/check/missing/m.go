package missing

import (
	"example.org/none/pkg"
	"example.test/m/nowhere"
)

var X = pkg.Y

var wrong int = "not told: its imports are"
