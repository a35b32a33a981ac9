// go/load: what `go test` builds of a package: itself with its _test files ("p [p.test]"), the
// external test package ("p_test [p.test]"), the program that runs them ("p.test"), and again every
// package between them that imports p, since it must see the p under test.
#include "go/load/load_internal.h"

typedef struct TestSet {
    Assembly *as;
    uint32_t real, test, xtest, main; // places in pkgs + 1; xtest 0: none; test may be real
} TestSet;

typedef struct TestImports {
    U32Vec ids;
    PackageError error;
    bool incomplete;
} TestImports;

static Pkg *at(const TestSet *s, uint32_t id) { return s->as->pkgs.v[id - 1]; }

static void append(Arena *a, StrVec *to, const StrVec *from) {
    for (uint32_t i = 0; i < from->len; i++) vec_push(a, to, from->v[i]);
}

static void append_ids(Arena *a, U32Vec *to, const U32Vec *from) {
    for (uint32_t i = 0; i < from->len; i++) vec_push(a, to, from->v[i]);
}

// Loads what test files import; *paths become the resolved ones.
static TestImports import_tests(TestSet *s, Str label, const FilePosVec *wanted, StrVec *paths) {
    Assembly *as = s->as;
    TestImports out = {0};
    StrVec resolved = {0};
    vec_push(as->arena, &as->stack, ((StackItem){label, STR("")}));
    for (uint32_t i = 0; i < wanted->len; i++) {
        PackageError error = {0};
        uint32_t id = assembly_import(as, wanted->v[i].what, at(s, s->real), &wanted->v[i], &error);
        if (error.text.len > 0 && out.error.text.len == 0) out.error = error;
        out.incomplete = out.incomplete || error.text.len > 0 || at(s, id)->pub.incomplete;
        vec_push(as->arena, &out.ids, id);
        vec_push(as->arena, &resolved, at(s, id)->pub.import_path);
    }
    as->stack.len--;
    *paths = resolved;
    return out;
}

static void take_error(Package *p, const TestImports *t) {
    if (p->error.text.len == 0) p->error = t->error;
    p->incomplete = p->incomplete || t->incomplete;
}

static void add_embeds(TestSet *s, Package *p, const StrVec *patterns) {
    EmbedResult r = {0};
    if (s->as->ld->config->skip_embed || patterns->len == 0) return;
    if (embed_resolve(s->as->arena, p->dir, patterns, &r)) {
        append(s->as->arena, &p->embed_files, &r.files);
        return;
    }
    p->incomplete = true;
    if (p->error.text.len == 0)
        p->error.text = str_fmt(s->as->arena, "pattern " STR_FMT ": " STR_FMT, STR_ARG(r.failed),
                                STR_ARG(r.error));
}

// A copy whose lists can be changed without the original's.
static Pkg *copy_of(TestSet *s, uint32_t from, uint32_t *id) {
    Assembly *as = s->as;
    Pkg *copy = assembly_new(as, STR(""), id);
    const Pkg *p = at(s, from);
    *copy = *p;
    copy->is_root = false;
    copy->has_profile = at(s, s->real)->has_profile;
    copy->pub.for_test = at(s, s->real)->pub.path;
    copy->imports = (U32Vec){0};
    append_ids(as->arena, &copy->imports, &p->imports);
    copy->pub.imports = (StrVec){0};
    append(as->arena, &copy->pub.imports, &p->pub.imports);
    return copy;
}

static void make_test(TestSet *s) {
    Assembly *as = s->as;
    Pkg *p = at(s, s->real);
    StrVec raw = p->pub.test_imports;
    Str label = str_join2(as->arena, p->pub.path, STR(" (test)"));
    TestImports t = import_tests(s, label, &p->data->build.test_imports, &p->pub.test_imports);
    s->test = s->real;
    if (p->pub.test_go_files.len == 0 && !str_eq_c(p->pub.name, "main")) return;
    Pkg *c = copy_of(s, s->real, &s->test);
    p = at(s, s->real);
    StrVec files = {0}, raws = {0}, imports = {0}, embeds = {0};
    U32Vec ids = {0};
    append(as->arena, &files, &p->pub.go_files);
    append(as->arena, &files, &p->pub.test_go_files);
    append(as->arena, &raws, &raw);
    append(as->arena, &raws, &p->pub.raw_imports);
    append(as->arena, &imports, &p->pub.test_imports);
    append(as->arena, &imports, &p->pub.imports);
    append_ids(as->arena, &ids, &t.ids);
    append_ids(as->arena, &ids, &p->imports);
    append(as->arena, &embeds, &p->pub.embed_files);
    c->pub.go_files = files;
    c->pub.raw_imports = raws;
    c->pub.imports = imports;
    c->pub.embed_files = embeds;
    c->imports = ids;
    take_error(&c->pub, &t);
    add_embeds(s, &c->pub, &p->pub.test_embed_patterns);
}

