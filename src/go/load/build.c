// go/load: sorts the files of one directory into a package: what is built, what is a test, what is
// left out and why. The order of the checks is the go command's, since it decides which of several
// errors is reported.
#include "go/load/load_internal.h"

typedef struct Build {
    Arena *arena;
    const Dir *dir;
    BuildOptions options;
    BuildPackage *out;
    Str first_file; // the one that gave the package its name
    StrVec big_s;
} Build;

static void bad_file(Build *b, Str name, Str error) {
    BuildPackage *p = b->out;
    if (p->error_kind == BUILD_OK) {
        p->error_kind = BUILD_OTHER;
        p->error = error;
    }
    if (!strvec_has(&p->invalid_go_files, name)) vec_push(b->arena, &p->invalid_go_files, name);
}

static Str full_name(const Build *b, Str name) { return path_join(b->arena, b->dir->path, name); }

static void bad_syntax(Build *b, const DirFile *f) {
    const FileHeader *h = &f->header;
    Str file = full_name(b, f->name);
    bool first = b->out->error_kind == BUILD_OK;
    if (h->error_is_plain) {
        bad_file(b, f->name,
                 str_fmt(b->arena, STR_FMT ":%u:%u: " STR_FMT, STR_ARG(file), h->error_line,
                         h->error_col, STR_ARG(h->error)));
        return;
    }
    bad_file(b, f->name, h->error);
    if (!first) return;
    b->out->error_kind = BUILD_SYNTAX;
    b->out->at = (FilePos){h->error, file, h->error_line, h->error_col};
}

static void add_position(Build *b, FilePosVec *list, FilePos one) {
    for (uint32_t i = 0; i < list->len; i++)
        if (str_eq(list->v[i].what, one.what)) return;
    vec_push(b->arena, list, one);
}

static int by_what(const void *x, const void *y) {
    return str_cmp(((const FilePos *)x)->what, ((const FilePos *)y)->what);
}

static void sort_positions(FilePosVec *list) {
    if (list->len > 1) qsort(list->v, list->len, sizeof *list->v, by_what);
}

StrVec positions_names(Arena *a, const FilePosVec *list) {
    StrVec names = {0};
    for (uint32_t i = 0; i < list->len; i++) vec_push(a, &names, list->v[i].what);
    return names;
}

const FilePos *positions_find(const FilePosVec *list, Str what) {
    for (uint32_t i = 0; i < list->len; i++)
        if (str_eq(list->v[i].what, what)) return &list->v[i];
    return NULL;
}

// ---- #cgo lines -----------------------------------------------------------------------------

static Str comment_line(Str line) { // without the marks of a // or /* */ comment
    line = str_trim(line);
    str_cut_prefix(&line, STR("//"));
    str_cut_prefix(&line, STR("/*"));
    str_cut_suffix(&line, STR("*/"));
    return str_trim(line);
}

static bool cgo_condition_holds(const Build *b, StrVec conditions) {
    bool holds = conditions.len == 0;
    for (uint32_t i = 0; i < conditions.len; i++) {
        Str error, word = conditions.v[i];
        bool modern = false;
        for (size_t k = 0; k < word.len; k++) modern = modern || memchr("&|()", word.ptr[k], 4);
        Str line = str_join2(b->arena, modern ? STR("//go:build ") : STR("// +build "), word);
        Constraint *c = constraint_parse(b->arena, line, &error);
        holds = holds || (c && constraint_holds(c, b->options.tags));
    }
    return holds;
}

static bool cgo_line_is_wrong(const Build *b, Str line, bool *verb_wrong) {
    static const char *const verbs[] = {"CFLAGS", "CPPFLAGS", "CXXFLAGS",
                                        "FFLAGS", "LDFLAGS",  "pkg-config"};
    Str rest = str_trim(str_from(line, strlen("#cgo")));
    size_t colon = str_find_byte(rest, ':');
    if (colon == STR_NONE) return true;
    StrVec f = str_fields(b->arena, str_to(rest, colon));
    if (f.len < 1) return true;
    Str verb = vec_pop(&f);
    if (!cgo_condition_holds(b, f)) return false;
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (str_eq_c(verb, verbs[i])) return false;
    *verb_wrong = true;
    return true;
}

