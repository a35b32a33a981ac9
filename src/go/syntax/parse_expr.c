// go/syntax/parse_expr.c: expressions. Types are expressions too (parse_type.c); where both may
// stand, the parser reads an expression and the type checker finds out.
#include "go/syntax/syntax_internal.h"

Expr *bad_expr(Parser *p, Pos pos) {
    Expr *x = expr_cut(p, EXPR_BAD, pos, offsetof(Expr, name));
    x->end = pos;
    return x;
}

Expr *parse_name(Parser *p) {
    Expr *x = EXPR_NEW(p, NAME, p->pos, name);
    if (LIKELY(p->tok == TOK_NAME)) {
        x->name = p->name;
        scanner_next(p);
        x->end = p->prev_end;
        return x;
    }
    x->name = p->cache->blank;
    x->implicit = true;
    x->end = p->pos;
    syntax_error(p, "expected name");
    advance(p, 0);
    return x;
}

// IdentifierList = identifier { "," identifier } . The first one is given.
ExprList parse_name_list(Parser *p, Expr *first) {
    uint32_t mark = node_mark(p);
    node_push(p, first);
    while (got(p, TOK_COMMA)) node_push(p, parse_name(p));
    return take_exprs(p, mark);
}

Expr *parse_literal_or_null(Parser *p) {
    if (p->tok != TOK_LITERAL) return NULL;
    Expr *x = EXPR_NEW(p, LIT, p->pos, text);
    x->text = (Str){(const char *)p->start, (size_t)(p->at - p->start)};
    x->lit_kind = p->kind;
    x->bad = p->bad;
    scanner_next(p);
    x->end = p->prev_end;
    return x;
}

static Expr *list_expr(Parser *p, uint32_t mark) {
    Expr *first = p->cache->stacks.nodes.v[mark];
    Expr *t = EXPR_NEW(p, LIST, first->pos, list);
    t->list = take_exprs(p, mark);
    t->end = p->prev_end;
    return t;
}

// ExpressionList = Expression { "," Expression } . One expression is no LIST.
Expr *parse_expr_list(Parser *p) {
    Expr *x = parse_expr(p);
    if (LIKELY(p->tok != TOK_COMMA)) return x;
    uint32_t mark = node_mark(p);
    node_push(p, x);
    while (got(p, TOK_COMMA)) node_push(p, parse_expr(p));
    return list_expr(p, mark);
}

// Type arguments, or one index: Element { "," Type } [ "," ] . Strict: the first is a type as well.
Expr *parse_type_list(Parser *p, bool strict, bool *comma) {
    p->expr_nest++;
    Expr *x = strict ? parse_type(p) : parse_expr(p);
    *comma = false;
    if (got(p, TOK_COMMA)) {
        *comma = true;
        uint32_t mark = node_mark(p);
        node_push(p, x);
        for (Expr *t; (t = parse_type_or_null(p));) {
            node_push(p, t);
            if (!got(p, TOK_COMMA)) break;
        }
        if (node_mark(p) > mark + 1) x = list_expr(p, mark);
        p->cache->stacks.nodes.len = mark;
    }
    p->expr_nest--;
    return x;
}

static Expr *unary(Parser *p) {
    Expr *x = EXPR_NEW(p, OPERATION, p->pos, operation);
    x->op = p->op;
    return x;
}

// <-x is a receive operation, unless x turns out to be a channel type: then the arrow belongs to
// it, and <-chan<- E is (<-chan (<-E)), so the arrows of the types within move one to the left.
static Expr *arrow(Parser *p, Pos pos, Expr *x) {
    if (x->kind != EXPR_CHAN_TYPE) {
        Expr *t = EXPR_NEW(p, OPERATION, pos, operation);
        t->op = OP_RECV;
        t->operation.x = x;
        t->end = x->end;
        return t;
    }
    ChanDir dir = CHAN_SEND_ONLY;
    Expr *t = x;
    while (dir == CHAN_SEND_ONLY && t->kind == EXPR_CHAN_TYPE) {
        dir = t->dir;
        if (dir == CHAN_RECV_ONLY) syntax_error(p, "unexpected <-, expected chan");
        t->dir = CHAN_RECV_ONLY;
        t = t->elem_type.elem;
    }
    if (dir == CHAN_SEND_ONLY) {
        Str text = syntax_expr_string(p->s->diags->arena, p->s->names, t);
        syntax_error(p, "unexpected " STR_FMT ", expected chan", STR_ARG(text));
    }
    return x;
}

