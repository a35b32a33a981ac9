// cli/cmd_list.c: `heapwise list`: what `go list` prints, without the go command.
#include "cli/commands.h"

#include "base/utf8.h"
#include "codec/json.h"
#include "go/load/load.h"

typedef struct ListOptions {
    LoadConfig load;
    bool json, deps, keep_errors, help;
    StrVec fields; // of -json=A,B; none: all
    StrVec patterns;
} ListOptions;

// ---- command line ---------------------------------------------------------------------------

// -name=value or -name value, as Go's flag package reads it.
static bool take_value(const Cli *cli, int *at, const char *name, Str *out) {
    Str word = str_c(cli->argv[*at]);
    str_cut_prefix(&word, STR("-"));
    str_cut_prefix(&word, STR("-"));
    if (!str_cut_prefix(&word, str_c(name))) return false;
    if (str_cut_prefix(&word, STR("="))) {
        *out = word;
        return true;
    }
    if (word.len > 0 || *at + 1 >= cli->argc) return false;
    *out = str_c(cli->argv[++*at]);
    return true;
}

static bool take_flag(ListOptions *o, Str word) {
    str_cut_prefix(&word, STR("-"));
    str_cut_prefix(&word, STR("-"));
    if (str_eq(word, STR("json")))
        o->json = true;
    else if (str_eq(word, STR("deps")))
        o->deps = true;
    else if (str_eq(word, STR("e")))
        o->keep_errors = true;
    else if (str_eq(word, STR("test")))
        o->load.tests = true;
    else if (str_eq(word, STR("h")) || str_eq(word, STR("help")))
        o->help = true;
    else
        return false;
    return true;
}

static bool take_fields(Cli *cli, ListOptions *o, Str word) {
    str_cut_prefix(&word, STR("-"));
    str_cut_prefix(&word, STR("-"));
    if (!str_cut_prefix(&word, STR("json="))) return false;
    o->json = true;
    while (word.len > 0) vec_push(cli->arena, &o->fields, str_split(&word, ','));
    return true;
}

static Err read_options(Cli *cli, ListOptions *o) {
    int i = 0;
    for (; i < cli->argc; i++) {
        Str word = str_c(cli->argv[i]);
        if (str_eq(word, STR("--")) || word.len < 2 || word.ptr[0] != '-') break;
        bool known = take_flag(o, word) || take_fields(cli, o, word) ||
                     take_value(cli, &i, "tags", &o->load.tags) ||
                     take_value(cli, &i, "modfile", &o->load.modfile) ||
                     take_value(cli, &i, "mod", &o->load.mod) ||
                     take_value(cli, &i, "C", &o->load.dir);
        if (!known)
            return err_new(cli->arena, ERR_USAGE, 0,
                           STR_FMT ": no such option, or its value is "
                                   "missing; heapwise list --help",
                           STR_ARG(word));
    }
    if (i < cli->argc && strcmp(cli->argv[i], "--") == 0) i++;
    for (; i < cli->argc; i++) vec_push(cli->arena, &o->patterns, str_c(cli->argv[i]));
    return NULL;
}

// ---- JSON in the form of encoding/json ----------------------------------------------------------

// Go escapes what HTML would read, and two line separators JavaScript once tripped over.
static void go_string(Json *j, Str s) {
    Buf b = buf_new(j->out->arena);
    buf_byte(&b, '"');
    for (uint32_t n; s.len > 0; s = str_from(s, n)) {
        uint32_t r = utf8_decode(s, &n);
        static const char names[] = "bfnrt\"\\", values[] = "\b\f\n\r\t\"\\";
        const char *named = r != 0 && r < 0x80 ? strchr(values, (int)r) : NULL;
        if (named)
            buf_fmt(&b, "\\%c", names[named - values]);
        else if (r < ' ' || r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029)
            buf_fmt(&b, "\\u%04x", r);
        else if (r == UTF8_BAD && n == 1)
            buf_c(&b, "\\ufffd");
        else
            buf_str(&b, str_to(s, n));
    }
    buf_byte(&b, '"');
    json_raw(j, buf_view(&b));
}

typedef struct Printer {
    Json json;
    const ListOptions *options;
} Printer;

static bool wanted(const Printer *p, const char *field) {
    return p->options->fields.len == 0 || strvec_has(&p->options->fields, str_c(field));
}

static void put_str(Printer *p, const char *field, Str s) {
    if (s.len == 0 || !wanted(p, field)) return;
    json_key(&p->json, str_c(field));
    go_string(&p->json, s);
}

static void put_bool(Printer *p, const char *field, bool b) {
    if (!b || !wanted(p, field)) return;
    json_key(&p->json, str_c(field));
    json_bool(&p->json, true);
}

