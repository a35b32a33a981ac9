// cli/profile_page.c: `heapwise profile page FILE...`: one HTML file to look around in profiles.
#include <math.h>

#include "cli/pprof_cli.h"
#include "cli/profile_cli.h"
#include "sys/file.h"
#include "sys/term.h"

// ---- reading

static Err read_source(Arena *a, const ProfileSource *source, Profile *out, bool *remote) {
    PprofLine line = {0};
    Buf messages = buf_new(a);
    Str word = source->word;
    *remote = true;
    Err err = source->bytes.len
                  ? profile_read(a, source->bytes, out)
                  : pprof_read_source(a, &(PprofFetch){&line, &messages}, word, out, remote);
    // It may name the file already.
    if (err && str_find(err->what, str_join2(a, word, STR(":"))) != STR_NONE) return err;
    if (err) return err_wrap(a, err, STR_FMT, STR_ARG(word));
    if (!out->types.len)
        return err_new(a, ERR_FORMAT, 0, STR_FMT ": a profile without sample types", STR_ARG(word));
    return NULL;
}

static Err read_side(Arena *a, const ProfileSource *source, Profile *out, ProfilePageSide *side) {
    bool remote;
    TRY(read_source(a, source, out, &remote));
    size_t slash = remote ? STR_NONE : str_rfind_byte(source->word, '/');
    Str name = slash == STR_NONE ? source->word : str_from(source->word, slash + 1);
    *side = (ProfilePageSide){name, out->time_nanos, out->duration_nanos, out->sample_count};
    return NULL;
}

