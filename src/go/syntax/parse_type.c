// go/syntax/parse_type.c: types, signatures and parameter lists.
#include "go/syntax/syntax_internal.h"

Expr *parse_type(Parser *p) {
    Expr *t = parse_type_or_null(p);
    if (LIKELY(t)) return t;
    t = bad_expr(p, p->pos);
    syntax_error(p, "expected type");
    advance(p, TOK_BIT(TOK_COMMA) | TOK_BIT(TOK_COLON) | TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RPAREN) |
                   TOK_BIT(TOK_RBRACK) | TOK_BIT(TOK_RBRACE));
    return t;
}

static Expr *pointer_type(Parser *p, Pos pos, Expr *elem) {
    Expr *t = EXPR_NEW(p, OPERATION, pos, operation);
    t->op = OP_MUL;
    t->operation.x = elem;
    t->end = p->prev_end;
    return t;
}

// "[" "]" Type, from behind the brackets; pos is that of "[".
Expr *parse_slice_type(Parser *p, Pos pos) {
    Expr *t = EXPR_NEW(p, SLICE_TYPE, pos, elem_type);
    t->elem_type.elem = parse_type(p);
    t->end = p->prev_end;
    return t;
}

// "[" ( Expression | "..." ) "]" Type, from behind "["; len, if given, was read.
Expr *parse_array_type(Parser *p, Pos pos, Expr *len) {
    if (!len && !got(p, TOK_DOT_DOT_DOT)) {
        p->expr_nest++;
        len = parse_expr(p);
        p->expr_nest--;
    }
    if (p->tok == TOK_COMMA) { // as type parameter lists may have it
        syntax_error(p, "unexpected comma; expected ]");
        scanner_next(p);
    }
    want(p, TOK_RBRACK);
    Expr *t = EXPR_NEW(p, ARRAY_TYPE, pos, array_type);
    t->array_type.len = len;
    t->array_type.elem = parse_type(p);
    t->end = p->prev_end;
    return t;
}

static Expr *parse_chan_type(Parser *p, Pos pos, ChanDir dir) {
    Expr *t = EXPR_NEW(p, CHAN_TYPE, pos, elem_type);
    t->dir = dir;
    t->elem_type.elem = parse_type_or_null(p);
    if (!t->elem_type.elem) {
        t->elem_type.elem = bad_expr(p, p->pos);
        syntax_error(p, "missing channel element type");
    }
    t->end = p->prev_end;
    return t;
}

static Expr *parse_map_type(Parser *p, Pos pos) {
    Expr *t = EXPR_NEW(p, MAP_TYPE, pos, map_type);
    want(p, TOK_LBRACK);
    t->map_type.key = parse_type(p);
    want(p, TOK_RBRACK);
    t->map_type.value = parse_type(p);
    t->end = p->prev_end;
    return t;
}

// From the "[" on: x[T1, T2].
static Expr *parse_instance(Parser *p, Expr *x) {
    Expr *t = EXPR_NEW(p, INDEX, p->pos, index);
    bool comma;
    want(p, TOK_LBRACK);
    t->index.x = x;
    if (p->tok == TOK_RBRACK) {
        syntax_error(p, "expected type argument list");
        t->index.index = bad_expr(p, p->pos);
    } else {
        t->index.index = parse_type_list(p, true, &comma);
    }
    want(p, TOK_RBRACK);
    t->end = p->prev_end;
    return t;
}

// TypeName [ TypeArgs ], where TypeName = [ identifier "." ] identifier . name, if given, was read.
Expr *parse_qualified_name(Parser *p, Expr *name) {
    Expr *x = name;
    if (!x && p->tok == TOK_NAME) x = parse_name(p);
    if (!x) {
        x = EXPR_NEW(p, NAME, p->pos, name);
        x->name = p->cache->blank;
        x->implicit = true;
        x->end = p->pos;
        syntax_error(p, "expected name");
        advance(p, TOK_BIT(TOK_DOT) | TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RBRACE));
    }
    if (p->tok == TOK_DOT) {
        Expr *t = EXPR_NEW(p, SELECTOR, p->pos, selector);
        scanner_next(p);
        t->selector.x = x;
        t->selector.sel = parse_name(p);
        t->end = p->prev_end;
        x = t;
    }
    if (p->tok != TOK_LBRACK) return x;
    if (enter(p)) x = parse_instance(p, x);
    leave(p);
    return x;
}

static void push_field(Parser *p, Field f) {
    vec_push(p->cache->arena, &p->cache->stacks.fields, f);
}

static uint32_t field_mark(const Parser *p) { return p->cache->stacks.fields.len; }

