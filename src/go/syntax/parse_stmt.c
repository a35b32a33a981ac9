// go/syntax/parse_stmt.c: statements.
#include "go/syntax/syntax_internal.h"

static Stmt *expr_stmt(Parser *p, Pos pos, Expr *x) {
    Stmt *s = STMT_NEW(p, EXPR, pos, expr);
    s->expr.x = x;
    return s;
}

static Stmt *assign_stmt(Parser *p, Pos pos, Op op, Expr *lhs, Expr *rhs) {
    Stmt *s = STMT_NEW(p, ASSIGN, pos, assign);
    s->op = op;
    s->assign.lhs = lhs;
    s->assign.rhs = rhs;
    return s;
}

// From "range" on.
static Stmt *range_clause(Parser *p, Expr *lhs, bool def) {
    Stmt *s = STMT_NEW(p, RANGE, p->pos, range);
    scanner_next(p);
    s->range.lhs = lhs;
    s->def = def;
    s->range.x = parse_expr(p);
    return s;
}

// Behind one expression, where neither = nor := follows: x op= y, x++, x <- y, or x alone.
static Stmt *after_expr(Parser *p, Expr *lhs) {
    Pos pos = p->pos;
    Op op = p->op;
    if (p->tok == TOK_ASSIGN_OP) {
        scanner_next(p);
        return assign_stmt(p, pos, op, lhs, parse_expr(p));
    }
    if (got(p, TOK_INC_OP)) return assign_stmt(p, pos, op, lhs, NULL);
    if (!got(p, TOK_ARROW)) return expr_stmt(p, lhs->pos, lhs);
    Stmt *s = STMT_NEW(p, SEND, pos, send);
    s->send.chan = lhs;
    s->send.value = parse_expr(p);
    return s;
}

// SimpleStmt = Expression | SendStmt | IncDecStmt | Assignment | ShortVarDecl . lhs, if given, was
// read. In the header of keyword, range clauses and type switch guards are allowed.
static Stmt *parse_simple(Parser *p, Expr *lhs, Tok keyword) {
    if (keyword == TOK_FOR && p->tok == TOK_RANGE) return range_clause(p, NULL, false);
    if (!lhs) lhs = parse_expr_list(p);
    if (p->tok != TOK_ASSIGN && p->tok != TOK_DEFINE) {
        if (lhs->kind != EXPR_LIST) return after_expr(p, lhs);
        syntax_error(p, "expected := or = or comma");
        advance(p, TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RBRACE));
        lhs = lhs->list.v[0]; // the best of what there is
        return expr_stmt(p, lhs->pos, lhs);
    }
    Pos pos = p->pos;
    Op op = p->tok == TOK_DEFINE ? OP_DEF : OP_NONE;
    scanner_next(p);
    if (keyword == TOK_FOR && p->tok == TOK_RANGE) return range_clause(p, lhs, op == OP_DEF);
    Expr *rhs = parse_expr_list(p);
    if (rhs->kind == EXPR_TYPE_SWITCH && keyword == TOK_SWITCH && op == OP_DEF &&
        lhs->kind == EXPR_NAME) {
        rhs->type_switch.lhs = lhs;
        return expr_stmt(p, rhs->pos, rhs);
    }
    return assign_stmt(p, pos, op, lhs, rhs);
}

static Stmt *parse_stmt_or_null(Parser *p);

static Stmt *empty_stmt(Parser *p) { return stmt_cut(p, STMT_EMPTY, p->pos, offsetof(Stmt, expr)); }

// LabeledStmt = Label ":" Statement , from the colon on.
static Stmt *parse_labeled(Parser *p, Expr *label) {
    Stmt *s = STMT_NEW(p, LABELED, p->pos, labeled);
    s->labeled.label = label;
    want(p, TOK_COLON);
    // The statement before "}" may be empty, and its semicolon left out.
    s->labeled.stmt = p->tok == TOK_RBRACE ? empty_stmt(p) : parse_stmt_or_null(p);
    if (s->labeled.stmt) return s;
    syntax_error_at(p, s->pos, "missing statement after label");
    return NULL;
}

// Block = "{" StatementList "}" . The context is for the message when there is no "{".
Stmt *parse_block(Parser *p, const char *context) {
    Stmt *s = STMT_NEW(p, BLOCK, p->pos, block);
    if (!got(p, TOK_LBRACE)) {
        syntax_error(p, "expected { after %s", context);
        advance(p, TOK_BIT(TOK_NAME) | TOK_BIT(TOK_RBRACE));
        s->block.rbrace = p->pos;
        if (got(p, TOK_RBRACE)) return s;
    }
    s->block.list = parse_stmt_list(p);
    s->block.rbrace = p->pos;
    want(p, TOK_RBRACE);
    return s;
}

