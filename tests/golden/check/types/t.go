package types

var X int = ""