// EmbeddedField = [ "*" ] TypeName [ TypeArgs ], with a message for parentheses.
static Expr *parse_embedded_field(Parser *p) {
    Pos pos = p->pos;
    if (got(p, TOK_STAR)) {
        bool paren = p->tok == TOK_LPAREN;
        if (paren) {
            syntax_error(p, "cannot parenthesize embedded type");
            scanner_next(p);
        }
        Expr *t = parse_qualified_name(p, NULL);
        if (paren) got(p, TOK_RPAREN);
        return pointer_type(p, pos, t);
    }
    syntax_error(p, "cannot parenthesize embedded type");
    scanner_next(p);
    pos = p->pos;
    Expr *t = got(p, TOK_STAR) ? pointer_type(p, pos, parse_qualified_name(p, NULL))
                               : parse_qualified_name(p, NULL);
    got(p, TOK_RPAREN);
    return t;
}

// From behind x: x "[" "]" E, x "[" n "]" E, or x "[" T1, T2 "]" (then the INDEX's x is to be set).
static Expr *parse_array_or_args(Parser *p) {
    Pos pos = p->pos;
    bool comma;
    want(p, TOK_LBRACK);
    if (got(p, TOK_RBRACK)) return parse_slice_type(p, pos);
    Expr *n = parse_type_list(p, false, &comma);
    want(p, TOK_RBRACK);
    Expr *elem = comma ? NULL : parse_type_or_null(p);
    if (elem) {
        Expr *t = EXPR_NEW(p, ARRAY_TYPE, pos, array_type);
        t->array_type.len = n;
        t->array_type.elem = elem;
        t->end = p->prev_end;
        return t;
    }
    Expr *t = EXPR_NEW(p, INDEX, pos, index);
    t->index.index = n;
    t->end = p->prev_end;
    return t;
}

// FieldDecl = ( IdentifierList Type | EmbeddedField ) [ Tag ] .
static void parse_field(Parser *p) {
    Pos pos = p->pos;
    if (p->tok == TOK_STAR || p->tok == TOK_LPAREN) {
        Expr *type = parse_embedded_field(p);
        push_field(p, (Field){pos, NULL, type, parse_literal_or_null(p)});
        return;
    }
    if (p->tok != TOK_NAME) {
        syntax_error(p, "expected field name or embedded type");
        advance(p, TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RBRACE));
        return;
    }
    Expr *name = parse_name(p), *type;
    if (TOK_BIT(p->tok) &
        (TOK_BIT(TOK_DOT) | TOK_BIT(TOK_LITERAL) | TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RBRACE))) {
        type = parse_qualified_name(p, name);
        push_field(p, (Field){pos, NULL, type, parse_literal_or_null(p)});
        return;
    }
    ExprList names = parse_name_list(p, name);
    // x [n]E is a field, x[T1, T2] an embedded type.
    type = names.len == 1 && p->tok == TOK_LBRACK ? parse_array_or_args(p) : parse_type(p);
    if (names.len == 1 && type->kind == EXPR_INDEX && !type->index.x) {
        type->index.x = name;
        push_field(p, (Field){pos, NULL, type, parse_literal_or_null(p)});
        return;
    }
    Expr *tag = parse_literal_or_null(p);
    for (uint32_t i = 0; i < names.len; i++)
        push_field(p, (Field){names.v[i]->pos, names.v[i], type, tag});
}

// StructType = "struct" "{" { FieldDecl ";" } "}" .
static Expr *parse_struct_type(Parser *p) {
    Expr *t = EXPR_NEW(p, STRUCT_TYPE, p->pos, fields);
    uint32_t mark = field_mark(p);
    bool whole = true;
    want(p, TOK_STRUCT);
    want(p, TOK_LBRACE);
    while (whole && list_more(p, TOK_RBRACE)) {
        parse_field(p);
        whole = list_next(p, "struct type", TOK_SEMI, TOK_RBRACE);
    }
    list_end(p, whole, TOK_RBRACE);
    t->fields = take_fields(p, mark);
    t->end = p->prev_end;
    return t;
}

static bool at_operator(const Parser *p, Op op) { return p->tok == TOK_OPERATOR && p->op == op; }

