// go/syntax/parse_decl.c: a file and its declarations. The grammar rule stands above its function;
// what a function does with wrong source is what the compiler's parser does.
#include "go/syntax/syntax_internal.h"

#define DECL_KEYWORDS                                                                              \
    (TOK_BIT(TOK_IMPORT) | TOK_BIT(TOK_CONST) | TOK_BIT(TOK_TYPE) | TOK_BIT(TOK_VAR) |             \
     TOK_BIT(TOK_FUNC))

// Specs = Spec | "(" { Spec ";" } ")" .
void parse_group(Parser *p, ParseSpec *spec) {
    if (p->tok != TOK_LPAREN) {
        node_push(p, spec(p, 0));
        return;
    }
    uint32_t group = ++p->s->group_count;
    bool whole = true;
    pragma_clear(p); // before stepping over "(": what follows it belongs to the first spec
    scanner_next(p);
    while (whole && list_more(p, TOK_RPAREN)) {
        node_push(p, spec(p, group));
        whole = list_next(p, "grouped declaration", TOK_SEMI, TOK_RPAREN);
    }
    list_end(p, whole, TOK_RPAREN);
}

// True for "=", and with a message for ":=".
static bool got_assign(Parser *p) {
    if (p->tok == TOK_DEFINE)
        syntax_error(p, "expected =");
    else if (p->tok != TOK_ASSIGN)
        return false;
    scanner_next(p);
    return true;
}

// ImportSpec = [ "." | PackageName ] string_lit .
static Decl *parse_import(Parser *p, uint32_t group) {
    Decl *d = decl_cut(p, DECL_IMPORT, p->pos, group);
    if (p->tok == TOK_NAME) {
        d->import.local = parse_name(p);
    } else if (p->tok == TOK_DOT) {
        Expr *dot = EXPR_NEW(p, NAME, p->pos, name);
        dot->name = p->cache->dot;
        scanner_next(p);
        dot->end = p->prev_end;
        d->import.local = dot;
    }
    Expr *path = d->import.path = parse_literal_or_null(p);
    if (!path) {
        syntax_error(p, "missing import path");
        advance(p, TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RPAREN));
    } else if (!path->bad && path->lit_kind != LIT_STRING) {
        syntax_error_at(p, path->pos, "import path must be a string");
        path->bad = true;
    }
    return d;
}

// ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .
Decl *parse_const(Parser *p, uint32_t group) {
    Decl *d = decl_cut(p, DECL_CONST, p->pos, group);
    d->value.names = parse_name_list(p, parse_name(p));
    if (p->tok != TOK_EOF && p->tok != TOK_SEMI && p->tok != TOK_RPAREN) {
        d->value.type = parse_type_or_null(p);
        if (got_assign(p)) d->value.values = parse_expr_list(p);
    }
    return d;
}

// VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .
Decl *parse_var(Parser *p, uint32_t group) {
    Decl *d = decl_cut(p, DECL_VAR, p->pos, group);
    d->value.names = parse_name_list(p, parse_name(p));
    if (got_assign(p)) {
        d->value.values = parse_expr_list(p);
    } else {
        d->value.type = parse_type(p);
        if (got_assign(p)) d->value.values = parse_expr_list(p);
    }
    return d;
}

// Could x only be part of a type set or a type, never a value?
static bool is_type_elem(const Expr *x) { // flat switch
    for (;;) {
        switch (x->kind) {
        case EXPR_ARRAY_TYPE:
        case EXPR_STRUCT_TYPE:
        case EXPR_FUNC_TYPE:
        case EXPR_INTERFACE_TYPE:
        case EXPR_SLICE_TYPE:
        case EXPR_MAP_TYPE:
        case EXPR_CHAN_TYPE: return true;
        case EXPR_OPERATION:
            if (x->op == OP_TILDE || (x->operation.y && is_type_elem(x->operation.y))) return true;
            x = x->operation.x;
            continue;
        case EXPR_PAREN: x = x->paren.x; continue;
        case EXPR_BAD:
        case EXPR_NAME:
        case EXPR_LIT:
        case EXPR_COMPOSITE:
        case EXPR_KEY_VALUE:
        case EXPR_FUNC_LIT:
        case EXPR_SELECTOR:
        case EXPR_INDEX:
        case EXPR_SLICE:
        case EXPR_ASSERT:
        case EXPR_TYPE_SWITCH:
        case EXPR_CALL:
        case EXPR_LIST:
        case EXPR_DOTS_TYPE: return false;
        }
    }
}