static void put_array(Printer *p, const StrVec *list) {
    json_array(&p->json);
    for (uint32_t i = 0; i < list->len; i++) go_string(&p->json, list->v[i]);
    json_close(&p->json);
}

static void put_list(Printer *p, const char *field, const StrVec *list) {
    if (list->len == 0 || !wanted(p, field)) return;
    json_key(&p->json, str_c(field));
    put_array(p, list);
}

static void module_str(Printer *p, const char *field, Str s) {
    if (s.len == 0) return;
    json_key(&p->json, str_c(field));
    go_string(&p->json, s);
}

static void module_bool(Printer *p, const char *field, bool b) {
    if (!b) return;
    json_key(&p->json, str_c(field));
    json_bool(&p->json, true);
}

static void put_replace(Printer *p, const LoadModule *m) {
    if (m->replace_path.len == 0) return;
    json_key(&p->json, STR("Replace"));
    json_object(&p->json);
    module_str(p, "Path", m->replace_path);
    module_str(p, "Version", m->replace_version);
    module_str(p, "Dir", m->dir);
    module_str(p, "GoMod", m->go_mod);
    module_str(p, "GoVersion", m->go_version);
    json_close(&p->json);
}

static void put_module(Printer *p, const LoadModule *m) {
    if (!m || !wanted(p, "Module")) return;
    json_key(&p->json, STR("Module"));
    json_object(&p->json);
    module_str(p, "Path", m->path);
    module_str(p, "Version", m->version);
    put_replace(p, m);
    module_bool(p, "Main", m->main);
    module_bool(p, "Indirect", m->indirect);
    module_str(p, "Dir", m->dir);
    module_str(p, "GoMod", m->go_mod);
    module_str(p, "GoVersion", m->go_version);
    json_close(&p->json);
}

static void put_import_map(Printer *p, const Package *pkg) {
    StrVec lines = {0};
    Arena *a = p->json.out->arena;
    for (uint32_t i = 0; i < pkg->imports.len; i++)
        if (!str_eq(pkg->imports.v[i], pkg->raw_imports.v[i]))
            vec_push(a, &lines, pkg->raw_imports.v[i]);
    if (lines.len == 0 || !wanted(p, "ImportMap")) return;
    json_key(&p->json, STR("ImportMap"));
    json_object(&p->json);
    for (uint32_t i = 0; i < pkg->imports.len; i++) { // sorted, since raw imports are
        if (str_eq(pkg->imports.v[i], pkg->raw_imports.v[i])) continue;
        json_key(&p->json, pkg->raw_imports.v[i]);
        go_string(&p->json, pkg->imports.v[i]);
    }
    json_close(&p->json);
}

static void put_error(Printer *p, const PackageError *e) {
    if (e->text.len == 0 || !wanted(p, "Error")) return;
    json_key(&p->json, STR("Error"));
    json_object(&p->json);
    json_key(&p->json, STR("ImportStack"));
    put_array(p, &e->import_stack);
    json_key(&p->json, STR("Pos"));
    go_string(&p->json, e->pos);
    json_key(&p->json, STR("Err"));
    go_string(&p->json, e->text);
    json_close(&p->json);
}

static void put_files(Printer *p, const Package *g) {
    put_list(p, "GoFiles", &g->go_files);
    put_list(p, "CgoFiles", &g->cgo_files);
    put_list(p, "IgnoredGoFiles", &g->ignored_go_files);
    put_list(p, "InvalidGoFiles", &g->invalid_go_files);
    put_list(p, "IgnoredOtherFiles", &g->ignored_other_files);
    put_list(p, "CFiles", &g->c_files);
    put_list(p, "CXXFiles", &g->cxx_files);
    put_list(p, "MFiles", &g->m_files);
    put_list(p, "HFiles", &g->h_files);
    put_list(p, "FFiles", &g->f_files);
    put_list(p, "SFiles", &g->s_files);
    put_list(p, "SwigFiles", &g->swig_files);
    put_list(p, "SwigCXXFiles", &g->swigcxx_files);
    put_list(p, "SysoFiles", &g->syso_files);
    put_list(p, "EmbedPatterns", &g->embed_patterns);
    put_list(p, "EmbedFiles", &g->embed_files);
}

