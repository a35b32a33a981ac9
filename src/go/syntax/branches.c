// go/syntax/branches.c: do labels, gotos, breaks, continues and fallthroughs of a function body
// lead somewhere? Sets the targets of branches. The rules and texts are the compiler's.
#include "base/index.h"
#include "go/syntax/syntax_internal.h"

typedef struct Block {
    const struct Block *parent;
    Pos start;
    const Stmt *labeled; // the LABELED this block is of, or NULL
} Block;

typedef struct Label {
    const Block *block; // where it is declared
    Pos block_start;    // of it: outlives the block
    Stmt *labeled;
    bool used;
} Label;

// A goto whose label was not seen yet.
typedef struct Forward {
    Stmt *branch;
    uint32_t order; // in its present block: which variables were declared after it
} Forward;

typedef struct Branches {
    Parser *p;
    Arena *scratch;
    VEC(Label) labels; // in order of declaration
    Index by_name;     // Name -> place + 1
    VEC(Forward) forwards;
} Branches;

// Which statements break and continue lead to.
typedef struct Targets {
    Stmt *breaks;
    Stmt *continues;
    int64_t clause; // of the switch around, or -1
} Targets;

// A block while its statements are looked at.
typedef struct Walk {
    Branches *b;
    Block block;
    Targets targets;
    uint32_t forwards; // this block's begin here
    uint32_t order;
    Pos var_pos; // the last variable declared in the block
    uint32_t var_order;
    const Expr *var;
} Walk;

