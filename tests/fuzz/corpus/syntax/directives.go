package p

/*line foo.go
:10*/ var x int = 
var y }

//line :20:3
var z }
/*line bar.go:30:40*/ var w } /*line :50*/ var u }
//line c:/x.go:5
var t }
//line x.go:99999999999
//line x.go:abc
//line x.go:5:abc
	//line indented.go:7
var s }
/*line noend.go:5
