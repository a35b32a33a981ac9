// go/ir/mapinit.c: a package-level map with a large initializer gets a function of its own that
// fills it, so that the linker can drop both. Rules: staticinit.OutlineMapInits.
#include "go/ir/lower_internal.h"

enum { LEAST_NODES = 20 }; // of an initializer that is worth it

static bool count_node(void *ctx, Node *n) {
    (void)n;
    ++*(uint32_t *)ctx;
    return false;
}

static bool is_worth_it(Node *stmt) {
    if (stmt->op != IR_AS || !stmt->u.as.y) return false;
    const Node *x = stmt->u.as.x;
    if (x->op != IR_NAME || ir_is_blank(x) || x->type->kind != KIND_MAP) return false;
    uint32_t nodes = 0;
    ir_any(stmt->u.as.y, count_node, &nodes);
    return nodes >= LEAST_NODES && !ir_has_side_effects(stmt->u.as.y);
}

void ir_outline_map_inits(IrPkg *p, Func *init) {
    uint32_t made = 0;
    IrType *none = irtype_niladic(p->types);
    for (uint32_t i = 0; i < init->body.len; i++) {
        Node *stmt = init->body.v[i];
        if (!is_worth_it(stmt)) continue;
        Str name = str_fmt(p->arena, "map.init.%u", made++);
        Func *f = ir_func(p, stmt->pos, stmt->pos, name, p->pkg, none);
        f->has_body = f->has_syntax = true;
        f->inlinability_checked = true; // never to be inlined
        vec_push(p->arena, &f->body, stmt);
        vec_push(p->arena, &p->funcs, f);
        init->body.v[i] = lower_finish_call(p, init, stmt->pos, f->nname, (NodeVec){0}, false);
    }
}
