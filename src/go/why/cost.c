// go/why/cost.c: what one expression costs. The rules are those of walk/convert.go,
// walk/builtin.go, walk/complit.go and walk/closure.go, and of the functions of package runtime
// they call: string.go, slice.go, iface.go, chan.go, map.go.
#include "go/why/why_internal.h"

enum {
    STACK_BUFFER = 32, // runtime.tmpBuf; also the most a slice of variable size has on the stack
    IMPLICIT_BYTES = 65536, // ir.MaxImplicitStackVarSize
    BOXED_BYTES = 1024, // the largest value an interface keeps on the stack; also runtime.zeroVal
    SMALL_INTS = 256,   // runtime.staticuint64s
    MAP_BYTES = 48,     // internal/runtime/maps.Map
    MAP_POINTERS = 24,  // its dirPtr is the last pointer
    MAP_SLOTS = 8,      // abi.MapGroupSlots: so many entries are one group
    CHAN_BYTES = 112,   // runtime.hchan
    CHAN_POINTERS = 112,
    WORD = 8
};

static Cost never(CostKind kind, const char *why) {
    return (Cost){.kind = kind, .cls = COST_NEVER, .when = why};
}

static Cost always(CostKind kind, int64_t bytes, int64_t pointer_bytes) {
    if (bytes == 0) return never(kind, "it has no size");
    return (Cost){kind, COST_ALWAYS, NULL, 0, bytes, pointer_bytes};
}

static Cost sometimes(CostKind kind, const char *when, int64_t limit, int64_t pointer_bytes) {
    return (Cost){kind, COST_SOMETIMES, when, limit, COST_UNKNOWN, pointer_bytes};
}

static Cost sized(Cost c, int64_t bytes) {
    c.bytes = bytes;
    return c;
}

static const char *const on_stack = "it stays on the stack";
static const char *const static_data = "a constant lies in read-only data";

Cost why_cost_of_type(const Why *w, CostKind kind, IrType *t) {
    return always(kind, irtype_size(w->ts, t), irtype_pointer_bytes(w->ts, t));
}

static bool on_heap(const Node *n) { return n->esc != ESC_NONE; }

static Cost pointed_to(const Why *w, const Node *n, CostKind kind) {
    return on_heap(n) ? why_cost_of_type(w, kind, n->type->elem) : never(kind, on_stack);
}

// len elements, at most so many of them with pointers behind the last one.
static Cost array(const Why *w, CostKind kind, IrType *elem, int64_t len) {
    int64_t size = irtype_size(w->ts, elem), ptr = irtype_pointer_bytes(w->ts, elem);
    return always(kind, size * len, ptr && len ? size * (len - 1) + ptr : 0);
}

// ---- make

static int64_t elem_pointers(const Why *w, IrType *elem) {
    return irtype_has_pointers(w->ts, elem) ? COST_UNKNOWN : 0;
}

static Cost make_slice(const Why *w, const Node *n) {
    const Node *cap = n->u.xy.y ? n->u.xy.y : n->u.xy.x;
    IrType *elem = n->type->elem;
    int64_t len, size = irtype_size(w->ts, elem);
    if (size == 0) return never(COST_MAKE_SLICE, "its elements have no size");
    bool known = ir_int_value(cap, &len) && len >= 0;
    if (on_heap(n)) {
        if (known) return array(w, COST_MAKE_SLICE, elem, len);
        return sometimes(COST_MAKE_SLICE, "its size is not 0", 0, elem_pointers(w, elem));
    }
    if (known) return never(COST_MAKE_SLICE, on_stack);
    const char *when = size > STACK_BUFFER ? "its size is not 0" : "it has more than % elements";
    return sometimes(COST_MAKE_SLICE, when, STACK_BUFFER / size, elem_pointers(w, elem));
}

static Cost make_map(const Node *n, bool known, int64_t hint) {
    if (known && hint <= MAP_SLOTS)
        return on_heap(n) ? always(COST_MAKE_MAP, MAP_BYTES, MAP_POINTERS)
                          : never(COST_MAKE_MAP, "its first % entries stay on the stack");
    if (known || on_heap(n)) return always(COST_MAKE_MAP, COST_UNKNOWN, COST_UNKNOWN);
    return sometimes(COST_MAKE_MAP, "it is made for more than % entries", MAP_SLOTS, COST_UNKNOWN);
}

static Cost make_map_call(const Node *n) {
    int64_t hint = 0;
    bool known = !n->u.xy.x || ir_int_value(n->u.xy.x, &hint);
    Cost c = make_map(n, known, hint);
    c.limit = MAP_SLOTS;
    return c;
}

