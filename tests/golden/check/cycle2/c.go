package cycle2

import _ "example.test/m/cycle1"