static void make_xtest(TestSet *s) {
    Assembly *as = s->as;
    const Pkg *p = at(s, s->real);
    s->xtest = 0;
    StrVec raw = p->pub.xtest_imports, resolved = {0};
    Str path = str_join2(as->arena, p->pub.path, STR("_test"));
    TestImports t = import_tests(s, path, &p->data->build.xtest_imports, &resolved);
    at(s, s->real)->pub.xtest_imports = resolved;
    if (at(s, s->real)->pub.xtest_go_files.len == 0) return;
    Pkg *x = assembly_new(as, path, &s->xtest);
    p = at(s, s->real);
    x->data = p->data;
    x->imports_known = true;
    x->pub.name = str_join2(as->arena, p->pub.name, STR("_test"));
    x->pub.dir = p->pub.dir;
    x->pub.module = p->pub.module;
    x->pub.for_test = p->pub.path;
    x->pub.go_files = p->pub.xtest_go_files;
    x->pub.raw_imports = raw;
    append(as->arena, &x->pub.imports, &resolved);
    bool needs_test = false;
    for (uint32_t i = 0; i < t.ids.len; i++) {
        if (t.ids.v[i] == s->real)
            needs_test = true;
        else
            vec_push(as->arena, &x->imports, t.ids.v[i]);
    }
    if (needs_test) vec_push(as->arena, &x->imports, s->test);
    take_error(&x->pub, &t);
    add_embeds(s, &x->pub, &p->pub.xtest_embed_patterns);
}

static void make_main(TestSet *s) {
    static const char *const deps[] = {"os",      "reflect", "testing", "testing/internal/testdeps",
                                       "runtime", "math"};
    Assembly *as = s->as;
    Str path = str_join2(as->arena, at(s, s->real)->pub.path, STR(".test"));
    Pkg *m = assembly_new(as, path, &s->main);
    const Pkg *p = at(s, s->real);
    m->data = p->data;
    m->imports_known = true;
    m->pub.name = STR("main");
    m->pub.dir = p->pub.dir;
    m->pub.module = p->pub.module;
    vec_push(as->arena, &m->pub.go_files, STR("_testmain.go"));
    bool arm = str_eq_c(as->ld->env.tags.goarch, "arm");
    for (size_t i = 0; i < COUNT(deps) - !arm; i++) {
        Str dep = str_c(deps[i]);
        PackageError none = {0};
        bool own = str_eq(dep, at(s, s->test)->pub.path);
        uint32_t id = own ? s->test : assembly_import(as, dep, NULL, NULL, &none);
        vec_push(as->arena, &m->imports, id);
        if (i < 4) vec_push(as->arena, &m->pub.imports, at(s, id)->pub.path);
    }
    const Package *test = &at(s, s->test)->pub;
    if (test->go_files.len + test->cgo_files.len > 0) {
        vec_push(as->arena, &m->imports, s->test);
        vec_push(as->arena, &m->pub.imports, test->path);
    }
    if (s->xtest) {
        vec_push(as->arena, &m->imports, s->xtest);
        vec_push(as->arena, &m->pub.imports, at(s, s->xtest)->pub.path);
    }
    strvec_sort(&m->pub.imports);
    strvec_uniq(&m->pub.imports);
    m->pub.raw_imports = (StrVec){0};
    append(as->arena, &m->pub.raw_imports, &m->pub.imports);
}

