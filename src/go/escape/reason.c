// go/escape/reason.c: what is on the heap wherever its address goes, for its size alone.
#include "go/escape/escape_internal.h"

enum { POINTER_BYTES = 8 };

// Of a variable on the stack, at most.
static int64_t var_bytes(const Esc *e) { return (e->p->flags.small_frames ? 64 : 128) * 1024; }
// Of what an expression makes there.
static int64_t implicit_bytes(const Esc *e) { return (e->p->flags.small_frames ? 16 : 64) * 1024; }

static const char *const too_large = "too large for stack";
static const char *const too_aligned = "too aligned for stack";

// struct { F uintptr; X0 ... } with what a literal captures.
static int64_t closure_bytes(Esc *e, const Func *f) {
    int64_t size = POINTER_BYTES;
    for (uint32_t i = 0; i < f->closure_vars.len; i++) {
        Node *var = ir_canonical(f->closure_vars.v[i]);
        if (var->u.name->byval)
            size = align_up(size, irtype_align(e->ts, var->type)) + irtype_size(e->ts, var->type);
        else
            size = align_up(size, POINTER_BYTES) + POINTER_BYTES;
    }
    return size;
}

static const char *of_slice(Esc *e, const Node *n) {
    const Node *size = n->u.xy.y ? n->u.xy.y : n->u.xy.x;
    int64_t elem = irtype_size(e->ts, n->type->elem), len;
    if (elem == 0) return "zero-sized element";
    // Of a size not known here, a small one is on the stack: decided when it runs.
    if (!ir_int_value(size, &len) || len != (int32_t)len) return NULL;
    return len > implicit_bytes(e) / elem ? too_large : NULL;
}

static const char *of_new(Esc *e, IrType *elem) {
    if (irtype_size(e->ts, elem) > implicit_bytes(e)) return too_large;
    return irtype_align(e->ts, elem) > POINTER_BYTES ? too_aligned : NULL;
}

const char *esc_heap_reason(Esc *e, Node *n) {
    if (!n || !n->type) return NULL;
    if (n->op == IR_NAME && n->u.name->cls != CLASS_AUTO) return NULL; // passed on the stack
    if (irtype_size(e->ts, n->type) > var_bytes(e)) return too_large;
    if (irtype_align(e->ts, n->type) > POINTER_BYTES) return too_aligned;
    switch ((int)n->op) { // the others make nothing beside their value
    case IR_NEW:
    case IR_PTRLIT: return of_new(e, n->type->elem);
    case IR_CLOSURE:
        return closure_bytes(e, n->u.closure.func) > implicit_bytes(e) ? too_large : NULL;
    case IR_METHVALUE: {
        IrType *t = n->u.method.x->type;
        int64_t size = align_up(POINTER_BYTES, irtype_align(e->ts, t)) + irtype_size(e->ts, t);
        return size > implicit_bytes(e) ? too_large : NULL;
    }
    case IR_MAKESLICE: return of_slice(e, n);
    default: return NULL;
    }
}
