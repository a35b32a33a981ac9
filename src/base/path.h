// base/path.h: paths of files as text; what asks the system is in sys/file.h.
// Owner    of what is made: the arena given; the others point into the path.
#ifndef HEAPWISE_BASE_PATH_H
#define HEAPWISE_BASE_PATH_H

#include "base/str.h"

Str path_join(Arena *a, Str dir, Str name);      // name alone when absolute
Str path_base(Str path);                         // last element
Str path_dir(Str path);                          // without the last element; "." when there is none
Str path_clean(Arena *a, Str path);              // as Go's filepath.Clean
Str path_relative(Arena *a, Str base, Str path); // as Go's filepath.Rel of two absolute paths

#endif