// With something in it, it is a map and its first group.
static Cost map_literal(const Node *n) {
    if (on_heap(n) && n->u.list.v.len) return always(COST_MAKE_MAP, COST_UNKNOWN, COST_UNKNOWN);
    Cost c = make_map(n, true, n->u.list.v.len);
    c.limit = MAP_SLOTS;
    return c;
}

// A channel without pointers in its elements is one block with its buffer, else two.
static Cost make_chan(const Why *w, const Node *n) {
    IrType *elem = n->type->elem;
    int64_t len = 0, size = irtype_size(w->ts, elem);
    bool known = !n->u.xy.x || ir_int_value(n->u.xy.x, &len);
    if (size == 0 || (known && len == 0)) return always(COST_MAKE_CHAN, CHAN_BYTES, 0);
    if (irtype_has_pointers(w->ts, elem))
        return always(COST_MAKE_CHAN, known ? CHAN_BYTES + size * len : COST_UNKNOWN,
                      CHAN_POINTERS);
    return always(COST_MAKE_CHAN, known ? CHAN_BYTES + size * len : COST_UNKNOWN, 0);
}

// ---- literals, closures

static Cost slice_literal(const Why *w, const Node *n) {
    if (!on_heap(n)) return never(COST_SLICE, on_stack);
    return array(w, COST_SLICE, n->type->elem, n->u.list.len);
}

// struct { F uintptr; X0 ... } with what a literal captures.
static Cost closure(const Why *w, const Node *n) {
    const Func *f = n->u.closure.func;
    if (!f->closure_vars.len) return never(COST_CLOSURE, "it captures nothing");
    if (!on_heap(n)) return never(COST_CLOSURE, on_stack);
    int64_t size = WORD, pointers = 0;
    for (uint32_t i = 0; i < f->closure_vars.len; i++) {
        Node *var = ir_canonical(f->closure_vars.v[i]);
        bool byval = var->u.name->byval;
        size = align_up(size, byval ? irtype_align(w->ts, var->type) : WORD);
        int64_t ptr = byval ? irtype_pointer_bytes(w->ts, var->type) : WORD;
        if (ptr) pointers = size + ptr;
        size += byval ? irtype_size(w->ts, var->type) : WORD;
    }
    return always(COST_CLOSURE, align_up(size, WORD), pointers);
}

static Cost method_value(const Why *w, const Node *n) {
    if (!on_heap(n)) return never(COST_METHOD_VALUE, on_stack);
    IrType *t = n->u.method.x->type;
    int64_t at = align_up(WORD, irtype_align(w->ts, t)), ptr = irtype_pointer_bytes(w->ts, t);
    return always(COST_METHOD_VALUE, align_up(at + irtype_size(w->ts, t), WORD),
                  ptr ? at + ptr : 0);
}

// ---- strings

static Cost string_to_bytes(const Node *n) {
    Node *x = n->u.conv.x;
    if (n->zero_copy) return never(COST_BYTES, "nobody writes it: the string's bytes are used");
    if (ir_is_const(x, CONST_STRING)) {
        int64_t len = (int64_t)const_string_len(x->u.lit.value);
        if (!on_heap(n) && len <= IMPLICIT_BYTES) return never(COST_BYTES, on_stack);
        return always(COST_BYTES, len, 0);
    }
    if (on_heap(n)) return sometimes(COST_BYTES, "it is not empty", 0, 0);
    return sometimes(COST_BYTES, "it is longer than % bytes", STACK_BUFFER, 0);
}

static Cost string_to_runes(const Node *n) {
    if (on_heap(n)) return sometimes(COST_BYTES, "it is not empty", 0, 0);
    return sometimes(COST_BYTES, "it has more than % runes", STACK_BUFFER, 0);
}

static Cost bytes_to_string(const Node *n) {
    if (on_heap(n)) return sometimes(COST_STRING, "it is longer than one byte", 0, 0);
    return sometimes(COST_STRING, "it is longer than % bytes", STACK_BUFFER, 0);
}

// The runtime wants three bytes more than it needs.
static Cost runes_to_string(const Node *n) {
    if (on_heap(n)) return always(COST_STRING, COST_UNKNOWN, 0);
    return sometimes(COST_STRING, "it is longer than % bytes", STACK_BUFFER - 3, 0);
}

static Cost rune_to_string(const Node *n) {
    return on_heap(n) ? always(COST_STRING, 4, 0) : never(COST_STRING, on_stack);
}

static const char *const several = "more than one operand is not empty";

static Cost concatenation(const Node *n) {
    int64_t known = 0;
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        Node *x = n->u.list.v.v[i];
        if (ir_is_const(x, CONST_STRING)) known += (int64_t)const_string_len(x->u.lit.value);
    }
    if (on_heap(n) || known >= STACK_BUFFER) return sometimes(COST_CONCAT, several, 0, 0);
    return sometimes(COST_CONCAT, "the result is longer than % bytes", STACK_BUFFER, 0);
}

