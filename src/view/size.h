// view/size.h: what a program's file is made of, by module, package, function or kind, and what
// changed between two builds.
#ifndef HEAPWISE_VIEW_SIZE_H
#define HEAPWISE_VIEW_SIZE_H

#include "binary/map/map.h"
#include "doc/doc.h"

typedef enum SizeBy {
    SIZE_BY_PACKAGE,
    SIZE_BY_MODULE,
    SIZE_BY_FUNCTION,
    SIZE_BY_TYPE,
    SIZE_BY_KIND
} SizeBy;

typedef struct SizeOptions {
    SizeBy by;
    uint32_t top; // rows; 0: all
    bool treemap; // a picture of modules and packages too
} SizeOptions;

bool size_by(Str word, SizeBy *out);
void view_size(Doc *d, Str path, const Binary *p, const SizeOptions *o);
// Returns the change of the file's size in bytes.
int64_t view_size_diff(Doc *d, const Str paths[2], const Binary *const programs[2],
                       const SizeOptions *o);

#endif