static void check_cgo(Build *b, const DirFile *f, Str doc) {
    while (doc.len > 0) {
        Str line = comment_line(str_line(&doc));
        bool cgo = str_starts(line, STR("#cgo")) && line.len > 4 &&
                   (line.ptr[4] == ' ' || line.ptr[4] == '\t');
        if (!cgo) continue;
        StrVec words = str_fields(b->arena, line);
        if (words.len == 3 &&
            (str_eq_c(words.v[1], "nocallback") || str_eq_c(words.v[1], "noescape")))
            continue;
        bool verb_wrong = false;
        if (!cgo_line_is_wrong(b, line, &verb_wrong)) continue;
        Str name = b->options.indexed ? f->name : full_name(b, f->name);
        bad_file(b, f->name,
                 str_fmt(b->arena, STR_FMT ": invalid #cgo %s: " STR_FMT, STR_ARG(name),
                         verb_wrong ? "verb" : "line", STR_ARG(line)));
        return;
    }
}

// ---- one file -------------------------------------------------------------------------------

typedef struct Target {
    StrVec *files;
    FilePosVec *imports, *embeds; // NULL: not counted
} Target;

static Target target_of(Build *b, bool cgo, bool test, bool xtest) {
    BuildPackage *p = b->out;
    if (cgo && !b->options.tags->cgo) return (Target){&p->ignored_go_files, NULL, NULL};
    if (cgo) return (Target){&p->cgo_files, &p->imports, &p->embeds};
    if (xtest) return (Target){&p->xtest_go_files, &p->xtest_imports, &p->xtest_embeds};
    if (test) return (Target){&p->test_go_files, &p->test_imports, &p->test_embeds};
    return (Target){&p->lists[SOURCE_GO], &p->imports, &p->embeds};
}

static void file_into(Build *b, const DirFile *f, Target to) {
    const FileHeader *h = &f->header;
    Str file = full_name(b, f->name);
    vec_push(b->arena, to.files, f->name);
    for (uint32_t i = 0; to.imports && i < h->imports.len; i++) {
        const HeaderImport *imp = &h->imports.v[i];
        add_position(b, to.imports, (FilePos){imp->path, file, imp->line, imp->col});
    }
    for (uint32_t i = 0; to.embeds && i < h->embeds.len; i++) {
        const HeaderEmbed *e = &h->embeds.v[i];
        add_position(b, to.embeds, (FilePos){e->pattern, file, e->line, e->col});
    }
}

static void check_name(Build *b, const DirFile *f, Str name) {
    BuildPackage *p = b->out;
    if (p->name.len == 0) {
        p->name = name;
        b->first_file = f->name;
    } else if (!str_eq(p->name, name)) {
        bad_file(b, f->name,
                 str_fmt(b->arena,
                         "found packages " STR_FMT " (" STR_FMT ") and " STR_FMT " (" STR_FMT
                         ") in " STR_FMT,
                         STR_ARG(p->name), STR_ARG(b->first_file), STR_ARG(name), STR_ARG(f->name),
                         STR_ARG(b->dir->path)));
    }
}

static void take_go_file(Build *b, const DirFile *f) {
    BuildPackage *p = b->out;
    Str name = f->header.package_name;
    if (str_eq_c(name, "documentation")) {
        vec_push(b->arena, &p->ignored_go_files, f->name);
        return;
    }
    bool test = str_ends(f->name, STR("_test.go"));
    bool xtest = test && str_ends(name, STR("_test")) && !str_eq(p->name, name);
    if (xtest) str_cut_suffix(&name, STR("_test"));
    check_name(b, f, name);
    bool cgo = false;
    for (uint32_t i = 0; i < f->header.imports.len; i++) {
        const HeaderImport *imp = &f->header.imports.v[i];
        if (!str_eq_c(imp->path, "C")) continue;
        if (test) {
            Str shown = b->options.indexed ? f->name : full_name(b, f->name);
            bad_file(b, f->name,
                     str_join3(b->arena, STR("use of cgo in test "), shown, STR(" not supported")));
            continue;
        }
        cgo = true;
        check_cgo(b, f, imp->doc);
    }
    file_into(b, f, target_of(b, cgo, test, xtest));
}