static void put_package(Printer *p, const Package *g) {
    json_object(&p->json);
    put_str(p, "Dir", g->dir);
    put_str(p, "ImportPath", g->import_path);
    put_str(p, "Name", g->name);
    put_str(p, "ForTest", g->for_test);
    put_module(p, g->module);
    put_bool(p, "Standard", g->standard);
    put_bool(p, "DepOnly", g->dep_only);
    put_bool(p, "Incomplete", g->incomplete);
    put_files(p, g);
    put_list(p, "Imports", &g->imports);
    put_import_map(p, g);
    put_list(p, "Deps", &g->deps);
    put_error(p, &g->error);
    put_list(p, "TestGoFiles", &g->test_go_files);
    put_list(p, "TestImports", &g->test_imports);
    put_list(p, "TestEmbedPatterns", &g->test_embed_patterns);
    put_list(p, "XTestGoFiles", &g->xtest_go_files);
    put_list(p, "XTestImports", &g->xtest_imports);
    put_list(p, "XTestEmbedPatterns", &g->xtest_embed_patterns);
    json_close(&p->json);
}

// ---- the command ----------------------------------------------------------------------------

static void print_package(Printer *p, const Package *g) {
    if (p->options->json) {
        p->json = json_new(p->json.out, 0);
        p->json.tabs = true;
        put_package(p, g);
    } else {
        buf_str(p->json.out, g->import_path);
    }
    buf_byte(p->json.out, '\n');
}

static PackageId listed_id(const PackageSet *set, bool deps, uint32_t i) {
    return deps ? i + 1 : package_roots(set)->v[i];
}

// Without -e, packages with errors are named on standard error and not listed.
static bool report(Cli *cli, const Package *g) {
    if (g->error.text.len == 0) return false;
    Str text = package_error_text(cli->arena, &g->error);
    doc_warn(cli->doc, STR_FMT, STR_ARG(text));
    return true;
}

static void list_packages(Cli *cli, const ListOptions *o, const PackageSet *set, Status *status) {
    Buf out = buf_new(cli->arena);
    Printer p = {.json = {.out = &out}, .options = o};
    uint32_t n = o->deps ? package_count(set) : package_roots(set)->len;
    bool failed = false;
    for (uint32_t i = 0; i < n; i++) {
        const Package *g = package_get(set, listed_id(set, o->deps, i));
        if (g->error.text.len > 0) *status = STATUS_USAGE;
        if (!o->keep_errors && report(cli, g)) {
            failed = true;
            continue;
        }
        print_package(&p, g);
    }
    if (failed && !o->deps) out.len = 0; // as the go command: nothing when a named package fails
    doc_verbatim(cli->doc, buf_view(&out));
}

static bool needs(const ListOptions *o, const char *field) {
    if (!o->json) return false;
    return o->fields.len == 0 || strvec_has(&o->fields, str_c(field));
}

static Err run_list(Cli *cli, Status *status) {
    ListOptions o = {0};
    TRY(read_options(cli, &o));
    if (o.help) {
        doc_verbatim(cli->doc, cli_help(cli->arena, &cmd_list));
        return NULL;
    }
    o.load.want_deps_lists = needs(&o, "Deps");
    o.load.skip_embed = o.json && !needs(&o, "EmbedFiles");
    PackageSet *set;
    TRY(load_packages(cli->arena, &o.load, &o.patterns, &set));
    const StrVec *warnings = package_set_warnings(set);
    for (uint32_t i = 0; i < warnings->len; i++) {
        doc_verbatim_error(cli->doc, warnings->v[i]);
        doc_verbatim_error(cli->doc, STR("\n"));
    }
    list_packages(cli, &o, set, status);
    package_set_free(set);
    return NULL;
}

static const Option list_options[] = {
    {"json", OPTION_FLAG, NULL, "print packages as JSON; -json=Name,Dir prints only those fields",
     0},
    {"deps", OPTION_FLAG, NULL, "list what the packages need too, each after its imports", 0},
    {"test", OPTION_FLAG, NULL, "list also the test variants: p [p.test], p_test [p.test], p.test",
     0},
    {"e", OPTION_FLAG, NULL, "list packages with errors too, the error as a field", 0},
    {"tags", OPTION_VALUE, "LIST", "build tags, comma-separated", 0},
    {"mod", OPTION_VALUE, "MODE", "mod, readonly or vendor", 0},
    {"modfile", OPTION_VALUE, "FILE", "use FILE in place of go.mod", 0},
    {"C", OPTION_VALUE, "DIR", "work in DIR", 0},
};

const Command cmd_list = {
    .name = "list",
    .summary = "list Go packages as `go list` does, from source alone",
    .usage = "[-json[=FIELDS]] [-deps] [-test] [-e] [-tags LIST] [-mod MODE] [PATTERN...]",
    .details =
        "Finds packages through go.mod, go.work, vendor/, the module cache and GOROOT as the "
        "go command does, without running it and without the network. Prints import paths, "
        "or with -json the fields of `go list -json`. Exit status 2 when a package could "
        "not be loaded; with -e the others are listed all the same.",
    .example = "heapwise list -deps ./...",
    .schema = "heapwise.list/1",
    .options = OPTIONS(list_options),
    .run = run_list,
    .raw = true,
};
