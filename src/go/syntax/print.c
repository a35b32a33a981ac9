// go/syntax/print.c: a node as messages show it: on one line, bodies shortened to {...}.
// Parentheses the parser dropped stay dropped, and binary operators get none: so does the compiler.
#include "go/syntax/syntax.h"

typedef struct Printer {
    Buf *b;
    const Names *names;
} Printer;

#define ELLIPSIS "\xE2\x80\xA6"

static void print_expr(Printer *p, const Expr *x);

static void put(Printer *p, const char *s) { buf_c(p->b, s); }

static void print_list(Printer *p, ExprList l) {
    for (uint32_t i = 0; i < l.len; i++) {
        if (i) put(p, ", ");
        print_expr(p, l.v[i]);
    }
}

// Parameters: those that share a type node show it once, behind the last.
static void print_params(Printer *p, FieldList l) {
    put(p, "(");
    for (uint32_t i = 0; i < l.len; i++) {
        const Field *f = &l.v[i];
        if (i) put(p, ", ");
        if (f->name) {
            print_expr(p, f->name);
            if (i + 1 < l.len && f[1].name && f[1].type == f->type) continue;
            put(p, " ");
        }
        print_expr(p, f->type);
    }
    put(p, ")");
}

static void print_signature(Printer *p, const Expr *type) {
    FieldList results = type->func_type.results;
    print_params(p, type->func_type.params);
    if (!results.len) return;
    put(p, " ");
    if (results.len == 1 && !results.v[0].name)
        print_expr(p, results.v[0].type);
    else
        print_params(p, results);
}

// Fields [from, to) share a type.
static void print_fields(Printer *p, FieldList l, uint32_t from, uint32_t to) {
    if (from) put(p, "; ");
    if (l.v[from].name) {
        for (uint32_t i = from; i < to; i++) {
            if (i > from) put(p, ", ");
            print_expr(p, l.v[i].name);
        }
        put(p, " ");
    }
    print_expr(p, l.v[from].type);
    if (l.v[from].tag) {
        put(p, " ");
        print_expr(p, l.v[from].tag);
    }
}

static void print_struct(Printer *p, FieldList l) {
    put(p, "struct{");
    for (uint32_t from = 0, to; from < l.len; from = to) {
        for (to = from + 1; to < l.len && l.v[to].name && l.v[to].type == l.v[from].type;) to++;
        print_fields(p, l, from, to);
    }
    put(p, "}");
}

static void print_interface(Printer *p, FieldList l) {
    put(p, "interface{");
    for (uint32_t i = 0; i < l.len; i++) {
        if (i) put(p, "; ");
        if (l.v[i].name) {
            print_expr(p, l.v[i].name);
            print_signature(p, l.v[i].type);
        } else {
            print_expr(p, l.v[i].type);
        }
    }
    put(p, "}");
}

static void print_chan(Printer *p, const Expr *x) {
    const Expr *elem = x->elem_type.elem;
    // chan (<-chan T) is another type than chan<- chan T.
    bool paren = x->dir == CHAN_BOTH && elem->kind == EXPR_CHAN_TYPE && elem->dir == CHAN_RECV_ONLY;
    put(p, x->dir == CHAN_RECV_ONLY ? "<-chan " : x->dir == CHAN_SEND_ONLY ? "chan<- " : "chan ");
    if (paren) put(p, "(");
    print_expr(p, elem);
    if (paren) put(p, ")");
}

static void print_slice(Printer *p, const Expr *x) {
    print_expr(p, x->slice.x);
    put(p, "[");
    if (x->slice.index[0]) print_expr(p, x->slice.index[0]);
    put(p, ":");
    if (x->slice.index[1]) print_expr(p, x->slice.index[1]);
    if (x->slice.index[2]) {
        put(p, ":");
        print_expr(p, x->slice.index[2]);
    }
    put(p, "]");
}

static void print_operation(Printer *p, const Expr *x) {
    if (!x->operation.y) {
        put(p, op_text(x->op));
        print_expr(p, x->operation.x);
        return;
    }
    print_expr(p, x->operation.x);
    put(p, " ");
    put(p, op_text(x->op));
    put(p, " ");
    print_expr(p, x->operation.y);
}

static void print_pair(Printer *p, const Expr *x, const char *between, const Expr *y,
                       const char *after) {
    print_expr(p, x);
    put(p, between);
    print_expr(p, y);
    put(p, after);
}

static void print_type_switch(Printer *p, const Expr *x) {
    if (x->type_switch.lhs) {
        print_expr(p, x->type_switch.lhs);
        put(p, " := ");
    }
    print_expr(p, x->type_switch.x);
    put(p, ".(type)");
}

static void print_array(Printer *p, const Expr *x) {
    put(p, "[");
    if (x->array_type.len)
        print_expr(p, x->array_type.len);
    else
        put(p, "...");
    put(p, "]");
    print_expr(p, x->array_type.elem);
}

static void print_call(Printer *p, const Expr *x) {
    print_expr(p, x->call.fn);
    put(p, "(");
    print_list(p, x->call.args);
    put(p, x->has_dots ? "...)" : ")");
}

static void print_prefixed(Printer *p, const char *prefix, const Expr *x, const char *after) {
    put(p, prefix);
    print_expr(p, x);
    put(p, after);
}

