package fine

var X int
