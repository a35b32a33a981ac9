// go/passes/staticinit.c: package variables whose initial value is known need no code. What is left
// of the synthetic init function is what really runs; only that can escape. Rules:
// cmd/compile/internal/{pkginit,staticinit}.
#include "go/passes/staticinit.h"

// Where a value is put: so many bytes into a package variable, or into a temporary made for it.
static Node *place_node(Static *s, StaticPlace at) {
    if (ir_is_blank(at.var)) return at.var;
    if (at.offset == 0 && irtype_identical(at.var->type, at.type)) return at.var;
    Node *n = ir_node(s->p, IR_LINKSYM_OFFSET, s->pos);
    NameInfo *info = NEW(s->p->arena, NameInfo);
    *info = *at.var->u.name;
    Buf name = buf_new(s->p->arena);
    irtype_write_prefix(s->p->types, &name, info->pkg);
    buf_byte(&name, '.');
    buf_str(&name, info->name);
    buf_fmt(&name, "@%lld", (long long)at.offset);
    info->name = buf_view(&name);
    n->type = at.type;
    n->u.name = info;
    return n;
}

static void emit(Static *s, StaticPlace at, Node *value) {
    vec_push(s->p->arena, &s->out, ir_assign(s->p, s->pos, place_node(s, at), value));
}

static void assign_or_emit(Static *s, StaticPlace at, Node *value) {
    at.type = value->type;
    if (!static_assign(s, at, value)) emit(s, at, value);
}

// A variable the linker makes.
static StaticPlace new_static(Static *s, IrType *t) {
    Str name = str_fmt(s->p->arena, ".stmp_%u", s->statics++);
    return (StaticPlace){ir_name(s->p, s->pos, name, s->p->pkg, t, CLASS_EXTERN), 0, t};
}

// ---- composite literals

static bool is_zero(const Node *n) {
    if (n->op == IR_NIL) return true;
    if (n->op == IR_LITERAL) {
        const Const *v = n->u.lit.value;
        switch (const_kind(v)) {
        case CONST_STRING: return const_string_len(v) == 0;
        case CONST_BOOL: return !const_bool_value(v);
        case CONST_UNKNOWN: return false;
        case CONST_INT:
        case CONST_FLOAT:
        case CONST_COMPLEX: return const_sign(v) == 0;
        }
    }
    if (n->op != IR_ARRAYLIT && n->op != IR_STRUCTLIT) return false;
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        const Node *elem = n->u.list.v.v[i];
        if (elem->op == IR_STRUCTKEY)
            elem = elem->u.field.value;
        else if (elem->op == IR_KEY)
            elem = elem->u.xy.y;
        if (!is_zero(elem)) return false;
    }
    return true;
}

static void plan_literal(Static *s, const Node *n, int64_t offset, Plan *plan);

// Arrays and structs inside are part of the plan; zeros are not.
static void plan_value(Static *s, Node *n, int64_t offset, Plan *plan) {
    if (is_zero(n)) return;
    if (n->op == IR_ARRAYLIT || n->op == IR_STRUCTLIT) {
        plan_literal(s, n, offset, plan);
        return;
    }
    vec_push(s->p->scratch, plan, ((PlanEntry){offset, n}));
}

static void plan_literal(Static *s, const Node *n, int64_t offset, Plan *plan) {
    NodeVec list = n->u.list.v;
    if (n->op == IR_STRUCTLIT) {
        irtype_size(s->p->types, n->type); // lays the fields out
        for (uint32_t i = 0; i < list.len; i++) {
            const Node *f = list.v[i];
            if (str_eq_c(name_str(s->p->names, f->u.field.sel), "_")) continue;
            int64_t at = n->type->under->fields[f->u.field.index].offset;
            plan_value(s, f->u.field.value, offset + at, plan);
        }
        return;
    }
    int64_t size = irtype_size(s->p->types, n->type->elem), k = 0;
    for (uint32_t i = 0; i < list.len; i++, k++) {
        Node *elem = list.v[i];
        if (elem->op == IR_KEY) {
            if (!ir_int_value(elem->u.xy.x, &k)) BUG("index of an array literal");
            elem = elem->u.xy.y;
        }
        plan_value(s, elem, offset + k * size, plan);
    }
}