// EmbeddedTerm = [ "~" ] Type .
static Expr *parse_term(Parser *p) {
    if (at_operator(p, OP_TILDE)) {
        Expr *t = EXPR_NEW(p, OPERATION, p->pos, operation);
        t->op = OP_TILDE;
        scanner_next(p);
        t->operation.x = parse_type(p);
        t->end = p->prev_end;
        return t;
    }
    Expr *t = parse_type_or_null(p);
    if (t) return t;
    t = bad_expr(p, p->pos);
    syntax_error(p, "expected ~ term or type");
    advance(p, TOK_BIT(TOK_OPERATOR) | TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RPAREN) |
                   TOK_BIT(TOK_RBRACK) | TOK_BIT(TOK_RBRACE));
    return t;
}

// EmbeddedElem = EmbeddedTerm { "|" EmbeddedTerm } . first, if given, was read.
static Expr *parse_union(Parser *p, Expr *first) {
    Expr *x = first ? first : parse_term(p);
    uint32_t chain = 0;
    while (at_operator(p, OP_OR)) {
        if (UNLIKELY(++chain > SYNTAX_MAX_CHAIN)) {
            too_deep(p);
            break;
        }
        Expr *t = EXPR_NEW(p, OPERATION, p->pos, operation);
        t->op = OP_OR;
        scanner_next(p);
        t->operation.x = x;
        t->operation.y = parse_term(p);
        t->end = p->prev_end;
        x = t;
    }
    return x;
}

// What a list of unnamed parameters says as an expression: one type, or a LIST of them.
static Expr *types_of_params(Parser *p, FieldList list) {
    if (list.len == 1) return list.v[0].type;
    Expr *t = EXPR_NEW(p, LIST, list.v[0].pos, list);
    uint32_t mark = node_mark(p);
    for (uint32_t i = 0; i < list.len; i++) node_push(p, list.v[i].type);
    t->list = take_exprs(p, mark);
    t->end = vec_last(&t->list)->end;
    return t;
}

static void method_signature(Parser *p, Field *f, Expr *name) {
    FieldList tparams;
    f->name = name;
    f->type = parse_func_type(p, "interface method", &tparams);
}

// From the "[" behind name on: a method that wrongly has type parameters, or name[T1, T2].
static void parse_method_or_instance(Parser *p, Field *f, Expr *name) {
    Pos pos = p->pos;
    scanner_next(p);
    if (p->tok == TOK_RBRACK) {
        Pos empty = p->pos;
        scanner_next(p);
        bool method = p->tok == TOK_LPAREN;
        error_at(p, empty, "empty type %s list", method ? "parameter" : "argument");
        if (method)
            method_signature(p, f, name);
        else
            f->type = name;
        return;
    }
    FieldList list = parse_params(p, NULL, TOK_RBRACK, PARAMS_NO_DOTS);
    if (list.len == 0) { // wrong, and reported: as if [] were absent
        if (p->tok == TOK_LPAREN)
            method_signature(p, f, name);
        else
            f->type = name;
        return;
    }
    if (list.v[0].name) {
        method_signature(p, f, name);
        error_at(p, pos, "interface method must have no type parameters");
        return;
    }
    f->type = EXPR_NEW(p, INDEX, pos, index);
    f->type->index.x = name;
    f->type->index.index = types_of_params(p, list);
    f->type->end = p->prev_end;
}

// MethodSpec = identifier Signature | TypeName [ TypeArgs ] .
static Field parse_method(Parser *p) {
    Field f = {.pos = p->pos};
    Expr *name = parse_name(p);
    if (p->tok == TOK_LPAREN)
        method_signature(p, &f, name);
    else if (p->tok == TOK_LBRACK)
        parse_method_or_instance(p, &f, name);
    else
        f.type = parse_qualified_name(p, name);
    return f;
}

// InterfaceType = "interface" "{" { ( MethodSpec | EmbeddedElem ) ";" } "}" .
static Expr *parse_interface_type(Parser *p) {
    Expr *t = EXPR_NEW(p, INTERFACE_TYPE, p->pos, fields);
    uint32_t mark = field_mark(p);
    bool whole = true;
    want(p, TOK_INTERFACE);
    want(p, TOK_LBRACE);
    while (whole && list_more(p, TOK_RBRACE)) {
        Field f = {.pos = p->pos};
        if (p->tok == TOK_NAME) f = parse_method(p);
        if (!f.name) f.type = parse_union(p, f.type);
        push_field(p, f);
        whole = list_next(p, "interface type", TOK_SEMI, TOK_RBRACE);
    }
    list_end(p, whole, TOK_RBRACE);
    t->fields = take_fields(p, mark);
    t->end = p->prev_end;
    return t;
}

