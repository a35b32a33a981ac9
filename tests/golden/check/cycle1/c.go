package cycle1

import _ "example.test/m/cycle2"