static bool is_composite(const Node *n) {
    return n->op == IR_ARRAYLIT || n->op == IR_SLICELIT || n->op == IR_STRUCTLIT ||
           n->op == IR_MAPLIT;
}

// Names stand where they are declared, not here.
static void move_to(Static *s, const Node *n) {
    if (n->op != IR_NAME && n->pos.pos) s->pos = n->pos;
}

static void assign_literal(Static *s, StaticPlace at, const Node *n) {
    Plan plan = {0};
    plan_literal(s, n, 0, &plan);
    for (uint32_t i = 0; i < plan.len; i++) {
        Node *x = plan.v[i].expr;
        if (x->op == IR_NIL || (x->op == IR_LITERAL && !s->fips)) continue;
        move_to(s, x);
        assign_or_emit(s, (StaticPlace){at.var, at.offset + plan.v[i].offset, x->type}, x);
    }
}

static void assign_slice(Static *s, const Node *n) {
    int64_t len = n->u.list.len;
    assign_literal(s, new_static(s, irtype_array(s->p->types, n->type->elem, len)), n);
}

// ---- copies of variables that are initialized already

static Node *func_name(Node *n) {
    if (n->op == IR_METHEXPR && n->u.method.func) return n->u.method.func->nname;
    return n;
}

static void copy_literal(Static *s, StaticPlace at, Node *from, const Node *n) {
    Plan plan = {0};
    plan_literal(s, n, 0, &plan);
    for (uint32_t i = 0; i < plan.len; i++) {
        PlanEntry e = plan.v[i];
        if (e.expr->op == IR_LITERAL || e.expr->op == IR_NIL) continue;
        StaticPlace to = {at.var, at.offset + e.offset, e.expr->type};
        Node *x = func_name(e.expr);
        if (x->op == IR_NAME && static_copy(s, to, x)) continue;
        // It takes work, but it was done once for the other variable.
        emit(s, to, place_node(s, (StaticPlace){from, e.offset, to.type}));
    }
}

static Node *converted(Static *s, Node *n, IrType *t) {
    if (irtype_identical(n->type, t)) return n;
    return ir_conv_node(s->p, IR_CONVNOP, s->pos, t, n);
}

// The initial value of a variable of this package; NULL: none that could be copied.
static Node *initial_value(const Static *s, const Node *var) {
    const NameInfo *n = var->u.name;
    if (n->cls != CLASS_EXTERN || n->pkg != s->p->pkg) return NULL;
    if (!n->defn || n->defn->op != IR_AS) return NULL;
    if (var->type->kind == KIND_STRING) return NULL; // the linker may have been told another one
    return s->mutation ? NULL : n->defn->u.as.y;
}

bool static_copy(Static *s, StaticPlace at, Node *from) { // flat switch
    if (from->u.name->cls == CLASS_FUNC) return true;
    Node *r = initial_value(s, from);
    if (!r) return false;
    while (r->op == IR_CONVNOP && !irtype_identical(r->type, at.type)) r = r->u.conv.x;
    r = func_name(r);
    // clang-format off
    switch ((int)r->op) { // the others take work
    case IR_NAME:
        if (!static_copy(s, at, r)) emit(s, at, converted(s, r, at.type));
        return true;
    case IR_NIL: case IR_LITERAL: case IR_SLICELIT: return true;
    case IR_ADDR: return r->u.xy.x->op == IR_NAME && r->u.xy.x->u.name->cls == CLASS_EXTERN;
    case IR_PTRLIT: return is_composite(r->u.xy.x);
    case IR_ARRAYLIT: case IR_STRUCTLIT: copy_literal(s, at, from, r); return true;
    default: return false;
    }
    // clang-format on
}

// ---- values

// A variable, a field of one, an element of an array that is one: its address is known.
static bool has_static_address(const Node *n) {
    int64_t i;
    switch ((int)n->op) { // the others are somewhere in memory
    case IR_NAME: return n->u.name->cls == CLASS_EXTERN;
    case IR_DOT: return has_static_address(n->u.field.x);
    case IR_INDEX:
        return n->u.xy.x->type->kind != KIND_SLICE && has_static_address(n->u.xy.x) &&
               ir_int_value(n->u.xy.y, &i) && i >= 0 && i == (int32_t)i;
    default: return false;
    }
}