static Stmt *parse_decl_stmt(Parser *p, ParseSpec *spec) {
    Stmt *s = STMT_NEW(p, DECL, p->pos, decl);
    uint32_t mark = node_mark(p);
    scanner_next(p);
    parse_group(p, spec);
    s->decl.list = take_decls(p, mark);
    return s;
}

// What stands between a keyword and its block.
typedef struct Header {
    Stmt *init;
    Expr *cond;
    Stmt *post;
    Pos semi; // the ";" behind init, or 0
    SemiKind semi_kind;
} Header;

// From behind init on: [ ";" Condition [ ";" Post ] ] . Gives the condition as a statement.
static Stmt *header_rest(Parser *p, Tok keyword, Header *h) {
    Stmt *cond = NULL;
    if (p->tok == TOK_SEMI) {
        h->semi = p->pos;
        h->semi_kind = p->semi;
        scanner_next(p);
    } else {
        want(p, TOK_LBRACE); // rather than ";": this makes the better message
        if (p->tok != TOK_LBRACE) advance(p, TOK_BIT(TOK_LBRACE) | TOK_BIT(TOK_RBRACE));
    }
    if (keyword != TOK_FOR) return p->tok == TOK_LBRACE ? NULL : parse_simple(p, NULL, keyword);
    if (p->tok != TOK_SEMI) {
        if (p->tok == TOK_LBRACE) {
            syntax_error(p, "expected for loop condition");
            return NULL;
        }
        cond = parse_simple(p, NULL, TOK_NONE);
    }
    want(p, TOK_SEMI);
    if (p->tok == TOK_LBRACE) return cond;
    h->post = parse_simple(p, NULL, TOK_NONE);
    if (h->post->kind == STMT_ASSIGN && h->post->op == OP_DEF)
        syntax_error_at(p, h->post->pos, "cannot declare in post statement of for loop");
    return cond;
}

// Binary expressions in parentheses, so that the = between two of them is seen.
static void write_emphasized(Buf *b, const Names *names, const Expr *x) {
    bool binary = x->kind == EXPR_OPERATION && x->operation.y;
    if (binary) buf_byte(b, '(');
    syntax_write(b, names, node_expr(x));
    if (binary) buf_byte(b, ')');
}

static void not_a_value(Parser *p, const Stmt *s) {
    Buf b = buf_new(p->s->diags->arena);
    if (s->kind == STMT_ASSIGN && s->op == OP_NONE) { // "=" where "==" was meant, most often
        buf_lit(&b, "assignment ");
        write_emphasized(&b, p->s->names, s->assign.lhs);
        buf_lit(&b, " = ");
        write_emphasized(&b, p->s->names, s->assign.rhs);
    } else {
        syntax_write(&b, p->s->names, node_stmt(s));
    }
    syntax_error_at(p, s->pos, "cannot use " STR_FMT " as value", STR_ARG(buf_view(&b)));
}

static void header_cond(Parser *p, Tok keyword, Header *h, const Stmt *cond) {
    if (cond && cond->kind == STMT_EXPR) {
        h->cond = cond->expr.x;
    } else if (cond) {
        not_a_value(p, cond);
    } else if (keyword == TOK_IF && h->semi) {
        if (h->semi_kind == SEMI_SEMICOLON)
            syntax_error_at(p, h->semi, "missing condition in if statement");
        else
            syntax_error_at(p, h->semi, "unexpected %s, expected { after if clause",
                            h->semi_kind == SEMI_EOF ? "EOF" : "newline");
        h->cond = bad_expr(p, h->semi);
    }
}

static Header parse_header(Parser *p, Tok keyword) {
    Header h = {0};
    want(p, keyword);
    if (p->tok == TOK_LBRACE) {
        if (keyword == TOK_IF) {
            syntax_error(p, "missing condition in if statement");
            h.cond = bad_expr(p, p->pos);
        }
        return h;
    }
    int outer = p->expr_nest;
    p->expr_nest = -1;
    if (p->tok != TOK_SEMI) {
        if (got(p, TOK_VAR))
            syntax_error(p, "var declaration not allowed in %s initializer", tok_text(keyword));
        h.init = parse_simple(p, NULL, keyword);
    }
    if (!h.init || h.init->kind != STMT_RANGE) {
        Stmt *cond = h.init;
        if (p->tok == TOK_LBRACE)
            h.init = NULL;
        else
            cond = header_rest(p, keyword, &h);
        header_cond(p, keyword, &h, cond);
    }
    p->expr_nest = outer;
    return h;
}

// ForStmt = "for" [ Condition | ForClause | RangeClause ] Block .
static Stmt *parse_for(Parser *p) {
    Stmt *s = STMT_NEW(p, FOR, p->pos, for_);
    Header h = parse_header(p, TOK_FOR);
    s->for_.init = h.init;
    s->for_.cond = h.cond;
    s->for_.post = h.post;
    s->for_.body = parse_block(p, "for clause");
    return s;
}