static Expr *operation(Parser *p, const Expr *like, Expr *x, Expr *y) {
    Expr *t = EXPR_NEW(p, OPERATION, like->pos, operation);
    t->op = like->op;
    t->end = like->end;
    t->operation.x = x;
    t->operation.y = y;
    return t;
}

// Reads x, parsed as an expression, as a type parameter and its constraint: "P *T" looks like a
// product, "P (T)" like a call, "P *T|U" like a sum of products. Where x may be an array length as
// well it is one, unless force says otherwise. Gives the name, or NULL; *type is NULL for P alone.
static Expr *split_type_param(Parser *p, Expr *x, bool force, Expr **type) {
    *type = NULL;
    if (x->kind == EXPR_NAME) return x;
    if (x->kind == EXPR_CALL) {
        Expr *fn = x->call.fn;
        if (fn->kind != EXPR_NAME || x->call.args.len != 1 || x->has_dots) return NULL;
        Expr *arg = x->call.args.v[0];
        if (!force && !is_type_elem(arg)) return NULL;
        *type = syntax_unparen_mut(arg);
        return fn;
    }
    if (x->kind != EXPR_OPERATION || !x->operation.y) return NULL;
    Expr *left = x->operation.x, *right = x->operation.y;
    if (x->op == OP_MUL) {
        if (left->kind != EXPR_NAME || (!force && !is_type_elem(right))) return NULL;
        *type = operation(p, x, right, NULL);
        return left;
    }
    if (x->op != OP_OR || !enter(p)) return NULL;
    Expr *first, *name = split_type_param(p, left, force || is_type_elem(right), &first);
    leave(p);
    if (!name || !first) return NULL;
    *type = operation(p, x, first, right);
    return name;
}

// From behind T "[" name: an array type, or type parameters and the type proper.
static void array_or_type_params(Parser *p, Decl *d, Pos bracket) {
    // A "[" behind the name begins a constraint such as []E: an index is never a constant length.
    Expr *x = parse_name(p), *type;
    if (p->tok != TOK_LBRACK) {
        p->expr_nest++;
        x = parse_binary(p, parse_primary(p, x, false), 0);
        p->expr_nest--;
    }
    Expr *name = split_type_param(p, x, p->tok == TOK_COMMA, &type);
    if (!name || (!type && p->tok == TOK_RBRACK)) {
        d->type.type = parse_array_type(p, bracket, x);
        return;
    }
    d->type.tparams =
        parse_params(p, &(Field){.name = name, .type = type}, TOK_RBRACK, PARAMS_OF_TYPES);
    d->alias = got_assign(p);
    d->type.type = parse_type_or_null(p);
}

// TypeSpec = identifier [ TypeParams ] [ "=" ] Type .
Decl *parse_type_decl(Parser *p, uint32_t group) {
    Decl *d = decl_cut(p, DECL_TYPE, p->pos, group);
    d->type.name = parse_name(p);
    if (p->tok == TOK_LBRACK) {
        Pos bracket = p->pos;
        scanner_next(p);
        if (p->tok == TOK_NAME)
            array_or_type_params(p, d, bracket);
        else if (got(p, TOK_RBRACK))
            d->type.type = parse_slice_type(p, bracket);
        else
            d->type.type = parse_array_type(p, bracket, NULL);
    } else {
        d->alias = got_assign(p);
        d->type.type = parse_type_or_null(p);
    }
    if (!d->type.type) {
        d->type.type = bad_expr(p, p->pos);
        syntax_error(p, "in type declaration");
        advance(p, TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RPAREN));
    }
    return d;
}