// Files of one name in different folders are told apart by their paths.
static void tell_apart(const ProfileSet *s, const Str *words) {
    for (uint32_t i = 0; i < s->count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (str_eq(s->sides[i].name, s->sides[k].name)) {
                s->sides[i].name = words[i];
                s->sides[k].name = words[k];
            }
}

Err profile_set_read(Arena *a, const ProfileSourceVec *sources, Str base, ProfileSet *out) {
    uint32_t most = sources->len + 1;
    ProfileSet s = {.arena = a, .base = -1};
    s.list = NEW_ARRAY(a, Profile, most);
    s.at = NEW_ARRAY(a, const Profile *, most);
    s.sides = NEW_ARRAY(a, ProfilePageSide, most);
    Profile **at = NEW_ARRAY(a, Profile *, most);
    Str *words = NEW_ARRAY(a, Str, most);
    Err err = NULL;
    for (uint32_t i = 0; i < sources->len + (base.len > 0) && !err; i++) {
        bool is_base = i == sources->len;
        ProfileSource source = is_base ? (ProfileSource){base, {0}} : sources->v[i];
        words[i] = source.word;
        err = read_side(a, &source, &s.list[i], &s.sides[i]);
        s.at[i] = at[i] = &s.list[i];
        s.count++;
        if (is_base) s.base = (int)i;
    }
    if (!err && s.count > 1) err = profile_agree(a, at, s.count);
    if (err) {
        profile_set_free(&s);
        return err;
    }
    tell_apart(&s, words);
    *out = s;
    return NULL;
}

Err profile_set_filter(ProfileSet *s, const PprofConfig *cfg, Buf *messages) {
    for (uint32_t i = 0; i < s->count; i++) {
        // A profile as it is written out is one with the filters applied.
        PprofRequest q = {.p = &s->list[i],
                          .command = pprof_command(STR("proto")),
                          .cfg = *cfg,
                          .files = pprof_files(s->arena)};
        PprofReport r;
        Buf unseen = buf_new(s->arena);
        Err err = pprof_report(s->arena, &q, i ? &unseen : messages, &r);
        if (err) return err;
        regex_free(r.symbol);
    }
    return NULL;
}

void profile_set_free(ProfileSet *s) {
    for (uint32_t i = 0; i < s->count; i++) profile_free(&s->list[i]);
    s->count = 0;
}

// ---- drawings

// Graphviz spends seconds on crossings and straight lines of a dense graph unless it is told to
// stop.
static Str hurried(Arena *a, Str dot) {
    size_t brace = str_find_byte(dot, '{');
    if (brace == STR_NONE) return dot;
    return str_join3(a, str_to(dot, brace + 1), STR("\nmclimit=0.05; nslimit=2; nslimit1=2;"),
                     str_from(dot, brace + 1));
}

static Err draw_type(Arena *a, const Profile *p, Str type, Str *out) {
    Arena *scratch = arena_new("drawing");
    Profile fork;
    profile_fork(p, scratch, &fork);
    fork.doc_url = STR(""); // a link of the profile's choice has no place on our page
    PprofRequest q = {.p = &fork,
                      .command = pprof_command(STR("dot")),
                      .cfg = pprof_config_default(),
                      .files = pprof_files(scratch),
                      .no_tags = true};
    q.cfg.sample_index = type;
    q.cfg.nodecount = 40; // what fits a screen; Graphviz takes a second for twice as many
    q.cfg.edgefraction = 0.005;
    Buf text = buf_new(scratch), messages = buf_new(scratch);
    PprofReport r;
    Str svg;
    Err err = pprof_report(scratch, &q, &messages, &r);
    if (!err) err = pprof_print(&r, &text);
    if (!err) err = draw_graph(scratch, hurried(scratch, buf_view(&text)), "svg", &svg);
    if (!err) *out = str_copy(a, svg);
    if (err) err = err_wrap(a, err, "graph of " STR_FMT, STR_ARG(type));
    arena_free(scratch);
    return err;
}

// The side shown, less the base where there is one. Changes the set's profiles.
static Err drawn_profile(ProfileSet *s, uint32_t side, Profile *out, bool *merged) {
    *merged = s->base >= 0;
    if (!*merged) {
        *out = s->list[side];
        return NULL;
    }
    Profile *base = &s->list[s->base];
    profile_label_all(base, STR("pprof::base"), STR("true"));
    profile_scale(base, -1);
    Merger *m = merger_new(s->arena);
    Err err = merger_add(m, &s->list[side]);
    if (!err) err = merger_add(m, base);
    if (err) {
        merger_free(m);
        return err;
    }
    merger_finish(m, out);
    return NULL;
}

// A page without drawings is still a page: why there are none is said on it.
static void draw(ProfileSet *s, uint32_t side, StrVec *out, Str *note) {
    Profile p;
    bool merged;
    Err err = drawn_profile(s, side, &p, &merged);
    for (uint32_t i = 0; i < s->at[0]->types.len; i++) {
        Str svg = STR("");
        if (!err) err = draw_type(s->arena, &p, p.types.v[i].type, &svg);
        vec_push(s->arena, out, svg);
    }
    if (err) *note = str_fmt(s->arena, "No graph is drawn: " STR_FMT ".", STR_ARG(err->what));
    if (merged && p.arena) profile_free(&p);
}

// ---- the page, made smaller until it fits

typedef struct Limits {
    uint32_t nodes, functions;
    size_t source_bytes, drawing_bytes; // of all drawings together
} Limits;

static StrVec fitting(Arena *a, const StrVec *drawings, size_t room) {
    StrVec out = {0};
    for (uint32_t i = 0; i < drawings->len; i++) {
        bool fits = drawings->v[i].len <= room;
        vec_push(a, &out, fits ? drawings->v[i] : STR(""));
        if (fits) room -= drawings->v[i].len;
    }
    return out;
}

static void render(CallTree *tree, const ProfilePage *in, const Limits *limits, Str title,
                   Buf *out) {
    Arena *scratch = arena_new("profile page");
    calltree_cut(tree, limits->nodes);
    ProfilePage page = *in;
    page.most_functions = limits->functions;
    page.source_bytes = limits->source_bytes;
    StrVec drawings = fitting(scratch, in->drawings, limits->drawing_bytes);
    page.drawings = &drawings;
    Doc *d = doc_new(scratch, NULL);
    d->title = title;
    view_profile_page(d, &page);
    out->len = 0;
    doc_render_html(d, out);
    arena_free(scratch);
}

static Err fit(CallTree *tree, const ProfilePage *page, Str title, Str *out) {
    Limits l = {.nodes = 30000, .functions = 2400, .source_bytes = 300000, .drawing_bytes = 450000};
    Buf b = buf_new(tree->arena);
    for (;;) {
        render(tree, page, &l, title, &b);
        if (b.len <= PROFILE_PAGE_BYTES) break;
        if (l.nodes <= 8)
            return err_new(tree->arena, ERR_LIMIT, 0,
                           "a page of %u profiles with %u sample types each is too large: give "
                           "fewer profiles",
                           tree->sides, tree->types.len);
        double by = fmin(0.9 * PROFILE_PAGE_BYTES / (double)b.len, 0.9);
        l = (Limits){(uint32_t)((double)MIN(l.nodes, tree->nodes.len) * by),
                     (uint32_t)(l.functions * by), (size_t)((double)l.source_bytes * by),
                     l.nodes < 1000 ? 0 : (size_t)((double)l.drawing_bytes * by)};
    }
    *out = buf_view(&b);
    return NULL;
}

Err profile_page_html(ProfileSet *s, const ProfilePageWish *wish, Str *out) {
    Str why, note = STR("");
    int value = profile_value_index(s->at[0], wish->type, s->arena, &why);
    if (value < 0) return err_new(s->arena, ERR_USAGE, 0, STR_FMT, STR_ARG(why));
    CallTree *tree = calltree_new(s->arena, s->at, s->count, 30000);
    uint32_t side = s->base >= 0 ? 0 : s->count - 1;
    StrVec drawings = {0};
    draw(s, side, &drawings, &note);
    ProfilePage page = {.tree = tree,
                        .sides = s->sides,
                        .side = side,
                        .base = s->base,
                        .type = (uint32_t)value,
                        .sources = {source_finder_new(s->arena), source_find},
                        .drawings = &drawings,
                        .note = note,
                        .form = wish->form};
    return fit(tree, &page, wish->title, out);
}

Str profile_set_title(const ProfileSet *s) {
    if (s->base >= 0)
        return str_fmt(s->arena, "Profile " STR_FMT " against " STR_FMT, STR_ARG(s->sides[0].name),
                       STR_ARG(s->sides[s->base].name));
    if (s->count > 1) return str_fmt(s->arena, "%u profiles", s->count);
    return str_join2(s->arena, STR("Profile "), s->sides[0].name);
}

// ---- the command

Err cli_profile_page(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    const Args *args = &cli->args;
    ProfileSourceVec sources = {0};
    Str base = args_value(args, "base", STR("")), output = args_value(args, "output", STR(""));
    for (uint32_t i = 1; i < args->rest.len; i++)
        vec_push(a, &sources, ((ProfileSource){args->rest.v[i], {0}}));
    if (!sources.len) return err_new(a, ERR_USAGE, 0, "profile page wants a profile");
    if (base.len && sources.len > 1)
        return err_new(a, ERR_USAGE, 0,
                       "--base compares one profile with another; several profiles can be compared "
                       "on their page");
    if (!output.len && term_is_tty(1))
        return err_new(a, ERR_USAGE, 0,
                       "the page would go to the terminal: say where with -o out.html");
    ProfileSet set;
    TRY(profile_set_read(a, &sources, base, &set));
    Str html, title = profile_set_title(&set);
    ProfilePageWish wish = {args_value(args, "sample_index", STR("")), title, NULL};
    Err err = profile_page_html(&set, &wish, &html);
    profile_set_free(&set);
    TRY(err);
    *status = STATUS_OK;
    if (output.len) return file_write(a, output, html);
    doc_verbatim(cli->doc, html);
    return NULL;
}