static void wrong(Branches *b, Pos pos, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void wrong(Branches *b, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Diags *d = b->p->s->diags;
    diag_add(d, (Diag){.pos = pos, .text = str_vfmt(d->arena, fmt, ap)});
    b->p->file->had_errors = true;
    va_end(ap);
}

static Str text(const Branches *b, Name n) { return name_str(b->p->s->names, n); }

static void write_place(Buf *buf, Place at) {
    buf_str(buf, at.file);
    if (at.line) buf_fmt(buf, ":%u", at.line);
    if (at.line && at.col) buf_fmt(buf, ":%u", at.col);
}

// file:line:col, and what it is without //line directives where that is something else.
static Str place(const Branches *b, Pos pos) {
    SourceFile *source = b->p->file->source;
    const U32Vec *lines = &b->p->cache->lines; // those read so far; scanner_finish copies them
    source->lines.v = lines->v;
    source->lines.len = source->lines.cap = lines->len;
    Place said = pos_place(b->p->s->files, pos), real = pos_physical(b->p->s->files, pos);
    Buf buf = buf_new(b->scratch);
    write_place(&buf, said);
    if (said.line != real.line || said.col != real.col || !str_eq(said.file, real.file)) {
        buf_byte(&buf, '[');
        write_place(&buf, real);
        buf_byte(&buf, ']');
    }
    return buf_view(&buf);
}

static Label *find(Branches *b, Name name) {
    for (IndexIter it = index_find(&b->by_name, hash_mix(name, 1)); it.id; index_next(&it))
        if (b->labels.v[it.id - 1].labeled->labeled.label->name == name)
            return &b->labels.v[it.id - 1];
    return NULL;
}

static Label *declare(Branches *b, const Block *block, Stmt *s) {
    Name name = s->labeled.label->name;
    Label *l = find(b, name);
    if (l) {
        wrong(b, s->labeled.label->pos, "label " STR_FMT " already defined at " STR_FMT,
              STR_ARG(text(b, name)), STR_ARG(place(b, l->labeled->labeled.label->pos)));
        return l;
    }
    vec_push(b->scratch, &b->labels, ((Label){block, block->start, s, false}));
    index_add(&b->by_name, hash_mix(name, 1), b->labels.len);
    return &vec_last(&b->labels);
}

// The LABELED that a goto in block may jump back to; NULL: none (yet).
static Stmt *goto_target(Branches *b, const Block *block, Name name) {
    Label *l = find(b, name);
    if (!l) return NULL;
    l->used = true; // even if the goto is wrong
    for (; block; block = block->parent)
        if (l->block == block) return l->labeled;
    return NULL;
}

// The statement around block that carries the label. False: there is no such label.
// *out is NULL when the label is not one of an enclosing statement.
static bool enclosing_target(Branches *b, const Block *block, Name name, Stmt **out) {
    Label *l = find(b, name);
    *out = NULL;
    if (!l) return false;
    l->used = true;
    for (; block; block = block->parent)
        if (l->labeled == block->labeled) *out = l->labeled->labeled.stmt;
    return true;
}

static void variable(Walk *w, Pos pos, const Expr *name) {
    w->var_pos = pos;
    w->var = name;
    w->var_order = w->order;
}

// A label ends the search of this block's gotos to it.
static void resolve_forwards(Walk *w, Stmt *s, Label *l) {
    Branches *b = w->b;
    uint32_t kept = w->forwards;
    for (uint32_t i = w->forwards; i < b->forwards.len; i++) {
        Forward f = b->forwards.v[i];
        const Expr *label = f.branch->branch.label;
        if (label->name != s->labeled.label->name) {
            b->forwards.v[kept++] = f;
            continue;
        }
        f.branch->branch.target = s;
        l->used = true;
        if (w->var_pos && f.order < w->var_order)
            wrong(b, label->pos,
                  "goto " STR_FMT " jumps over declaration of " STR_FMT " at " STR_FMT,
                  STR_ARG(text(b, label->name)),
                  STR_ARG(syntax_expr_string(b->scratch, b->p->s->names, w->var)),
                  STR_ARG(place(b, w->var_pos)));
    }
    b->forwards.len = kept;
}

static void fallthrough(Walk *w, const Stmt *s, bool last) {
    const Stmt *t = w->targets.breaks;
    const char *what = "fallthrough statement out of place";
    if (t && t->kind == STMT_SWITCH) {
        if (t->switch_.tag && t->switch_.tag->kind == EXPR_TYPE_SWITCH)
            what = "cannot fallthrough in type switch";
        else if (w->targets.clause < 0 || !last)
            (void)what; // not at the end of a clause
        else if (w->targets.clause + 1 == t->switch_.body.len)
            what = "cannot fallthrough final case in switch";
        else
            return;
    }
    wrong(w->b, s->pos, "%s", what);
}

static void plain_branch(Walk *w, Stmt *s, bool last) {
    if (s->keyword == KEYWORD_FALLTHROUGH) {
        fallthrough(w, s, last);
    } else if (s->keyword == KEYWORD_BREAK) {
        s->branch.target = w->targets.breaks;
        if (!s->branch.target) wrong(w->b, s->pos, "break is not in a loop, switch, or select");
    } else {
        s->branch.target = w->targets.continues;
        if (!s->branch.target) wrong(w->b, s->pos, "continue is not in a loop");
    }
}

static void labeled_branch(Walk *w, Stmt *s) {
    Branches *b = w->b;
    const Expr *label = s->branch.label;
    Str name = text(b, label->name);
    if (s->keyword == KEYWORD_GOTO) {
        s->branch.target = goto_target(b, &w->block, label->name);
        if (!s->branch.target) vec_push(b->scratch, &b->forwards, ((Forward){s, w->order++}));
        return;
    }
    const char *what = keyword_text(s->keyword);
    Stmt *t;
    if (!enclosing_target(b, &w->block, label->name, &t)) {
        wrong(b, label->pos, "%s label not defined: " STR_FMT, what, STR_ARG(name));
        return;
    }
    bool loop = t && t->kind == STMT_FOR;
    bool other = t && (t->kind == STMT_SWITCH || t->kind == STMT_SELECT);
    if (loop || (other && s->keyword == KEYWORD_BREAK))
        s->branch.target = t;
    else
        wrong(b, label->pos, "invalid %s label " STR_FMT, what, STR_ARG(name));
}

static void check_block(Branches *b, Block block, Targets t, StmtList body);

// A block within w's; gotos it leaves open are open in w's block from now on.
static void inner(Walk *w, Targets t, const Stmt *labeled, Pos start, StmtList body) {
    uint32_t from = w->b->forwards.len;
    check_block(w->b, (Block){&w->block, start, labeled}, t, body);
    for (uint32_t i = from; i < w->b->forwards.len; i++) w->b->forwards.v[i].order = w->order++;
}

static void clauses(Walk *w, const Stmt *labeled, ClauseList body, Targets t, bool numbered) {
    for (uint32_t i = 0; i < body.len; i++) {
        if (numbered) t.clause = i;
        inner(w, t, labeled, body.v[i].pos, body.v[i].body);
    }
}

static Stmt *check_label(Walk *w, Stmt *s, const Stmt **labeled) {
    if (s->labeled.label->name != w->b->p->cache->blank) {
        Label *l = declare(w->b, &w->block, s);
        resolve_forwards(w, s, l);
        *labeled = s;
    }
    return s->labeled.stmt;
}

static void check_stmt(Walk *w, Stmt *s, bool last) { // flat switch
    const Stmt *labeled = NULL;
    Targets t = {w->targets.breaks, w->targets.continues, -1};
    while (s->kind == STMT_LABELED) s = check_label(w, s, &labeled);
    switch (s->kind) {
    case STMT_DECL:
        for (uint32_t i = 0; i < s->decl.list.len; i++) {
            const Decl *d = s->decl.list.v[i];
            if (d->kind != DECL_VAR) continue;
            variable(w, d->pos, d->value.names.v[0]);
            break;
        }
        return;
    case STMT_ASSIGN:
        if (s->op == OP_DEF) variable(w, s->pos, s->assign.lhs);
        return;
    case STMT_BRANCH:
        if (s->branch.label)
            labeled_branch(w, s);
        else
            plain_branch(w, s, last);
        return;
    case STMT_BLOCK: inner(w, t, labeled, s->pos, s->block.list); return;
    case STMT_IF:
        inner(w, t, labeled, s->if_.then->pos, s->if_.then->block.list);
        if (s->if_.els) inner(w, t, labeled, s->if_.els->pos, (StmtList){&s->if_.els, 1});
        return;
    case STMT_FOR:
        t.breaks = t.continues = s;
        inner(w, t, labeled, s->for_.body->pos, s->for_.body->block.list);
        return;
    case STMT_SWITCH:
        t.breaks = s;
        clauses(w, labeled, s->switch_.body, t, true);
        return;
    case STMT_SELECT:
        t.breaks = s;
        clauses(w, labeled, s->select.body, t, false);
        return;
    case STMT_EMPTY:
    case STMT_LABELED:
    case STMT_EXPR:
    case STMT_SEND:
    case STMT_CALL:
    case STMT_RETURN:
    case STMT_RANGE: return;
    }
}

static void check_block(Branches *b, Block block, Targets t, StmtList body) {
    Walk w = {.b = b, .block = block, .targets = t};
    w.forwards = b->forwards.len;
    uint32_t labels = b->labels.len;
    // Empty statements at the end do not keep a fallthrough from being the last.
    while (body.len && body.v[body.len - 1]->kind == STMT_EMPTY) body.len--;
    for (uint32_t i = 0; i < body.len; i++) check_stmt(&w, body.v[i], i + 1 == body.len);
    // The block's address may be used again: its labels are no target for what follows.
    for (uint32_t i = labels; i < b->labels.len; i++)
        if (b->labels.v[i].block == &w.block) b->labels.v[i].block = NULL;
}

static void check_leftovers(Branches *b) {
    for (uint32_t i = 0; i < b->forwards.len; i++) {
        const Expr *label = b->forwards.v[i].branch->branch.label;
        Label *l = find(b, label->name);
        Str name = text(b, label->name);
        if (!l) {
            wrong(b, label->pos, "label " STR_FMT " not defined", STR_ARG(name));
            continue;
        }
        l->used = true;
        wrong(b, label->pos, "goto " STR_FMT " jumps into block starting at " STR_FMT,
              STR_ARG(name), STR_ARG(place(b, l->block_start)));
    }
    for (uint32_t i = 0; i < b->labels.len; i++) {
        const Expr *label = b->labels.v[i].labeled->labeled.label;
        if (!b->labels.v[i].used)
            wrong(b, label->pos, "label " STR_FMT " defined and not used",
                  STR_ARG(text(b, label->name)));
    }
}

void check_branches(Parser *p, Stmt *body) {
    Arena *scratch = p->cache->scratch;
    ArenaMark mark = arena_mark(scratch);
    Branches b = {.p = p, .scratch = scratch, .by_name = index_new(scratch)};
    check_block(&b, (Block){.start = body->pos}, (Targets){.clause = -1}, body->block.list);
    check_leftovers(&b);
    arena_pop_to(mark);
}
