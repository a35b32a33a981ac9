// go/escape/call.c: calls, of functions and of what the language provides; go and defer.
#include "go/escape/escape_internal.h"

static void argument(Esc *e, Hole k, Node *call, Node *arg) {
    esc_expr(e, esc_note(e, k, call, "call parameter"), arg);
}

// ---- calls of functions

// Where the argument for a parameter of fn (NULL: not known) goes.
Hole esc_tag_hole(Esc *e, Holes ks, Func *fn, uint32_t param) {
    if (!fn) return hole_of(LOC_HEAP);
    if (esc_in_batch(e, fn)) return esc_addr(e, fn->dcl.v[param]);
    Leaks l = leaks_parse(fn->param_tags ? fn->param_tags[param] : STR(""));
    Hole to[LEAK_COUNT];
    uint32_t n = 0;
    static const LocId sinks[] = {LOC_HEAP, LOC_MUTATOR, LOC_CALLEE};
    for (int i = 0; i < LEAK_COUNT; i++) {
        int derefs = leaks_get(&l, i);
        if (derefs < 0) continue;
        if (i < LEAK_RESULT0)
            to[n++] = esc_shift(hole_of(sinks[i]), derefs);
        else if (ks.v)
            to[n++] = esc_shift(ks.v[i - LEAK_RESULT0], derefs);
    }
    return esc_tee(e, (Holes){to, n});
}

static bool has_pointers_but_strings(const Esc *e, IrType *t) {
    if (!irtype_has_pointers(e->ts, t)) return false;
    const IrType *u = t->under;
    if (u->kind == KIND_STRING) return false;
    if (u->kind == KIND_ARRAY) return has_pointers_but_strings(e, u->elem);
    if (u->kind != KIND_STRUCT) return true;
    for (uint32_t i = 0; i < u->nfields; i++)
        if (has_pointers_but_strings(e, u->fields[i].type)) return true;
    return false;
}

// internal/abi.EscapeNonString puts its argument on the heap if there are pointers in it other than
// strings: sets *k and says so. What is called is the instance, with a dictionary.
static bool is_escape_non_string(const Esc *e, const Func *fn, Hole *k) {
    if (!fn || !ir_is_escape_non_string(e->p, fn)) return false;
    if (fn->nparams != 2 || !fn->dcl.v[1]->type->shape) return false;
    *k = hole_of(has_pointers_but_strings(e, fn->dcl.v[1]->type) ? LOC_HEAP : LOC_BLANK);
    return true;
}

// A new variable that holds x, declared and set in front of the call.
static Node *copy_expr(Esc *e, IrPos pos, Node *x, Node *call) {
    bool own_pos = x->op != IR_NAME && x->pos.pos;
    if (own_pos) pos = x->pos;
    Node *tmp = ir_temp(e->p, e->func, pos, x->type);
    Node *dcl = ir_unary(e->p, IR_DCL, pos, tmp, NULL), *as = ir_assign(e->p, pos, tmp, x);
    ir_add_init(e->p, call, dcl);
    ir_add_init(e->p, call, as);
    esc_new_loc(e, tmp, true);
    esc_stmt(e, dcl);
    esc_stmt(e, as);
    return tmp;
}

// uintptr(ptr) as an argument: the pointer is copied, and kept alive until the call returns or put
// on the heap.
static void rewrite_uintptr(Esc *e, Node *arg, Node *call, const Func *fn) {
    if (arg->op != IR_CONVNOP || arg->type->kind != KIND_UINTPTR ||
        arg->u.conv.x->type->kind != KIND_UNSAFEPTR)
        return;
    Node *tmp = copy_expr(e, arg->pos, arg->u.conv.x, call);
    arg->u.conv.x = tmp;
    Hole k = hole_of(LOC_MUTATOR);
    if (fn->pragma & PRAGMA_UINTPTRESCAPES)
        k = esc_note(e, hole_of(LOC_HEAP), arg, "//go:uintptrescapes");
    esc_flow(e, k, esc_loc_of(e, tmp));
    if (fn->pragma & PRAGMA_UINTPTRKEEPALIVE) {
        tmp->u.name->addrtaken = true;
        vec_push(e->p->arena, &call->u.call.keep_alive, tmp);
    }
}

static void rewrite_argument(Esc *e, Node *arg, Node *call, const Func *fn) {
    if (!fn || !(fn->pragma & (PRAGMA_UINTPTRKEEPALIVE | PRAGMA_UINTPTRESCAPES))) return;
    if (arg->op != IR_SLICELIT) { // of variadic functions: the packed arguments
        rewrite_uintptr(e, arg, call, fn);
        return;
    }
    for (uint32_t i = 0; i < arg->u.list.v.len; i++) {
        Node *elem = arg->u.list.v.v[i];
        rewrite_uintptr(e, elem->op == IR_KEY ? elem->u.xy.y : elem, call, fn);
    }
}

// The function operand. Where nobody knows what is called and the results go somewhere, literals
// that get here may return to anywhere.
static void flow_callee(Esc *e, Holes ks, Node *call, const Func *fn) {
    Hole k = hole_of(LOC_BLANK);
    for (uint32_t i = 0; !fn && i < ks.len; i++) {
        if (ks.v[i].dst == LOC_BLANK) continue;
        k = esc_note(e, hole_of(LOC_CALLEE), call, "callee operand");
        break;
    }
    esc_expr(e, k, call->u.call.fn);
}