// UnaryExpr = PrimaryExpr | unary_op UnaryExpr .
static Expr *parse_unary_expr(Parser *p) {
    if (LIKELY(p->tok == TOK_NAME || p->tok == TOK_LITERAL)) return parse_primary(p, NULL, true);
    Expr *x;
    if (!enter(p)) {
        x = bad_expr(p, p->pos);
    } else if (p->tok == TOK_ARROW) {
        Pos pos = p->pos;
        scanner_next(p);
        x = arrow(p, pos, parse_unary_expr(p));
    } else if (p->tok == TOK_STAR ||
               (p->tok == TOK_OPERATOR && (p->op == OP_ADD || p->op == OP_SUB || p->op == OP_NOT ||
                                           p->op == OP_XOR || p->op == OP_TILDE))) {
        x = unary(p);
        scanner_next(p);
        x->operation.x = parse_unary_expr(p);
        x->end = p->prev_end;
    } else if (p->tok == TOK_OPERATOR && p->op == OP_AND) {
        x = unary(p);
        scanner_next(p);
        // Parentheses around a composite literal are of no more use here.
        x->operation.x = syntax_unparen_mut(parse_unary_expr(p));
        x->end = p->prev_end;
    } else {
        x = parse_primary(p, NULL, true);
    }
    leave(p);
    return x;
}

// Expression = UnaryExpr | Expression binary_op Expression . x, if given, is the first operand.
Expr *parse_binary(Parser *p, Expr *x, int prec) {
    if (!x) x = parse_unary_expr(p);
    uint32_t chain = 0;
    while ((p->tok == TOK_OPERATOR || p->tok == TOK_STAR) && p->prec > prec) {
        if (UNLIKELY(++chain > SYNTAX_MAX_CHAIN)) {
            too_deep(p);
            break;
        }
        Expr *t = unary(p);
        int inner = p->prec;
        scanner_next(p);
        t->operation.x = x;
        t->operation.y = parse_binary(p, NULL, inner);
        t->end = p->prev_end;
        x = t;
    }
    return x;
}

Expr *parse_expr(Parser *p) { return parse_binary(p, NULL, 0); }

static Expr *parse_parens(Parser *p, bool keep_parens) {
    Pos pos = p->pos;
    scanner_next(p);
    p->expr_nest++;
    Expr *x = parse_expr(p);
    p->expr_nest--;
    want(p, TOK_RPAREN);
    // A "{" may make x the type of a composite literal, which must not stand in parentheses.
    if (!keep_parens && p->tok != TOK_LBRACE) return x;
    Expr *t = EXPR_NEW(p, PAREN, pos, paren);
    t->paren.x = x;
    t->end = p->prev_end;
    return t;
}

static Expr *parse_func_lit_or_type(Parser *p) {
    Pos pos = p->pos;
    FieldList tparams;
    scanner_next(p);
    Expr *type = parse_func_type(p, "function type", &tparams);
    if (p->tok != TOK_LBRACE) return type;
    Expr *x = EXPR_NEW(p, FUNC_LIT, pos, func_lit);
    p->expr_nest++;
    x->func_lit.type = type;
    x->func_lit.body = parse_func_body(p);
    p->expr_nest--;
    x->end = p->prev_end;
    return x;
}

// Operand = Literal | OperandName | "(" Expression ")" . Composite literals: see parse_primary.
static Expr *parse_operand(Parser *p, bool keep_parens) {
    TokSet types = TOK_BIT(TOK_LBRACK) | TOK_BIT(TOK_CHAN) | TOK_BIT(TOK_MAP) |
                   TOK_BIT(TOK_STRUCT) | TOK_BIT(TOK_INTERFACE);
    if (p->tok == TOK_NAME) return parse_name(p);
    if (p->tok == TOK_LITERAL) return parse_literal_or_null(p);
    if (p->tok == TOK_LPAREN) return parse_parens(p, keep_parens);
    if (p->tok == TOK_FUNC) return parse_func_lit_or_type(p);
    if (types & TOK_BIT(p->tok)) return parse_type(p);
    Expr *x = bad_expr(p, p->pos);
    syntax_error(p, "expected expression");
    advance(p, TOK_BIT(TOK_RPAREN) | TOK_BIT(TOK_RBRACK) | TOK_BIT(TOK_RBRACE));
    return x;
}

static Expr *parse_complit(Parser *p);

// Element = Expression | LiteralValue .
static Expr *parse_bare_complit(Parser *p) {
    if (p->tok != TOK_LBRACE) return parse_expr(p);
    Expr *x = enter(p) ? parse_complit(p) : bad_expr(p, p->pos);
    leave(p);
    return x;
}

