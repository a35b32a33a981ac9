// go/types/label.c: labels, and the jumps to them, for trees whose parser did not look at branches.
#include "go/types/types_internal.h"

typedef VEC(Stmt *) Jumps;

typedef struct Block { // of statements, or the switch or select around its clauses
    struct Block *parent;
    Stmt *labeled; // the LABELED statement this block belongs to, or NULL
    Jumps labels;  // LABELED statements declared in it
} Block;

typedef struct Labels {
    Check *c;
    Scope *all; // every label of the function
} Labels;

typedef struct Walking { // one block being walked
    Labels *l;
    Block *b;
    Pos var_pos; // of the latest variable declaration
    Jumps forward,
        over; // gotos without their label yet; those of them a variable was declared after
} Walking;

static Stmt *goto_target(Block *b, Name name) {
    for (; b; b = b->parent)
        for (uint32_t i = 0; i < b->labels.len; i++)
            if (b->labels.v[i]->labeled.label->name == name) return b->labels.v[i];
    return NULL;
}

static Stmt *enclosing_target(Block *b, Name name) {
    for (; b; b = b->parent)
        if (b->labeled && b->labeled->labeled.label->name == name) return b->labeled;
    return NULL;
}

static void walk_stmt(Walking *w, Stmt *labeled, Stmt *s);

static Jumps walk_block(Labels *l, Block *parent, Stmt *labeled, StmtList list) {
    Block b = {.parent = parent, .labeled = labeled};
    Walking w = {.l = l, .b = &b};
    for (uint32_t i = 0; i < list.len; i++) walk_stmt(&w, NULL, list.v[i]);
    return w.forward;
}

static void add_forward(Walking *w, Jumps jumps) {
    for (uint32_t i = 0; i < jumps.len; i++) vec_push(w->l->c->local, &w->forward, jumps.v[i]);
}

static void variable_declared(Walking *w, Pos pos) {
    w->var_pos = pos;
    w->over.len = 0;
    for (uint32_t i = 0; i < w->forward.len; i++)
        vec_push(w->l->c->local, &w->over, w->forward.v[i]);
}

static bool jumps_over(const Walking *w, const Stmt *jump) {
    for (uint32_t i = 0; w->var_pos && i < w->over.len; i++)
        if (w->over.v[i] == jump) return true;
    return false;
}

// The gotos that waited for this label.
static void resolve_forward(Walking *w, Obj *label) {
    Check *c = w->l->c;
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->forward.len; i++) {
        Stmt *jump = w->forward.v[i];
        Expr *at = jump->branch.label;
        if (at->name != label->name) {
            w->forward.v[n++] = jump;
            continue;
        }
        label->used = true;
        record_use(c, at, label);
        if (jumps_over(w, jump))
            check_soft_error(c, at_expr(at), "goto %N jumps over variable declaration at line %d",
                             at->name, (int)pos_place(c->env->files, w->var_pos).line);
    }
    w->forward.len = n;
}

static void declare_label(Walking *w, Stmt *s) {
    Check *c = w->l->c;
    Expr *id = s->labeled.label;
    Obj *label = obj_new(c, OBJ_LABEL, id->pos, id->name),
        *alt = scope_insert(c->local, w->l->all, label);
    label->type = BASIC(INVALID);
    if (alt) {
        ErrorBuilder e = error_begin(c);
        e.soft = true;
        error_add(&e, label->pos, "label %N already declared", id->name);
        error_add_alt(&e, alt);
        error_report(&e);
    } else {
        vec_push(c->local, &w->b->labels, s);
        record_def(c, id, label);
    }
    resolve_forward(w, label);
}

static bool is_loop(const Stmt *s) { return s->kind == STMT_FOR; }
static bool is_breakable(const Stmt *s) {
    return is_loop(s) || s->kind == STMT_SWITCH || s->kind == STMT_SELECT;
}

static void walk_branch(Walking *w, Stmt *s) {
    Check *c = w->l->c;
    Expr *id = s->branch.label;
    if (!id) return;
    if (s->keyword == KEYWORD_GOTO) {
        if (!goto_target(w->b, id->name)) {
            vec_push(c->local, &w->forward, s);
            return;
        }
    } else {
        bool is_break = s->keyword == KEYWORD_BREAK;
        Stmt *t = enclosing_target(w->b, id->name);
        if (!t || !(is_break ? is_breakable(t->labeled.stmt) : is_loop(t->labeled.stmt))) {
            check_error(c, at_expr(id), "invalid %s label %N", is_break ? "break" : "continue",
                        id->name);
            return;
        }
    }
    Obj *label = scope_lookup(w->l->all, id->name);
    label->used = true;
    record_use(c, id, label);
}

static void walk_clauses(Walking *w, Stmt *labeled, ClauseList list) {
    Block b = {.parent = w->b, .labeled = labeled};
    for (uint32_t i = 0; i < list.len; i++)
        add_forward(w, walk_block(w->l, &b, NULL, list.v[i].body));
}

static void walk_decls(Walking *w, DeclList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i]->kind == DECL_VAR) variable_declared(w, list.v[i]->pos);
}

static void walk_stmt(Walking *w, Stmt *labeled, Stmt *s) { // flat switch
    switch (s->kind) {
    case STMT_DECL: walk_decls(w, s->decl.list); return;
    case STMT_LABELED: {
        bool named = s->labeled.label->name != w->l->c->env->blank;
        if (named) declare_label(w, s);
        walk_stmt(w, named ? s : labeled, s->labeled.stmt);
        return;
    }
    case STMT_BRANCH: walk_branch(w, s); return;
    case STMT_ASSIGN:
        if (s->op == OP_DEF) variable_declared(w, s->pos);
        return;
    case STMT_BLOCK: add_forward(w, walk_block(w->l, w->b, labeled, s->block.list)); return;
    case STMT_IF:
        walk_stmt(w, labeled, s->if_.then);
        if (s->if_.els) walk_stmt(w, labeled, s->if_.els);
        return;
    case STMT_SWITCH: walk_clauses(w, labeled, s->switch_.body); return;
    case STMT_SELECT: walk_clauses(w, labeled, s->select.body); return;
    case STMT_FOR: walk_stmt(w, labeled, s->for_.body); return;
    case STMT_EMPTY:
    case STMT_EXPR:
    case STMT_SEND:
    case STMT_CALL:
    case STMT_RETURN:
    case STMT_RANGE: return;
    }
    BUG("statement kind %d", s->kind);
}

void check_labels(Check *c, Stmt *body) {
    Labels l = {c, scope_new(c->local, NULL, body->pos, syntax_end_pos(node_stmt(body)))};
    Jumps jumps = walk_block(&l, NULL, NULL, body->block.list);
    for (uint32_t i = 0; i < jumps.len; i++) {
        Expr *id = jumps.v[i]->branch.label;
        Obj *alt = scope_lookup(l.all, id->name);
        check_error(c, at_expr(id), alt ? "goto %N jumps into block" : "label %N not declared",
                    id->name);
        if (alt) alt->used = true;
    }
    for (uint32_t i = 0; i < l.all->objs.len; i++) {
        Obj *o = l.all->objs.v[i];
        if (!o->used) check_soft_error(c, o->pos, "label %N declared and not used", o->name);
    }
}