static bool assign_pointer(Static *s, Node *n) {
    Node *x = n->u.xy.x;
    if (n->op == IR_ADDR && has_static_address(x)) return true;
    if (!is_composite(x)) return false;
    assign_or_emit(s, new_static(s, x->type), x);
    return true;
}

static bool assign_iface(Static *s, StaticPlace at, Node *n) {
    Node *x = n;
    while (x->op == IR_CONVIFACE) x = x->u.conv.x;
    if (irtype_is_interface(x->type)) return x->op == IR_NIL;
    if (x->type->has_shape) return false;
    if (!irtype_is_direct_iface(s->p->types, x->type)) {
        assign_or_emit(s, new_static(s, x->type), x);
    } else if (x->op != IR_NIL) {
        move_to(s, x);
        assign_or_emit(s, (StaticPlace){at.var, at.offset + 8, x->type}, x);
    }
    return true;
}

bool static_assign(Static *s, StaticPlace at, Node *r) { // flat switch
    if (!r) return true;
    while (r->op == IR_CONVNOP) r = r->u.conv.x;
    if (r->op == IR_NIL || (r->op == IR_LITERAL && is_zero(r))) return true;
    if (r->op == IR_LITERAL) return !s->fips || r->type->kind != KIND_STRING;
    if (r->op == IR_ARRAYLIT || r->op == IR_STRUCTLIT) {
        assign_literal(s, at, r);
        return true;
    }
    if (s->fips) return false; // no addresses in data that is verified
    // clang-format off
    switch ((int)r->op) { // the others take work
    case IR_NAME: return static_copy(s, at, r);
    case IR_METHEXPR: return r->u.method.func && static_copy(s, at, func_name(r));
    case IR_ADDR: case IR_PTRLIT: return assign_pointer(s, r);
    case IR_STR2BYTES:
        return at.var->u.name->cls == CLASS_EXTERN && r->u.conv.x->op == IR_LITERAL;
    case IR_SLICELIT: assign_slice(s, r); return true;
    case IR_CLOSURE: return !func_is_closure(r->u.closure.func);
    case IR_CONVIFACE: return assign_iface(s, at, r);
    case IR_INLCALL: return static_inlined_call(s, at, r);
    default: return false;
    }
    // clang-format on
}

// ---- statements

static bool all_blank(NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (!ir_is_blank(list.v[i])) return false;
    return true;
}

static bool try_static(Static *s, Node *n) {
    if (n->op == IR_AS2 || n->op == IR_CALLFUNC) return false; // a call's results; a map's function
    NodeVec lhs = n->op == IR_AS ? (NodeVec){&n->u.as.x, 1, 1} : n->u.as2.lhs;
    Node *rhs = n->op == IR_AS ? n->u.as.y : n->u.as2.rhs.v[0];
    if (!s->mutation) s->mutation = ir_may_modify_globals(s->p, rhs);
    if (all_blank(lhs) && !ir_has_side_effects(rhs)) return true;
    if (lhs.len > 1) return false;
    return static_assign(s, (StaticPlace){lhs.v[0], 0, lhs.v[0]->type}, rhs);
}

static bool is_fips(const IrPkg *p) {
    Str path = name_str(p->names, p->pkg->path);
    if (str_ends(path, STR("_test"))) return false;
    return str_cut_prefix(&path, STR("crypto/internal/fips140")) &&
           (!path.len || path.ptr[0] == '/');
}

static void schedule(IrPkg *p, Func *init) {
    Static s = {.p = p, .init = init, .fips = is_fips(p)};
    for (uint32_t i = 0; i < init->body.len; i++) {
        Node *stmt = init->body.v[i];
        s.pos = stmt->pos;
        if (!try_static(&s, stmt)) vec_push(p->arena, &s.out, stmt);
    }
    init->body = s.out;
    if (init->body.len) return;
    Node *empty = ir_node(p, IR_BLOCK, (IrPos){0});
    vec_push(p->arena, &init->body, empty);
}

void pass_staticinit(IrPkg *p) {
    if (p->init) schedule(p, p->init);
}