static void print_expr(Printer *p, const Expr *x) { // flat switch
    switch (x->kind) {
    case EXPR_BAD: put(p, "<bad expr>"); return;
    case EXPR_NAME: buf_str(p->b, name_str(p->names, x->name)); return;
    case EXPR_LIT: buf_str(p->b, x->text); return;
    case EXPR_FUNC_LIT:
        print_expr(p, x->func_lit.type);
        put(p, x->func_lit.body->block.list.len ? " {" ELLIPSIS "}" : " {}");
        return;
    case EXPR_COMPOSITE:
        if (x->composite.type) print_expr(p, x->composite.type);
        put(p, x->composite.elems.len ? "{" ELLIPSIS "}" : "{}");
        return;
    case EXPR_KEY_VALUE: print_pair(p, x->key_value.key, ": ", x->key_value.value, ""); return;
    case EXPR_PAREN: print_prefixed(p, "(", x->paren.x, ")"); return;
    case EXPR_SELECTOR: print_pair(p, x->selector.x, ".", x->selector.sel, ""); return;
    case EXPR_INDEX: print_pair(p, x->index.x, "[", x->index.index, "]"); return;
    case EXPR_SLICE: print_slice(p, x); return;
    case EXPR_ASSERT: print_pair(p, x->assert.x, ".(", x->assert.type, ")"); return;
    case EXPR_TYPE_SWITCH: print_type_switch(p, x); return;
    case EXPR_OPERATION: print_operation(p, x); return;
    case EXPR_CALL: print_call(p, x); return;
    case EXPR_LIST: print_list(p, x->list); return;
    case EXPR_ARRAY_TYPE: print_array(p, x); return;
    case EXPR_SLICE_TYPE: print_prefixed(p, "[]", x->elem_type.elem, ""); return;
    case EXPR_DOTS_TYPE: print_prefixed(p, "...", x->elem_type.elem, ""); return;
    case EXPR_STRUCT_TYPE: print_struct(p, x->fields); return;
    case EXPR_INTERFACE_TYPE: print_interface(p, x->fields); return;
    case EXPR_FUNC_TYPE:
        put(p, "func");
        print_signature(p, x);
        return;
    case EXPR_MAP_TYPE:
        put(p, "map[");
        print_pair(p, x->map_type.key, "]", x->map_type.value, "");
        return;
    case EXPR_CHAN_TYPE: print_chan(p, x); return;
    }
}

static void print_assign(Printer *p, const Stmt *s) {
    print_expr(p, s->assign.lhs);
    if (!s->assign.rhs) {
        put(p, op_text(s->op));
        put(p, op_text(s->op));
        return;
    }
    put(p, " ");
    put(p, op_text(s->op));
    put(p, "= ");
    print_expr(p, s->assign.rhs);
}

static void print_range(Printer *p, const Stmt *s) {
    if (s->range.lhs) print_prefixed(p, "", s->range.lhs, s->def ? " := " : " = ");
    print_prefixed(p, "range ", s->range.x, "");
}

static void print_stmt(Printer *p, const Stmt *s) { // flat switch
    switch (s->kind) {
    case STMT_EMPTY: return;
    case STMT_EXPR: print_expr(p, s->expr.x); return;
    case STMT_SEND: print_pair(p, s->send.chan, " <- ", s->send.value, ""); return;
    case STMT_ASSIGN: print_assign(p, s); return;
    case STMT_RANGE: print_range(p, s); return;
    case STMT_CALL:
        put(p, keyword_text(s->keyword));
        print_prefixed(p, " ", s->call.call, "");
        return;
    case STMT_RETURN:
        put(p, "return");
        if (s->ret.results) print_prefixed(p, " ", s->ret.results, "");
        return;
    case STMT_BRANCH:
        put(p, keyword_text(s->keyword));
        if (s->branch.label) print_prefixed(p, " ", s->branch.label, "");
        return;
    case STMT_LABELED: print_prefixed(p, "", s->labeled.label, ":"); return;
    case STMT_BLOCK: put(p, "{" ELLIPSIS "}"); return;
    case STMT_DECL: put(p, "declaration"); return;
    case STMT_IF: put(p, "if statement"); return;
    case STMT_FOR: put(p, "for statement"); return;
    case STMT_SWITCH: put(p, "switch statement"); return;
    case STMT_SELECT: put(p, "select statement"); return;
    }
}

void syntax_write(Buf *b, const Names *names, SyntaxNode n) {
    Printer p = {b, names};
    switch (n.tag) {
    case TREE_EXPR: print_expr(&p, n.expr); return;
    case TREE_STMT: print_stmt(&p, n.stmt); return;
    case TREE_FIELD:
        if (n.field->name) print_prefixed(&p, "", n.field->name, " ");
        print_expr(&p, n.field->type);
        return;
    case TREE_FILE:
    case TREE_DECL:
    case TREE_CLAUSE: buf_c(b, syntax_kind(n)); return; // no message shows one
    }
}

Str syntax_string(Arena *a, const Names *names, SyntaxNode n) {
    Buf b = buf_new(a);
    syntax_write(&b, names, n);
    return buf_view(&b);
}