// ---- interfaces

// What a struct with one field, or an array of one element, is made of in the end.
static IrType *sole_component(IrType *t) {
    for (;;) {
        if (t->kind == KIND_STRUCT && t->under->nfields == 1)
            t = t->under->fields[0].type;
        else if (t->kind == KIND_ARRAY && t->len == 1)
            t = t->elem;
        else
            return t;
    }
}

static const Node *element(const Node *n) {
    return n->op == IR_KEY ? n->u.xy.y : n->op == IR_STRUCTKEY ? n->u.field.value : n;
}

// isStaticCompositeLiteral: the linker can lay it out.
static bool is_static(const Why *w, const Node *n) {
    if (n->op == IR_LITERAL || n->op == IR_NIL) return true;
    if (n->op == IR_CONVIFACE) {
        const Node *x = n->u.conv.x;
        while (x->op == IR_CONVIFACE) x = x->u.conv.x;
        if (irtype_is_interface(x->type)) return x->op == IR_NIL;
        return (irtype_is_direct_iface(w->ts, x->type) && x->op == IR_NIL) || is_static(w, x);
    }
    if (n->op != IR_STRUCTLIT && n->op != IR_ARRAYLIT) return false;
    for (uint32_t i = 0; i < n->u.list.v.len; i++)
        if (!is_static(w, element(n->u.list.v.v[i]))) return false;
    return true;
}

static bool is_zero_const(const Const *c) {
    switch (const_kind(c)) {
    case CONST_STRING: return const_string_len(c) == 0;
    case CONST_BOOL: return !const_bool_value(c);
    case CONST_UNKNOWN: return false;
    case CONST_INT:
    case CONST_FLOAT:
    case CONST_COMPLEX: return const_sign(c) == 0;
    }
    return false;
}

static bool is_zero(const Node *n) {
    if (n->op == IR_NIL) return true;
    if (n->op == IR_LITERAL) return is_zero_const(n->u.lit.value);
    if (n->op != IR_STRUCTLIT && n->op != IR_ARRAYLIT) return false;
    for (uint32_t i = 0; i < n->u.list.v.len; i++)
        if (!is_zero(element(n->u.list.v.v[i]))) return false;
    return true;
}

// The runtime function that boxes a value of type t takes it by value (dataWordFuncName).
static bool boxed_by_value(const Why *w, IrType *t) {
    int64_t size = irtype_size(w->ts, t), align = irtype_align(w->ts, t);
    if (size == 2 && align == 2) return true;
    if ((size == 4 || size == 8) && align == size && !irtype_has_pointers(w->ts, t)) return true;
    IrKind kind = sole_component(t)->kind;
    return kind == KIND_STRING || kind == KIND_SLICE;
}

// The value is laid out by the linker (addrTemp).
static bool is_read_only(const Why *w, Node *x) {
    if (boxed_by_value(w, x->type) && !is_static(w, x)) return false;
    if (x->op == IR_NIL || (x->op == IR_LITERAL && !w->fips)) return true;
    if (w->fips) return false;
    const Node *v = ir_static_value(x);
    if (v->op != IR_STRUCTLIT && v->op != IR_ARRAYLIT) return false;
    return (is_zero(v) && irtype_size(w->ts, v->type) <= BOXED_BYTES) || is_static(w, v);
}

static Cost boxed(const Why *w, Node *x) {
    IrType *t = x->type;
    int64_t size = irtype_size(w->ts, t), ptr = irtype_pointer_bytes(w->ts, t);
    IrKind kind = sole_component(t)->kind;
    if (!boxed_by_value(w, t)) return why_cost_of_type(w, COST_INTERFACE, t);
    if (kind == KIND_STRING)
        return sized(sometimes(COST_INTERFACE, "it is not empty", 0, ptr), size);
    if (kind == KIND_SLICE) return sized(sometimes(COST_INTERFACE, "it is not nil", 0, ptr), size);
    const char *when = kind == KIND_FLOAT32 || kind == KIND_FLOAT64
                           ? "its bits are not a number below %"
                           : "it is not a number from 0 to 255";
    return sized(sometimes(COST_INTERFACE, when, SMALL_INTS, ptr), size);
}

static bool to_interface(const Why *w, const Node *n, Cost *out) {
    Node *x = n->u.conv.x;
    IrType *t = x->type;
    if (irtype_is_interface(t)) { // its table of methods may have to be found
        if (irtype_is_empty_interface(n->type)) return false;
        *out = sometimes(COST_RUNTIME, "the types meet here for the first time", 0, COST_UNKNOWN);
        return true;
    }
    if (irtype_is_direct_iface(w->ts, t)) return false;
    int64_t size = irtype_size(w->ts, t);
    IrType *sole = sole_component(t);
    if (size == 0)
        *out = never(COST_INTERFACE, "it has no size");
    else if (irtype_is_bool(sole) || (size == 1 && irtype_is_integer(sole)))
        *out = never(COST_INTERFACE, "values of one byte lie ready in the runtime");
    else if (is_read_only(w, x))
        *out = never(COST_INTERFACE, static_data);
    else if (!on_heap(n) && size <= BOXED_BYTES)
        *out = never(COST_INTERFACE, on_stack);
    else
        *out = boxed(w, x);
    return true;
}

