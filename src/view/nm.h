// view/nm.h: the symbol list of `go tool nm`, byte for byte, and the same as data.
#ifndef HEAPWISE_VIEW_NM_H
#define HEAPWISE_VIEW_NM_H

#include "binary/object/object.h"
#include "doc/doc.h"

typedef enum NmOrder { NM_BY_NAME, NM_BY_ADDRESS, NM_BY_SIZE, NM_UNSORTED } NmOrder;

typedef struct NmStyle {
    NmOrder order;
    bool size;    // a column with sizes
    bool section; // a column of our own: the section, which tells BSS from data
    bool prefix;  // "FILE:\t" before each line: more than one file was asked for
    bool json;
} NmStyle;

bool nm_order(Str word, NmOrder *out);
// Adds one file's symbols to the page. Programs without a symbol table: the functions of the
// Go line table, with a warning that says so.
Err view_nm(Doc *d, Str path, Str bytes, const NmStyle *style);

#endif