// LiteralValue = "{" [ Element [ ":" Element ] { "," ... } [ "," ] ] "}" .
static Expr *parse_complit(Parser *p) {
    Expr *x = EXPR_NEW(p, COMPOSITE, p->pos, composite);
    uint32_t mark = node_mark(p), keys = 0;
    bool whole = true;
    p->expr_nest++;
    want(p, TOK_LBRACE);
    while (whole && list_more(p, TOK_RBRACE)) {
        Expr *e = parse_bare_complit(p);
        if (p->tok == TOK_COLON) {
            Expr *pair = EXPR_NEW(p, KEY_VALUE, p->pos, key_value);
            scanner_next(p);
            pair->key_value.key = e;
            pair->key_value.value = parse_bare_complit(p);
            pair->end = p->prev_end;
            e = pair;
            keys++;
        }
        node_push(p, e);
        whole = list_next(p, "composite literal", TOK_COMMA, TOK_RBRACE);
    }
    x->composite.rbrace = list_end(p, whole, TOK_RBRACE);
    x->composite.elems = take_exprs(p, mark);
    x->composite.nkeys = keys;
    x->end = p->prev_end;
    p->expr_nest--;
    return x;
}

// From the "." on: x.name, x.(T), x.(type).
static Expr *parse_dot(Parser *p, Expr *x) {
    Pos pos = p->pos;
    scanner_next(p);
    if (p->tok == TOK_NAME) {
        Expr *t = EXPR_NEW(p, SELECTOR, pos, selector);
        t->selector.x = x;
        t->selector.sel = parse_name(p);
        t->end = p->prev_end;
        return t;
    }
    if (!got(p, TOK_LPAREN)) {
        syntax_error(p, "expected name or (");
        advance(p, TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RPAREN));
        return x;
    }
    Expr *t;
    if (got(p, TOK_TYPE)) {
        t = EXPR_NEW(p, TYPE_SWITCH, pos, type_switch); // lhs: see parse_stmt.c
        t->type_switch.x = x;
    } else {
        t = EXPR_NEW(p, ASSERT, pos, assert);
        t->assert.x = x;
        t->assert.type = parse_type(p);
    }
    want(p, TOK_RPAREN);
    t->end = p->prev_end;
    return t;
}

// The second colon of x[i:j:k] and what follows it.
static void parse_full_slice(Parser *p, Expr *t) {
    t->full = true;
    if (!t->slice.index[1]) {
        error_at(p, p->pos, "middle index required in 3-index slice");
        t->slice.index[1] = bad_expr(p, p->pos);
    }
    scanner_next(p);
    if (p->tok != TOK_RBRACK) {
        t->slice.index[2] = parse_expr(p);
    } else {
        error_at(p, p->pos, "final index required in 3-index slice");
        t->slice.index[2] = bad_expr(p, p->pos);
    }
}

// From the "[" on: x[i], x[T1, T2], x[i:j], x[i:j:k].
static Expr *parse_index(Parser *p, Expr *x) {
    Pos pos = p->pos;
    Expr *i = NULL;
    scanner_next(p);
    if (p->tok != TOK_COLON) {
        bool comma = false;
        if (p->tok == TOK_RBRACK) {
            syntax_error(p, "expected operand");
            i = bad_expr(p, p->pos);
        } else {
            i = parse_type_list(p, false, &comma);
        }
        if (comma || p->tok == TOK_RBRACK) {
            want(p, TOK_RBRACK);
            Expr *t = EXPR_NEW(p, INDEX, pos, index);
            t->index.x = x;
            t->index.index = i;
            t->end = p->prev_end;
            return t;
        }
    }
    if (!got(p, TOK_COLON)) {
        syntax_error(p, "expected comma, : or ]");
        advance(p, TOK_BIT(TOK_COMMA) | TOK_BIT(TOK_COLON) | TOK_BIT(TOK_RBRACK));
    }
    p->expr_nest++;
    Expr *t = EXPR_NEW(p, SLICE, pos, slice);
    t->slice.x = x;
    t->slice.index[0] = i;
    if (p->tok != TOK_COLON && p->tok != TOK_RBRACK) t->slice.index[1] = parse_expr(p);
    if (p->tok == TOK_COLON) parse_full_slice(p, t);
    p->expr_nest--;
    want(p, TOK_RBRACK);
    t->end = p->prev_end;
    return t;
}