// Copies what lies between the test and the package: its imports change to the package under test.
static void recompile(TestSet *s) {
    Assembly *as = s->as;
    U32Vec order = {0}, copy = {0};
    for (uint32_t i = 0; i < as->pkgs.len; i++) {
        as->pkgs.v[i]->listed = false;
        vec_push(as->arena, &copy, 0);
    }
    copy.v[s->real - 1] = s->test;
    assembly_list_from(as, s->main, &order);
    for (uint32_t i = 0; i < order.len; i++) {
        uint32_t id = order.v[i];
        if (id == s->real) continue;
        bool own = id == s->main || id == s->test || id == s->xtest;
        bool profiled = at(s, s->real)->has_profile && !at(s, id)->has_profile;
        bool program = !own && (profiled || str_eq_c(at(s, id)->pub.name, "main"));
        for (uint32_t k = 0; k < at(s, id)->imports.len; k++) {
            uint32_t imp = at(s, id)->imports.v[k];
            bool changes = imp <= copy.len && copy.v[imp - 1] != 0 && copy.v[imp - 1] != imp;
            program = program || (changes && !own);
        }
        uint32_t mine = id;
        if (program) {
            copy_of(s, id, &mine);
            copy.v[id - 1] = mine;
        }
        for (uint32_t k = 0; k < at(s, mine)->imports.len; k++) {
            uint32_t imp = at(s, mine)->imports.v[k];
            if (imp <= copy.len && copy.v[imp - 1] != 0)
                at(s, mine)->imports.v[k] = copy.v[imp - 1];
        }
    }
}

// A package may not be imported by what its own tests import, unless those tests are external.
static void check_cycle(TestSet *s) {
    Assembly *as = s->as;
    U32Vec queue = {0}, importer = {0};
    for (uint32_t i = 0; i < as->pkgs.len; i++) vec_push(as->arena, &importer, 0);
    append_ids(as->arena, &queue, &at(s, s->test)->imports);
    for (uint32_t i = 0; i < queue.len; i++) importer.v[queue.v[i] - 1] = s->test;
    for (uint32_t i = 0; i < queue.len; i++) {
        const Pkg *p = at(s, queue.v[i]);
        for (uint32_t k = 0; k < p->imports.len; k++) {
            uint32_t dep = p->imports.v[k];
            if (importer.v[dep - 1] != 0) continue;
            importer.v[dep - 1] = queue.v[i];
            vec_push(as->arena, &queue, dep);
        }
    }
    if (importer.v[s->test - 1] == 0) return;
    PackageError e = {.text = STR("import cycle not allowed in test"), .is_cycle = true};
    StrVec back = {0};
    for (uint32_t id = importer.v[s->test - 1]; id != s->test; id = importer.v[id - 1])
        vec_push(as->arena, &back, at(s, id)->pub.path);
    Str own = at(s, s->test)->pub.path;
    vec_push(as->arena, &e.import_stack, own);
    while (back.len > 0) vec_push(as->arena, &e.import_stack, vec_pop(&back));
    vec_push(as->arena, &e.import_stack, own);
    for (uint32_t i = 0; i < e.import_stack.len; i++) vec_push(as->arena, &e.stack_files, STR(""));
    at(s, s->test)->pub.error = e;
    at(s, s->test)->pub.incomplete = true;
}

static Str plain_path(Str import_path) { // import paths hold no blanks, variants' endings do
    return str_to(import_path, MIN(str_find_byte(import_path, ' '), import_path.len));
}

static void rename_variants(Assembly *as) {
    for (uint32_t i = 0; i < as->pkgs.len; i++) {
        Package *p = &as->pkgs.v[i]->pub;
        if (p->for_test.len > 0)
            p->import_path = str_fmt(as->arena, STR_FMT " [" STR_FMT ".test]", STR_ARG(p->path),
                                     STR_ARG(p->for_test));
    }
    for (uint32_t i = 0; i < as->pkgs.len; i++) {
        Pkg *p = as->pkgs.v[i];
        for (uint32_t k = 0; k < p->imports.len; k++) {
            const Package *q = &as->pkgs.v[p->imports.v[k] - 1]->pub;
            bool variant = q->for_test.len > 0 || q->for_main.len > 0;
            for (uint32_t n = 0; variant && n < p->pub.imports.len; n++)
                if (str_eq(plain_path(p->pub.imports.v[n]), q->path))
                    p->pub.imports.v[n] = q->import_path; // the last of several stays
        }
    }
}

void assembly_add_tests(Assembly *as) {
    uint32_t n = as->roots.len;
    for (uint32_t i = 0; i < n; i++) {
        TestSet s = {.as = as, .real = as->roots.v[i]};
        const Pkg *p = at(&s, s.real);
        if (!p->data || p->pub.test_go_files.len + p->pub.xtest_go_files.len == 0) continue;
        make_test(&s);
        make_xtest(&s);
        make_main(&s);
        recompile(&s);
        check_cycle(&s);
        vec_push(as->arena, &as->roots, s.main);
        if (s.test != s.real) vec_push(as->arena, &as->roots, s.test);
        if (s.xtest) vec_push(as->arena, &as->roots, s.xtest);
    }
    rename_variants(as);
}
