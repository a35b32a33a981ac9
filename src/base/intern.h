// base/intern.h: equal text becomes one 32-bit Name, for the whole session.
// Threads  any number may intern and look up at once (lock per shard; reading takes no lock).
// Owns     the bytes of every name, once.     Names are never freed before the table.
// Ids      depend on which thread came first: never sort or print by id, only by text.
#ifndef HEAPWISE_BASE_INTERN_H
#define HEAPWISE_BASE_INTERN_H

#include "base/str.h"

typedef uint32_t Name; // 0 is none (the empty string has an id of its own)
typedef struct Names Names;

Names *names_new(void);
void names_free(Names *ns);
Name name_intern(Names *ns, Str text); // copies the bytes once
Str name_str(const Names *ns, Name n); // of 0: empty

#endif
