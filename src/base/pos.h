// base/pos.h: a position is one 32-bit number: a byte offset into the set of all files read.
// Each file owns a range of it; the line table says line and column (1-based, bytes).
// Threads  files may be added from several threads; a file's lines and line directives are written
//          by its own parser only. Ranges depend on who came first: compare positions only inside
//          one file, else by file name, line and column (pos_cmp).
#ifndef HEAPWISE_BASE_POS_H
#define HEAPWISE_BASE_POS_H

#include "base/vec.h"

typedef uint32_t Pos; // 0 is unknown

// A //line or /*line*/ directive: what follows `offset` is said to come from name:line:col.
typedef struct LineDirective {
    uint32_t offset;    // first byte the directive applies to
    uint32_t line, col; // col 0: the directive gave none, columns are not known
    Str name;
    uint32_t from_line; // the physical line of offset
} LineDirective;

typedef struct SourceFile {
    Str name; // as given by the caller
    Str text;
    Pos base;     // Pos of byte 0; byte i is base + i, up to and including text.len
    U32Vec lines; // offsets of line starts; lines.v[0] == 0
    VEC(LineDirective) directives;
    Arena *arena; // of the two tables; what is asked of positions later stands in it
} SourceFile;

typedef struct FileSet FileSet;

typedef struct Place {
    Str file;
    uint32_t line, col; // 0: not known
} Place;

FileSet *fileset_new(void);
void fileset_free(FileSet *fs);
// Registers a file; text must outlive the set. NULL when the 4 GiB of positions are used up.
SourceFile *fileset_add(FileSet *fs, Arena *a, Str name, Str text);
SourceFile *fileset_file(const FileSet *fs, Pos pos); // NULL for 0
Place pos_physical(const FileSet *fs, Pos pos);       // without directives
Place pos_place(const FileSet *fs, Pos pos);          // as //line directives say
uint32_t pos_line(const FileSet *fs, Pos pos);        // physical
int pos_cmp(const FileSet *fs, Pos x, Pos y);         // by directive-free file name, then offset

#endif