static void call_func(Esc *e, Holes ks, Node *call) {
    Func *fn = call->op == IR_CALLFUNC ? ir_callee(ir_static_value(call->u.call.fn)) : NULL;
    if (ks.v && fn && esc_in_batch(e, fn))
        for (uint32_t i = 0; i < fn->nresults; i++)
            esc_expr(e, ks.v[i], fn->dcl.v[fn->nparams + i]);
    if (call->op == IR_CALLFUNC)
        flow_callee(e, ks, call, fn);
    else
        argument(e, hole_of(LOC_HEAP), call, call->u.call.fn->u.method.x); // the receiver
    Hole fixed = hole_of(LOC_BLANK);
    bool is_fixed = is_escape_non_string(e, fn, &fixed);
    is_fixed |= call->keep_alive; // nothing flows to it
    NodeVec args = call->u.call.args;
    for (uint32_t i = 0; i < args.len; i++) {
        if (!is_fixed) rewrite_argument(e, args.v[i], call, fn);
        argument(e, is_fixed ? fixed : esc_tag_hole(e, ks, fn, i), call, args.v[i]);
    }
}

static void call_inlined(Esc *e, Holes ks, Node *call) {
    esc_stmts(e, call->u.inlcall.body);
    for (uint32_t i = 0; i < call->u.inlcall.results.len; i++)
        esc_expr(e, ks.v ? ks.v[i] : hole_of(LOC_BLANK), call->u.inlcall.results.v[i]);
}

// ---- calls of what the language provides

// The slice may be the result, if it has room; or its elements move to a new one.
static void call_append(Esc *e, Holes ks, Node *call) {
    NodeVec args = call->u.call.args;
    Hole to[] = {ks.v[0], hole_of(LOC_MUTATOR)};
    Hole slice = esc_tee(e, (Holes){to, 2});
    if (irtype_has_pointers(e->ts, args.v[0]->type->elem)) {
        Hole both[] = {slice, esc_deref(e, hole_of(LOC_HEAP), call, "appendee slice")};
        slice = esc_tee(e, (Holes){both, 2});
    }
    argument(e, slice, call, args.v[0]);
    if (call->ddd) {
        Hole k = hole_of(LOC_BLANK);
        const IrType *t = args.v[1]->type;
        if (t->kind == KIND_SLICE && irtype_has_pointers(e->ts, t->elem))
            k = esc_deref(e, hole_of(LOC_HEAP), call, "appended slice...");
        argument(e, k, call, args.v[1]);
    } else {
        for (uint32_t i = 1; i < args.len; i++) argument(e, hole_of(LOC_HEAP), call, args.v[i]);
    }
    // The new backing store. It is made once, whatever loop it stands in.
    Hole store = esc_spill(e, ks.v[0], call);
    e->infos.v[store.dst].loop_depth = 0;
}

static void call_copy(Esc *e, Node *call) {
    Node *dst = call->u.xy.x, *src = call->u.xy.y;
    argument(e, hole_of(LOC_MUTATOR), call, dst);
    Hole k = hole_of(LOC_BLANK);
    if (src->type->kind == KIND_SLICE && irtype_has_pointers(e->ts, src->type->elem))
        k = esc_deref(e, hole_of(LOC_HEAP), call, "copied slice");
    argument(e, k, call, src);
}

static void call_args(Esc *e, Hole k, Node *call, bool as_arguments) {
    NodeVec args = call->u.call.args;
    for (uint32_t i = 0; i < args.len; i++) {
        if (as_arguments)
            argument(e, k, call, args.v[i]);
        else
            esc_discard(e, args.v[i]);
    }
}

void esc_call(Esc *e, Holes ks, Node *call) { // flat switch
    // clang-format off
    switch ((int)call->op) { // only calls come here
    case IR_CALLFUNC: case IR_CALLINTER: call_func(e, ks, call); return;
    case IR_INLCALL: call_inlined(e, ks, call); return;
    case IR_APPEND: call_append(e, ks, call); return;
    case IR_COPY: call_copy(e, call); return;
    case IR_PANIC: argument(e, hole_of(LOC_HEAP), call, call->u.xy.x); return;
    case IR_COMPLEX: esc_discard(e, call->u.xy.x); esc_discard(e, call->u.xy.y); return;
    case IR_DELETE: case IR_PRINT: case IR_PRINTLN: case IR_RECOVER:
        call_args(e, hole_of(LOC_BLANK), call, false); return;
    case IR_MIN: case IR_MAX: call_args(e, ks.v[0], call, true); return;
    case IR_LEN: case IR_CAP: case IR_REAL: case IR_IMAG: case IR_CLOSE:
        esc_discard(e, call->u.xy.x); return;
    case IR_CLEAR: argument(e, hole_of(LOC_MUTATOR), call, call->u.xy.x); return;
    case IR_UNSAFESTRINGDATA: case IR_UNSAFESLICEDATA: argument(e, ks.v[0], call, call->u.xy.x); return;
    case IR_UNSAFEADD: case IR_UNSAFESLICE: case IR_UNSAFESTRING:
        argument(e, ks.v[0], call, call->u.xy.x);
        esc_discard(e, call->u.xy.y);
        return;
    default: BUG("%s is no call", ir_op_name(call->op));
    }
    // clang-format on
}

// ---- go and defer: the call is of a function without parameters and results

void esc_go_defer(Esc *e, Node *n) {
    Hole k = hole_of(LOC_HEAP);
    // What is deferred once has to last until the function returns, and no longer.
    if (n->op == IR_DEFER && e->loop_depth == 1 && !n->u.xy.y) {
        k = esc_later(e, hole_of(LOC_BLANK));
        n->esc = ESC_NEVER;
    }
    Node *call = n->u.xy.x;
    if (call->op != IR_CALLFUNC) BUG("go or defer of %s", ir_op_name(call->op));
    esc_expr(e, k, call->u.call.fn);
}