static Field *parse_receiver(Parser *p) {
    FieldList list = parse_params(p, NULL, TOK_RPAREN, PARAMS_NO_DOTS);
    if (list.len == 0)
        error_at(p, p->pos, "method has no receiver");
    else if (list.len > 1)
        error_at(p, p->pos, "method has multiple receivers");
    return list.len ? &list.v[0] : NULL;
}

Stmt *parse_func_body(Parser *p) {
    p->func_nest++;
    uint32_t errors = p->errors;
    Stmt *body = parse_block(p, "");
    p->func_nest--;
    // After syntax errors the tree may be incomplete, and labels be missing for that reason.
    if ((p->s->mode & SYNTAX_CHECK_BRANCHES) && errors == p->errors) check_branches(p, body);
    return body;
}

static Stmt *skip_body(Parser *p) {
    Pos pos = p->pos;
    if (!scanner_skip_block(p)) return NULL;
    Stmt *body = STMT_NEW(p, BLOCK, pos, block);
    body->unread = true;
    body->block.file = p->file;
    body->block.rbrace = p->pos;
    scanner_next(p);
    return body;
}

static Parser body_parser(Syntax *s, File *f, Arena *a) {
    Parser p = {.s = s, .cache = s->cache, .arena = a, .file = f};
    p.pending = f->pragmas.len; // none of them is waiting
    SyntaxStacks *k = &s->cache->stacks;
    k->nodes.len = k->fields.len = k->clauses.len = 0;
    return p;
}

static bool read_body(Parser *p, Stmt *body) {
    uint32_t reported = p->s->diags->count;
    scanner_resume(p, p->file->source, body->pos, body->block.rbrace);
    Pos rbrace = body->block.rbrace;
    Stmt *read = parse_func_body(p);
    body->block = read->block;
    body->unread = false;
    return p->s->diags->count == reported && rbrace == read->block.rbrace && p->tok == TOK_SEMI;
}

bool syntax_read_body(Syntax *s, Stmt *body, uint32_t *exprs, uint32_t *stmts) {
    Parser p = body_parser(s, body->block.file, s->arena);
    s->expr_count = *exprs;
    s->stmt_count = *stmts;
    bool read = read_body(&p, body);
    *exprs = s->expr_count;
    *stmts = s->stmt_count;
    return read;
}

bool syntax_read_bodies(Syntax *s, File *f, Arena *a) {
    Parser p = body_parser(s, f, a);
    for (uint32_t i = 0; i < f->decls.len; i++) {
        const Decl *d = f->decls.v[i];
        if (d->kind != DECL_FUNC || !d->func.body || !d->func.body->unread) continue;
        if (!read_body(&p, d->func.body)) return false;
    }
    return true;
}

bool syntax_is_generic(const Decl *func) {
    if (func->func.tparams.len) return true;
    const Expr *recv = func->func.recv ? func->func.recv->type : NULL;
    while (recv && (recv->kind == EXPR_PAREN || recv->kind == EXPR_OPERATION))
        recv = recv->kind == EXPR_PAREN ? recv->paren.x : recv->operation.x;
    return recv && recv->kind == EXPR_INDEX;
}

static bool may_skip(const Parser *p, const Decl *func) {
    return p->skips && !((p->s->mode & SYNTAX_READ_GENERIC) && syntax_is_generic(func));
}

// FunctionDecl = "func" [ Receiver ] identifier [ TypeParams ] Signature [ Block ] .
static Decl *parse_func(Parser *p) {
    Decl *d = decl_cut(p, DECL_FUNC, p->pos, 0);
    const char *context = "";
    if (got(p, TOK_LPAREN)) {
        context = "method";
        d->func.recv = parse_receiver(p);
    }
    if (p->tok == TOK_NAME) {
        d->func.name = parse_name(p);
        d->func.type = parse_func_type(p, context, &d->func.tparams);
    } else {
        d->func.name = EXPR_NEW(p, NAME, p->pos, name);
        d->func.name->name = p->cache->blank;
        d->func.name->end = p->pos;
        d->func.type = EXPR_NEW(p, FUNC_TYPE, p->pos, func_type);
        d->func.type->end = p->pos;
        syntax_error(p, "%s", *context ? "expected name" : "expected name or (");
        advance(p, TOK_BIT(TOK_LBRACE) | TOK_BIT(TOK_SEMI));
    }
    if (p->tok == TOK_LBRACE) {
        if (may_skip(p, d)) d->func.body = skip_body(p);
        if (!d->func.body) d->func.body = parse_func_body(p);
    }
    return d;
}

