package importer

import "example.test/m/syntax"

var X int = "told with -e"

var _ = syntax.Y