// Arguments = "(" [ Expression { "," Expression } [ "..." ] [ "," ] ] ")" .
static Expr *parse_call(Parser *p, Expr *fn) {
    Expr *t = EXPR_NEW(p, CALL, p->pos, call);
    uint32_t mark = node_mark(p);
    bool whole = true;
    t->call.fn = fn;
    scanner_next(p);
    p->expr_nest++;
    while (whole && !t->has_dots && list_more(p, TOK_RPAREN)) {
        node_push(p, parse_expr(p));
        t->has_dots = got(p, TOK_DOT_DOT_DOT);
        whole = list_next(p, "argument list", TOK_COMMA, TOK_RPAREN);
    }
    list_end(p, whole, TOK_RPAREN);
    p->expr_nest--;
    t->call.args = take_exprs(p, mark);
    t->end = p->prev_end;
    return t;
}

// Must x be a value, whatever its names mean?
static bool is_value(const Expr *x) { // flat switch
    for (;;) {
        switch (x->kind) {
        case EXPR_LIT:
        case EXPR_COMPOSITE:
        case EXPR_FUNC_LIT:
        case EXPR_SLICE:
        case EXPR_ASSERT:
        case EXPR_TYPE_SWITCH:
        case EXPR_CALL: return true;
        case EXPR_OPERATION: return x->op != OP_MUL || x->operation.y;
        case EXPR_PAREN: x = x->paren.x; continue;
        case EXPR_INDEX:
            if (is_value(x->index.index)) return true;
            x = x->index.x;
            continue;
        case EXPR_BAD:
        case EXPR_NAME:
        case EXPR_KEY_VALUE:
        case EXPR_SELECTOR:
        case EXPR_LIST:
        case EXPR_ARRAY_TYPE:
        case EXPR_SLICE_TYPE:
        case EXPR_DOTS_TYPE:
        case EXPR_STRUCT_TYPE:
        case EXPR_INTERFACE_TYPE:
        case EXPR_FUNC_TYPE:
        case EXPR_MAP_TYPE:
        case EXPR_CHAN_TYPE: return false;
        }
    }
}

// Does the "{" behind x begin a composite literal (or else a block)?
static bool begins_complit(const Parser *p, const Expr *t) {
    switch (t->kind) {
    case EXPR_NAME:
    case EXPR_SELECTOR: return p->expr_nest >= 0;
    case EXPR_INDEX: return p->expr_nest >= 0 && !is_value(t);
    case EXPR_ARRAY_TYPE:
    case EXPR_SLICE_TYPE:
    case EXPR_STRUCT_TYPE:
    case EXPR_MAP_TYPE: return true;
    case EXPR_BAD:
    case EXPR_LIT:
    case EXPR_COMPOSITE:
    case EXPR_KEY_VALUE:
    case EXPR_FUNC_LIT:
    case EXPR_PAREN:
    case EXPR_SLICE:
    case EXPR_ASSERT:
    case EXPR_TYPE_SWITCH:
    case EXPR_OPERATION:
    case EXPR_CALL:
    case EXPR_LIST:
    case EXPR_DOTS_TYPE:
    case EXPR_INTERFACE_TYPE:
    case EXPR_FUNC_TYPE:
    case EXPR_CHAN_TYPE: return false;
    }
    return false;
}

static Expr *parse_typed_complit(Parser *p, Expr *type) {
    if (type->kind == EXPR_PAREN) syntax_error(p, "cannot parenthesize type in composite literal");
    Expr *x = parse_complit(p);
    x->composite.type = type;
    return x;
}

static Expr *parse_brackets(Parser *p, Expr *x) {
    if (p->tok == TOK_LPAREN) return parse_call(p, x);
    if (p->tok == TOK_LBRACK) return parse_index(p, x);
    return parse_typed_complit(p, x);
}

// PrimaryExpr = Operand | PrimaryExpr ( Selector | Index | Slice | TypeAssertion | Arguments ) .
// x, if given, is the operand.
Expr *parse_primary(Parser *p, Expr *x, bool keep_parens) {
    if (!x) x = parse_operand(p, keep_parens);
    for (uint32_t chain = 0;; chain++) {
        if (p->tok == TOK_DOT) {
            x = parse_dot(p, x);
        } else {
            TokSet opens = TOK_BIT(TOK_LPAREN) | TOK_BIT(TOK_LBRACK) | TOK_BIT(TOK_LBRACE);
            if (!(TOK_BIT(p->tok) & opens)) return x;
            if (p->tok == TOK_LBRACE && !begins_complit(p, syntax_unparen(x))) return x;
            if (enter(p)) x = parse_brackets(p, x);
            leave(p);
        }
        if (UNLIKELY(chain > SYNTAX_MAX_CHAIN)) too_deep(p);
    }
}