// True: a declaration was read. False: something else was reported and skipped.
static bool parse_top_level(Parser *p, uint32_t mark) {
    ParseSpec *spec = p->tok == TOK_IMPORT  ? parse_import
                      : p->tok == TOK_CONST ? parse_const
                      : p->tok == TOK_TYPE  ? parse_type_decl
                      : p->tok == TOK_VAR   ? parse_var
                                            : NULL;
    if (spec) {
        scanner_next(p);
        parse_group(p, spec);
        return true;
    }
    if (got(p, TOK_FUNC)) {
        node_push(p, parse_func(p));
        return true;
    }
    const Decl *last = node_mark(p) > mark ? vec_last(&p->cache->stacks.nodes) : NULL;
    if (p->tok == TOK_LBRACE && last && last->kind == DECL_FUNC && !last->func.body)
        syntax_error(p, "unexpected semicolon or newline before {");
    else
        syntax_error(p, "non-declaration statement outside function body");
    advance(p, DECL_KEYWORDS);
    return false;
}

// { ( ImportDecl | TopLevelDecl ) ";" } . Imports are read anywhere, with a message.
static void parse_decls(Parser *p) {
    uint32_t mark = node_mark(p);
    Tok before = TOK_IMPORT;
    while (p->tok != TOK_EOF) {
        if ((p->s->mode & SYNTAX_IMPORTS_ONLY) && p->tok != TOK_IMPORT) break;
        if (p->tok == TOK_IMPORT && before != TOK_IMPORT)
            syntax_error(p, "imports must appear before other declarations");
        before = p->tok;
        if (!parse_top_level(p, mark)) continue;
        pragma_clear(p); // before stepping over ";": what follows it belongs to the next one
        if (p->tok != TOK_EOF && !got(p, TOK_SEMI)) {
            syntax_error(p, "after top level declaration");
            advance(p, DECL_KEYWORDS);
        }
    }
    p->file->decls = take_decls(p, mark);
}

// SourceFile = "package" PackageName ";" { ImportDecl ";" } { TopLevelDecl ";" } .
// False: there is no package clause to speak of.
static bool parse_file(Parser *p) {
    File *f = p->file;
    scanner_next(p);
    f->pos = p->pos;
    p->top = false;
    if (!got(p, TOK_PACKAGE)) {
        syntax_error(p, "package statement must be first");
        return false;
    }
    f->pragma_range = pragma_take(p, PRAGMA_FILE);
    f->pkg_name = parse_name(p);
    want(p, TOK_SEMI);
    if (p->first) return false;
    parse_decls(p);
    pragma_clear(p);
    f->eof = p->pos;
    return true;
}

File *syntax_parse_source(Syntax *s, SourceFile *source) {
    Parser p = {.s = s, .cache = s->cache, .arena = s->arena, .top = true};
    p.file = NEW(s->arena, File);
    p.file->source = source;
    p.file->go_version = STR("");
    SyntaxStacks *k = &s->cache->stacks;
    k->nodes.len = k->fields.len = k->clauses.len = 0;
    scanner_init(&p, source);
    // A copied text has nobody to keep it.
    p.skips = (s->mode & SYNTAX_SKIP_BODIES) && p.text == (const uint8_t *)source->text.ptr;
    bool usable = parse_file(&p);
    scanner_finish(&p);
    return usable ? p.file : NULL;
}

File *syntax_parse(Syntax *s, Str filename, Str text) {
    SourceFile *source = fileset_add(s->files, s->arena, filename, text);
    if (source) return syntax_parse_source(s, source);
    diag_error(s->diags, 0, 0, STR_FMT ": more than 4 GiB of source in one run", STR_ARG(filename));
    return NULL;
}