// Reports what makes the file unreadable as Go. True: nothing more is to be done with it.
static bool report_unreadable(Build *b, const DirFile *f) {
    const FileHeader *h = &f->header;
    Str error = STR("");
    if (f->unreadable)
        error =
            str_fmt(b->arena, "open " STR_FMT ": cannot be read", STR_ARG(full_name(b, f->name)));
    else if (h->read_error.len > 0)
        error = str_fmt(b->arena, "read " STR_FMT ": " STR_FMT, STR_ARG(full_name(b, f->name)),
                        STR_ARG(h->read_error));
    else if (h->constraint_error.len > 0)
        error = str_join3(b->arena, f->name, STR(": "), h->constraint_error);
    if (error.len > 0) bad_file(b, f->name, error);
    return error.len > 0;
}

static void take_file(Build *b, const DirFile *f) {
    BuildPackage *p = b->out;
    bool go = f->kind == SOURCE_GO, indexed = b->options.indexed;
    bool name_fits = f->name_fits || b->options.all_files;
    if (go && (indexed || name_fits)) {
        if (report_unreadable(b, f)) return;
        if (indexed && f->header.error_line != 0) bad_syntax(b, f);
        if (!indexed && f->constraint_error.len > 0) {
            bad_file(b, f->name,
                     str_join3(b->arena, f->name, STR(": parsing //go:build line: "),
                               f->constraint_error));
            return;
        }
    }
    if (!name_fits || !(f->fits || b->options.all_files)) {
        vec_push(b->arena, go ? &p->ignored_go_files : &p->ignored_other_files, f->name);
    } else if (f->kind == SOURCE_BIG_S) {
        vec_push(b->arena, &b->big_s, f->name);
    } else if (!go) {
        vec_push(b->arena, &p->lists[f->kind], f->name);
    } else {
        if (f->header.error_line != 0 && !indexed) bad_syntax(b, f);
        take_go_file(b, f);
    }
}

// A wrong //go:build line ends the reading of an indexed directory at once.
static bool stops_here(Build *b, const DirFile *f) {
    if (!b->options.indexed || b->options.all_files) return false;
    if (f->constraint_error.len == 0 || !f->name_fits) return false;
    b->out->error_kind = BUILD_OTHER;
    b->out->error =
        str_join3(b->arena, f->name, STR(": parsing //go:build line: "), f->constraint_error);
    return true;
}

static void finish(Build *b) {
    BuildPackage *p = b->out;
    FilePosVec *lists[] = {&p->imports, &p->test_imports, &p->xtest_imports,
                           &p->embeds,  &p->test_embeds,  &p->xtest_embeds};
    for (size_t i = 0; i < COUNT(lists); i++) sort_positions(lists[i]);
    StrVec *into = p->cgo_files.len > 0 ? &p->lists[SOURCE_S] : &p->ignored_other_files;
    for (uint32_t i = 0; i < b->big_s.len; i++) vec_push(b->arena, into, b->big_s.v[i]);
    strvec_sort(into);
    uint32_t files =
        p->lists[SOURCE_GO].len + p->cgo_files.len + p->test_go_files.len + p->xtest_go_files.len;
    if (p->error_kind == BUILD_OK && files == 0) p->error_kind = BUILD_NO_GO;
}

void build_package(Arena *a, const Dir *dir, BuildOptions options, BuildPackage *out) {
    *out = (BuildPackage){.dir = dir->path};
    Build b = {.arena = a, .dir = dir, .options = options, .out = out};
    for (uint32_t i = 0; i < dir->files.len; i++) {
        if (stops_here(&b, &dir->files.v[i])) {
            FilePosVec none = {0};
            out->imports = out->test_imports = out->xtest_imports = none;
            out->embeds = out->test_embeds = out->xtest_embeds = none;
            return;
        }
        take_file(&b, &dir->files.v[i]);
    }
    finish(&b);
}
