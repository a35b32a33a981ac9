// go/program/kept.h: answers of earlier runs about the packages of a set. The key of an answer is a
// hash of all it depends on: this program, the release and the target, the package's files, names
// and flags, its profile, and the keys of what it imports. What changes a byte of any of it misses.
// A program that is given what is kept works only on packages that miss, and on what those import.
//
// Owns     kept_open allocates in arenas of its own, until kept_close.
// Threads  one; values are read by all workers at once.
// Failure  none: without a cache every package misses. Packages with errors are never kept.
#ifndef HEAPWISE_GO_KEPT_H
#define HEAPWISE_GO_KEPT_H

#include "cache/cache.h"
#include "go/program/program.h"

// what: the kind of answer, with all it depends on beside the package: "lines -m=2". cache NULL:
// none.
Kept *kept_open(Cache *cache, const PackageSet *set, const ProgramConfig *config, Str what);
void kept_close(Kept *k); // NULL is fine
bool kept_is_root(const Kept *k, PackageId id);
bool kept_get(const Kept *k, PackageId id, Str *out); // of a root; false: it misses
uint32_t kept_misses(const Kept *k);                  // roots; 0: nothing is to be analysed
// Whether the answer to this root, analysed by p, may be kept: it has no error, and its files and
// those below are still the ones the key was made of.
bool kept_may_put(Kept *k, const Program *p, PackageId id);
void kept_put(Kept *k, PackageId id, Str answer);

#endif