// From behind the token tok at pos.
static Expr *parse_type_after(Parser *p, Tok tok, Pos pos) {
    FieldList tparams;
    if (tok == TOK_STAR) return pointer_type(p, pos, parse_type(p));
    if (tok == TOK_FUNC) return parse_func_type(p, "function type", &tparams);
    if (tok == TOK_MAP) return parse_map_type(p, pos);
    if (tok == TOK_CHAN) {
        ChanDir dir = got(p, TOK_ARROW) ? CHAN_SEND_ONLY : CHAN_BOTH;
        return parse_chan_type(p, pos, dir);
    }
    if (tok == TOK_ARROW) {
        want(p, TOK_CHAN);
        return parse_chan_type(p, pos, CHAN_RECV_ONLY);
    }
    if (tok == TOK_LBRACK && got(p, TOK_RBRACK)) return parse_slice_type(p, pos);
    if (tok == TOK_LBRACK) return parse_array_type(p, pos, NULL);
    Expr *t = parse_type(p); // "(" Type ")": the parentheses are not kept
    want(p, TOK_RPAREN);
    return t;
}

// Type = TypeName [ TypeArgs ] | TypeLit | "(" Type ")" .
Expr *parse_type_or_null(Parser *p) {
    static const TokSet begins = TOK_BIT(TOK_STAR) | TOK_BIT(TOK_ARROW) | TOK_BIT(TOK_FUNC) |
                                 TOK_BIT(TOK_LBRACK) | TOK_BIT(TOK_CHAN) | TOK_BIT(TOK_MAP) |
                                 TOK_BIT(TOK_LPAREN);
    if (p->tok == TOK_NAME) return parse_qualified_name(p, NULL);
    Expr *t = NULL;
    Tok tok = p->tok;
    Pos pos = p->pos;
    if (!enter(p)) {
        t = bad_expr(p, pos);
    } else if (tok == TOK_STRUCT) {
        t = parse_struct_type(p);
    } else if (tok == TOK_INTERFACE) {
        t = parse_interface_type(p);
    } else if (begins & TOK_BIT(tok)) {
        scanner_next(p);
        t = parse_type_after(p, tok, pos);
    }
    leave(p);
    return t;
}

// Result = Parameters | Type .
static FieldList parse_result(Parser *p) {
    if (got(p, TOK_LPAREN)) return parse_params(p, NULL, TOK_RPAREN, PARAMS_NO_DOTS);
    uint32_t mark = field_mark(p);
    Pos pos = p->pos;
    Expr *type = parse_type_or_null(p);
    if (type) push_field(p, (Field){.pos = pos, .type = type});
    return take_fields(p, mark);
}

// [ TypeParams ] Parameters [ Result ] . A context says who may not have type parameters.
Expr *parse_func_type(Parser *p, const char *context, FieldList *tparams) {
    Expr *t = EXPR_NEW(p, FUNC_TYPE, p->pos, func_type);
    *tparams = (FieldList){0};
    if (got(p, TOK_LBRACK)) {
        if (*context) syntax_error_at(p, t->pos, "%s must have no type parameters", context);
        if (p->tok == TOK_RBRACK) {
            syntax_error(p, "empty type parameter list");
            scanner_next(p);
        } else {
            *tparams = parse_params(p, NULL, TOK_RBRACK, PARAMS_OF_TYPES);
        }
    }
    want(p, TOK_LPAREN);
    t->func_type.params = parse_params(p, NULL, TOK_RPAREN, PARAMS_PLAIN);
    t->func_type.results = parse_result(p);
    t->end = p->prev_end;
    return t;
}

// From behind a parameter's name (which may as well be its type, or the start of it).
static void parse_param_rest(Parser *p, Field *f, Expr *name, bool type_sets) {
    if (p->tok == TOK_LBRACK) { // name "[" ... "]" ...
        f->type = parse_array_or_args(p);
        if (f->type->kind == EXPR_INDEX && !f->type->index.x)
            f->type->index.x = name;
        else
            f->name = name;
    } else if (p->tok == TOK_DOT) {
        f->type = parse_qualified_name(p, name);
    } else if (type_sets && at_operator(p, OP_OR)) {
        f->type = name;
    }
    if (type_sets && f->type && at_operator(p, OP_OR)) f->type = parse_union(p, f->type);
}

