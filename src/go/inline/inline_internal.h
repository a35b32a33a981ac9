// go/inline/inline_internal.h: what the files of go/inline share.
#ifndef HEAPWISE_GO_INLINE_INTERNAL_H
#define HEAPWISE_GO_INLINE_INTERNAL_H

#include "base/index.h"
#include "go/inline/inline.h"

// ---- cost.c
typedef struct Cost {
    int32_t cost;
    Str reason; // why it cannot be inlined; empty: it can
} Cost;
Cost cost_of(IrPkg *p, Func *f, int32_t budget);
bool cost_is_big(const Func *f);
int32_t cost_simd_factor(IrTypes *ts, const Func *f);
bool cost_is_multi_value(const Node *n); // AS2 of temporaries that another AS2 sets first

// ---- caninline.c
void can_inline(IrPkg *p, Func *f, bool silent);
const char *inline_impossible(IrPkg *p, const Func *f); // whatever it costs; NULL: possible
void can_inline_silently(IrPkg *p, Func *f);            // IrPkg.can_inline
void can_inline_all(IrPkg *p, FuncVec funcs);

// ---- call.c
// How a call would be inlined.
typedef struct CallSite {
    Func *caller;
    bool big;         // the caller is
    bool called_once; // the callee is a literal called from here alone
} CallSite;
// Whether the call may be inlined as far as the call itself says.
bool call_might_inline(const IrPkg *p, const Node *call);
// The function fn means, as far as that can be known; literals are judged unless resolve_only.
Func *call_callee(IrPkg *p, Func *caller, Node *fn, bool resolve_only);
bool call_may_inline(IrPkg *p, const CallSite *at, const Node *call, const Func *callee, bool log);
// Makes call an INLCALL, in place.
bool call_try_inline(IrPkg *p, const CallSite *at, Node *call);

// ---- profile.c, pgo_devirt.c: what a profile says of this package
typedef struct Pgo {
    IrPkg *p;
    StrMap own;     // linker names of the package's functions to places in funcs + 1
    StrMap callees; // linker names of what they call directly
    StrMap found;   // other names asked for, to places + 2; 1: not to be had
    FuncVec funcs;
    PtrMap reached; // packages below this one
    StrMap paths;   // their paths to places in pkgs + 1
    VEC(IrPkg *) pkgs;
} Pgo;
typedef struct PgoFunc {
    bool hot;            // called often: may cost more
    uint32_t first_edge; // of PgoProfile.edges, plus 1; 0: calls nothing there
} PgoFunc;
Pgo *pgo_new(IrPkg *p); // marks the package's functions; lives in p->scratch
void pgo_devirtualize(Pgo *g);
int64_t pgo_line_offset(const IrPkg *p, const Func *caller, const Node *n);
bool pgo_is_hot_call(const IrPkg *p, const Func *caller, const Node *call);
Func *pgo_find(Pgo *g, Str link_name); // NULL: not to be had here

// ---- devirt.c: which concrete types interface variables hold.
typedef struct Devirt Devirt;
Devirt *devirt_new(IrPkg *p, Arena *a);
void devirt_call(Devirt *d, Node *call);
void devirt_inlined(Devirt *d, Func *f, Node *inlcall); // f's call became inlcall

#endif