// IfStmt = "if" [ SimpleStmt ";" ] Expression Block [ "else" ( IfStmt | Block ) ] .
static Stmt *parse_if(Parser *p) {
    Stmt *s = STMT_NEW(p, IF, p->pos, if_);
    Header h = parse_header(p, TOK_IF);
    s->if_.init = h.init;
    s->if_.cond = h.cond ? h.cond : bad_expr(p, p->pos); // without one an error was reported
    s->if_.then = parse_block(p, "if clause");
    if (!got(p, TOK_ELSE)) return s;
    if (p->tok == TOK_IF) {
        if (enter(p)) s->if_.els = parse_if(p);
        leave(p);
    } else if (p->tok == TOK_LBRACE) {
        s->if_.els = parse_block(p, "");
    } else {
        syntax_error(p, "else must be followed by if or statement block");
        advance(p, TOK_BIT(TOK_NAME) | TOK_BIT(TOK_RBRACE));
    }
    return s;
}

// Clause = ( "case" ( ExpressionList | SimpleStmt ) | "default" ) ":" StatementList .
static void parse_clause(Parser *p, bool is_comm) {
    Clause c = {.pos = p->pos, .id = ++p->s->stmt_count, .is_comm = is_comm};
    if (got(p, TOK_CASE)) {
        if (is_comm)
            c.comm = parse_simple(p, NULL, TOK_NONE);
        else
            c.cases = parse_expr_list(p);
    } else if (!got(p, TOK_DEFAULT)) {
        syntax_error(p, "expected case or default or }");
        advance(p, TOK_BIT(TOK_COLON) | TOK_BIT(TOK_CASE) | TOK_BIT(TOK_DEFAULT) |
                       TOK_BIT(TOK_RBRACE));
    }
    c.colon = p->pos;
    want(p, TOK_COLON);
    c.body = parse_stmt_list(p);
    vec_push(p->cache->arena, &p->cache->stacks.clauses, c);
}

// "{" { Clause } "}" .
static ClauseList parse_clauses(Parser *p, bool is_comm, Pos *rbrace) {
    uint32_t mark = p->cache->stacks.clauses.len;
    if (!got(p, TOK_LBRACE)) {
        syntax_error(p, "missing { after %s clause", is_comm ? "select" : "switch");
        advance(p, TOK_BIT(TOK_CASE) | TOK_BIT(TOK_DEFAULT) | TOK_BIT(TOK_RBRACE));
    }
    while (p->tok != TOK_EOF && p->tok != TOK_RBRACE) parse_clause(p, is_comm);
    *rbrace = p->pos;
    want(p, TOK_RBRACE);
    return take_clauses(p, mark);
}

// SwitchStmt = "switch" [ SimpleStmt ";" ] [ Expression | TypeSwitchGuard ] "{" { Clause } "}" .
static Stmt *parse_switch(Parser *p) {
    Stmt *s = STMT_NEW(p, SWITCH, p->pos, switch_);
    Header h = parse_header(p, TOK_SWITCH);
    s->switch_.init = h.init;
    s->switch_.tag = h.cond;
    s->switch_.body = parse_clauses(p, false, &s->switch_.rbrace);
    return s;
}

// SelectStmt = "select" "{" { Clause } "}" .
static Stmt *parse_select(Parser *p) {
    Stmt *s = STMT_NEW(p, SELECT, p->pos, select);
    want(p, TOK_SELECT);
    s->select.body = parse_clauses(p, true, &s->select.rbrace);
    return s;
}

// ( "go" | "defer" ) Expression .
static Stmt *parse_call_stmt(Parser *p, Keyword keyword) {
    Stmt *s = STMT_NEW(p, CALL, p->pos, call);
    s->keyword = keyword;
    scanner_next(p);
    Expr *x = parse_primary(p, NULL, p->tok == TOK_LPAREN);
    if (x->kind == EXPR_PAREN)
        error_at(p, x->pos, "expression in %s must not be parenthesized", keyword_text(keyword));
    s->call.call = syntax_unparen_mut(x);
    return s;
}

// ( "break" | "continue" ) [ Label ] , "goto" Label , "fallthrough" .
static Stmt *parse_branch(Parser *p, Keyword keyword) {
    Stmt *s = STMT_NEW(p, BRANCH, p->pos, branch);
    s->keyword = keyword;
    scanner_next(p);
    if (keyword == KEYWORD_GOTO || (keyword != KEYWORD_FALLTHROUGH && p->tok == TOK_NAME))
        s->branch.label = parse_name(p);
    return s;
}