// ParameterDecl = [ identifier ] [ "..." ] Type, or in type parameter lists a union of terms.
// Without a type it may still be the name of a list: "a, b int". False: nothing there, reported.
static bool parse_param(Parser *p, Expr *name, Tok close, Field *f) {
    bool type_sets = close == TOK_RBRACK;
    *f = (Field){.pos = name ? name->pos : p->pos};
    if (!name && type_sets && at_operator(p, OP_TILDE)) {
        f->type = parse_union(p, NULL);
        return true;
    }
    if (!name && p->tok == TOK_NAME) name = parse_name(p);
    if (name) {
        parse_param_rest(p, f, name, type_sets);
        if (f->type) return true;
        f->name = name;
    }
    if (p->tok == TOK_DOT_DOT_DOT) {
        Expr *t = EXPR_NEW(p, DOTS_TYPE, p->pos, elem_type);
        scanner_next(p);
        t->elem_type.elem = parse_type_or_null(p);
        t->end = p->prev_end;
        f->type = t;
        if (!t->elem_type.elem) {
            f->type = bad_expr(p, p->pos);
            syntax_error(p, "... is missing type");
        }
        return true;
    }
    if (type_sets && at_operator(p, OP_TILDE)) {
        f->type = parse_union(p, NULL);
        return true;
    }
    f->type = parse_type_or_null(p);
    if (type_sets && f->type && at_operator(p, OP_OR)) f->type = parse_union(p, f->type);
    if (f->name || f->type) return true;
    syntax_error(p, "expected %s", tok_words(close));
    advance(p, TOK_BIT(TOK_COMMA) | TOK_BIT(close));
    return false;
}

static Expr *blank_name(Parser *p, Pos pos) {
    Expr *x = EXPR_NEW(p, NAME, pos, name);
    x->name = p->cache->blank;
    x->implicit = true;
    x->end = pos;
    return x;
}

// Gives every parameter a name and a type: "a, b int" shares the type to the right.
// The place of the leftmost one that cannot have both, or 0.
static Pos share_types(Parser *p, FieldList list) {
    Pos wrong = 0;
    Expr *type = NULL;
    for (uint32_t i = list.len; i-- > 0;) {
        Field *f = &list.v[i];
        if (f->type) {
            type = f->type;
            if (f->name) continue;
            wrong = syntax_start_pos(node_expr(type));
            f->name = blank_name(p, wrong);
        } else if (type) {
            f->type = type;
        } else {
            wrong = f->name->pos;
            f->type = bad_expr(p, wrong);
        }
    }
    return wrong;
}

static const char *missing_what(bool require_names, bool type, uint32_t len) {
    if (type) return require_names ? "missing type constraint" : "missing parameter type";
    if (!require_names) return "missing parameter name";
    return len == 1 ? "missing type parameter name or invalid array length"
                    : "missing type parameter name";
}

static void check_dots(Parser *p, FieldList list, bool dots_ok) {
    bool first = true;
    for (uint32_t i = 0; i < list.len; i++) {
        Expr *t = list.v[i].type;
        if (t->kind != EXPR_DOTS_TYPE || (dots_ok && i + 1 == list.len)) continue;
        if (first)
            error_at(p, t->pos, "%s",
                     dots_ok ? "can only use ... with final parameter" : "invalid use of ...");
        first = false;
        list.v[i].type = t->elem_type.elem;
    }
}

static void names_are_types(FieldList list) {
    for (uint32_t i = 0; i < list.len; i++) {
        if (!list.v[i].name) continue;
        list.v[i].type = list.v[i].name;
        list.v[i].name = NULL;
    }
}

// Parameters, from behind "(" or "[". first, if given, has been read up to its name at least.
// In the result all have names or none has.
FieldList parse_params(Parser *p, const Field *first, Tok close, ParamsKind kind) {
    uint32_t mark = field_mark(p), named = 0, typed = 0;
    bool require_names = kind == PARAMS_OF_TYPES, whole = true;
    Expr *name = first ? first->name : NULL, *type = first ? first->type : NULL;
    if (type && got(p, close)) {
        push_field(p, (Field){name->pos, name, type, NULL});
        return take_fields(p, mark);
    }
    while (whole && list_more(p, close)) {
        Field f = {.pos = type ? name->pos : 0, .name = name, .type = type};
        if (type || parse_param(p, name, close, &f)) {
            named += f.name && f.type;
            typed += f.type != NULL;
            push_field(p, f);
        }
        name = type = NULL;
        whole = list_next(p, "parameter list", TOK_COMMA, close);
    }
    Pos end = list_end(p, whole, close);
    FieldList list = take_fields(p, mark);
    if (named == 0 && !require_names) {
        names_are_types(list);
    } else if (named != list.len) {
        Pos wrong = share_types(p, list);
        // With as many names as types, what lacks a type stands at the end.
        if (wrong)
            syntax_error_at(p, named == typed ? end : wrong, "%s",
                            missing_what(require_names, named == typed, list.len));
    }
    check_dots(p, list, kind == PARAMS_PLAIN);
    return list;
}
