// A package given as text, parsed, checked and lowered, without a Go tree.
#ifndef HEAPWISE_TESTS_LOWERED_H
#define HEAPWISE_TESTS_LOWERED_H

#include "go/ir/ir.h"
#include "harness.h"

typedef struct Lowered {
    Names *names;
    FileSet *files;
    TypesEnv *env;
    Syntax *syntax;
    IrSession *session;
    IrPkg *ir;
    Pkg *pkg;
    Arena *arena;                  // of trees and types
    const struct Lowered *imports; // what "dep" means in it; NULL: nothing
} Lowered;

// flags.m 1, so that passes say what they do.
Lowered lowered(Test *t, const char *body); // "package p" is put in front
// A second package, path "user", which may import the first as "p".
Lowered lowered_user(Test *t, const Lowered *first, const char *body);
void lowered_free(Lowered *l);      // not of a user
void lowered_free_user(Lowered *l); // before its first

Func *lowered_func(Test *t, const Lowered *l, const char *name);
// The n-th node of the operation in f's body, in the order of ir_visit_func; NULL: there is none.
Node *lowered_node(Func *f, IrOp op, uint32_t n);
Str lowered_messages(Test *t, const IrPkg *ir); // texts, joined by "|"

#endif