static Stmt *parse_return(Parser *p) {
    Stmt *s = STMT_NEW(p, RETURN, p->pos, ret);
    scanner_next(p);
    if (p->tok != TOK_SEMI && p->tok != TOK_RBRACE) s->ret.results = parse_expr_list(p);
    return s;
}

// A statement that begins with neither a name nor a declaration's keyword; NULL: none does.
static Stmt *parse_other(Parser *p) { // flat switch
    switch (p->tok) {
    case TOK_LBRACE: return parse_block(p, "");
    case TOK_OPERATOR:
    case TOK_STAR:
        switch ((int)p->op) {
        case OP_ADD:
        case OP_SUB:
        case OP_MUL:
        case OP_AND:
        case OP_XOR:
        case OP_NOT: return parse_simple(p, NULL, TOK_NONE);
        default: return NULL;
        }
    case TOK_LITERAL:
    case TOK_FUNC:
    case TOK_LPAREN:
    case TOK_LBRACK:
    case TOK_STRUCT:
    case TOK_MAP:
    case TOK_CHAN:
    case TOK_INTERFACE:
    case TOK_ARROW: return parse_simple(p, NULL, TOK_NONE);
    case TOK_FOR: return parse_for(p);
    case TOK_SWITCH: return parse_switch(p);
    case TOK_SELECT: return parse_select(p);
    case TOK_IF: return parse_if(p);
    case TOK_FALLTHROUGH: return parse_branch(p, KEYWORD_FALLTHROUGH);
    case TOK_BREAK: return parse_branch(p, KEYWORD_BREAK);
    case TOK_CONTINUE: return parse_branch(p, KEYWORD_CONTINUE);
    case TOK_GOTO: return parse_branch(p, KEYWORD_GOTO);
    case TOK_GO: return parse_call_stmt(p, KEYWORD_GO);
    case TOK_DEFER: return parse_call_stmt(p, KEYWORD_DEFER);
    case TOK_RETURN: return parse_return(p);
    case TOK_SEMI: return empty_stmt(p);
    case TOK_NONE:
    case TOK_EOF:
    case TOK_NAME:
    case TOK_ASSIGN_OP:
    case TOK_INC_OP:
    case TOK_ASSIGN:
    case TOK_DEFINE:
    case TOK_RPAREN:
    case TOK_RBRACK:
    case TOK_RBRACE:
    case TOK_COMMA:
    case TOK_COLON:
    case TOK_DOT:
    case TOK_DOT_DOT_DOT:
    case TOK_CASE:
    case TOK_CONST:
    case TOK_DEFAULT:
    case TOK_ELSE:
    case TOK_IMPORT:
    case TOK_PACKAGE:
    case TOK_RANGE:
    case TOK_TYPE:
    case TOK_VAR:
    case TOK_COUNT: return NULL;
    }
    return NULL;
}

static Stmt *parse_stmt_or_null(Parser *p) {
    Stmt *s = NULL;
    if (!enter(p)) {
        s = empty_stmt(p);
    } else if (LIKELY(p->tok == TOK_NAME)) {
        pragma_clear(p);
        Expr *lhs = parse_expr_list(p);
        s = lhs->kind == EXPR_NAME && p->tok == TOK_COLON ? parse_labeled(p, lhs)
                                                          : parse_simple(p, lhs, TOK_NONE);
    } else if (p->tok == TOK_VAR) {
        s = parse_decl_stmt(p, parse_var);
    } else if (p->tok == TOK_CONST) {
        s = parse_decl_stmt(p, parse_const);
    } else if (p->tok == TOK_TYPE) {
        s = parse_decl_stmt(p, parse_type_decl);
    } else {
        pragma_clear(p);
        s = parse_other(p);
    }
    leave(p);
    return s;
}

// StatementList = { Statement ";" } .
StmtList parse_stmt_list(Parser *p) {
    static const TokSet ends =
        TOK_BIT(TOK_EOF) | TOK_BIT(TOK_RBRACE) | TOK_BIT(TOK_CASE) | TOK_BIT(TOK_DEFAULT);
    uint32_t mark = node_mark(p);
    while (!(ends & TOK_BIT(p->tok))) {
        Stmt *s = parse_stmt_or_null(p);
        pragma_clear(p);
        if (!s) break;
        node_push(p, s);
        if (!got(p, TOK_SEMI) && p->tok != TOK_RBRACE) {
            syntax_error(p, "at end of statement");
            advance(p, TOK_BIT(TOK_SEMI) | TOK_BIT(TOK_RBRACE) | TOK_BIT(TOK_CASE) |
                           TOK_BIT(TOK_DEFAULT));
            got(p, TOK_SEMI); // no empty statement where it went wrong
        }
    }
    return take_stmts(p, mark);
}
