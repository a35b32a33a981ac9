package wrong

func f(a int, string) {
	if x = a {
	}
}

//line generated.y:7
var s = "not ended