// ---- append and what is no value of its own

static Cost append(const Why *w, const Node *n) {
    IrType *elem = n->type->elem;
    if (n->u.call.args.len < 2) return never(COST_APPEND, "it adds nothing");
    if (irtype_size(w->ts, elem) == 0) return never(COST_APPEND, "its elements have no size");
    return sometimes(COST_APPEND, "the capacity is used up", 0, elem_pointers(w, elem));
}

static bool is_map_entry(const Node *n) { return n && n->op == IR_INDEXMAP; }

static bool sets_map_entry(const Node *n) {
    if (n->op == IR_AS || n->op == IR_ASOP) return is_map_entry(n->u.as.x);
    if (n->op == IR_RANGE) return is_map_entry(n->u.range.key) || is_map_entry(n->u.range.value);
    for (uint32_t i = 0; ir_is_assign_list(n) && i < n->u.as2.lhs.len; i++)
        if (is_map_entry(n->u.as2.lhs.v[i])) return true;
    return false;
}

static Cost runtime(const char *when) { return sometimes(COST_RUNTIME, when, 0, COST_UNKNOWN); }

static bool is_runtime_call(const Why *w, const Node *n) {
    const Func *f = ir_callee(n->u.call.fn);
    if (!f || !f->pkg || n->keep_alive) return false;
    Str path = name_str(w->p->names, f->pkg->path);
    return str_eq_c(path, "runtime") || str_starts(path, STR("internal/runtime/"));
}

static bool statement(const Why *w, const Node *n, Cost *out) {
    switch ((int)n->op) { // the others ask for nothing by themselves
    case IR_GO:
        *out = sometimes(COST_GOROUTINE, "no finished goroutine can be used again", 0, -1);
        break;
    case IR_DEFER:
        if (n->esc == ESC_NEVER) return false;
        *out = sometimes(COST_DEFER, "it is in a loop and no finished record can be used again", 0,
                         -1);
        break;
    case IR_SEND:
    case IR_RECV:
    case IR_SELECT: *out = runtime("it has to wait"); break;
    case IR_DOTTYPE:
    case IR_DOTTYPE2:
        if (!irtype_is_interface(n->type)) return false;
        *out = runtime("the types meet here for the first time");
        break;
    case IR_DYNAMICDOTTYPE:
    case IR_DYNAMICDOTTYPE2:
    case IR_TYPESW: *out = runtime("the types meet here for the first time"); break;
    case IR_CALLFUNC:
        if (!is_runtime_call(w, n)) return false;
        *out = runtime("the runtime function needs memory");
        break;
    default:
        if (n->op == IR_ASOP && n->u.as.x->type->kind == KIND_STRING) { // x += y
            *out = sometimes(COST_CONCAT, several, 0, 0);
            return true;
        }
        if (!sets_map_entry(n)) return false;
        *out = sometimes(COST_MAP_ENTRY, "the map has to grow", 0, -1);
    }
    return true;
}

bool why_cost(const Why *w, const Node *n, Cost *out) {
    switch ((int)n->op) { // the others make nothing beside their value
    case IR_NEW: *out = pointed_to(w, n, COST_NEW); return true;
    case IR_PTRLIT: *out = pointed_to(w, n, COST_POINTER); return true;
    case IR_SLICELIT: *out = slice_literal(w, n); return true;
    case IR_MAPLIT: *out = map_literal(n); return true;
    case IR_MAKESLICE: *out = make_slice(w, n); return true;
    case IR_MAKEMAP: *out = make_map_call(n); return true;
    case IR_MAKECHAN: *out = make_chan(w, n); return true;
    case IR_CLOSURE: *out = closure(w, n); return true;
    case IR_METHVALUE: *out = method_value(w, n); return true;
    case IR_STR2BYTES: *out = string_to_bytes(n); return true;
    case IR_STR2RUNES: *out = string_to_runes(n); return true;
    case IR_BYTES2STR: *out = bytes_to_string(n); return true;
    case IR_RUNES2STR: *out = runes_to_string(n); return true;
    case IR_RUNESTR: *out = rune_to_string(n); return true;
    case IR_ADDSTR: *out = concatenation(n); return true;
    case IR_CONVIFACE: return to_interface(w, n, out);
    case IR_APPEND: *out = append(w, n); return true;
    default: return statement(w, n, out);
    }
}
