// go/program/unchecked.c: built in place of check.c and late.c while the type checker is not part
// of the tree: units are parsed only.
#include "go/program/program_internal.h"

void types_setup(Program *p) { (void)p; }
void types_teardown(Program *p) { (void)p; }
void unit_check(Program *p, Unit *u) { (void)p, (void)u; }

Unit *unit_import(const Program *p, const Unit *u, Str path) {
    (void)p, (void)u, (void)path;
    return NULL;
}
