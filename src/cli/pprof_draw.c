// cli/pprof_draw.c: Graphviz drawings. The library is loaded when a drawing is asked for: it and
// its plugins would otherwise cost every run of heapwise some milliseconds and megabytes.
#include "base/library.h"
#include "cli/pprof_cli.h"

typedef struct Graphviz {
    void *gvc, *cgraph;
    void *(*context)(void);
    void *(*parse)(const char *);
    int (*close)(void *);
    int (*layout)(void *, void *, const char *);
    int (*free_layout)(void *, void *);
    int (*render)(void *, void *, const char *, char **, unsigned *);
    void (*free_data)(char *);
} Graphviz;

static Err load(Arena *a, Graphviz *g) {
    g->gvc = dlopen("libgvc.so.6", RTLD_NOW | RTLD_GLOBAL);
    g->cgraph = dlopen("libcgraph.so.6", RTLD_NOW | RTLD_GLOBAL);
    if (!g->gvc || !g->cgraph)
        return err_new(
            a, ERR_IO, 0,
            "graphs are drawn by Graphviz' library, which is not installed (Debian: libgvc6)");
    bool all = library_symbol(g->gvc, "gvContext", &g->context) &&
               library_symbol(g->cgraph, "agmemread", &g->parse) &&
               library_symbol(g->cgraph, "agclose", &g->close) &&
               library_symbol(g->gvc, "gvLayout", &g->layout) &&
               library_symbol(g->gvc, "gvFreeLayout", &g->free_layout) &&
               library_symbol(g->gvc, "gvRenderData", &g->render) &&
               library_symbol(g->gvc, "gvFreeRenderData", &g->free_data);
    return all ? NULL
               : err_new(a, ERR_IO, 0,
                         "this version of Graphviz' library is not the one we know (libgvc6)");
}

// One for all drawings: Graphviz' text plugin remembers a font's name beyond the context it came
// from, and reads it at the next drawing.
static void *shared_context(const Graphviz *g) {
    static void *context;
    if (!context) context = g->context();
    return context;
}

// For one thread.
Err draw_graph(Arena *a, Str dot, const char *format, Str *out) {
    Graphviz g = {0};
    TRY(load(a, &g));
    void *context = shared_context(&g), *graph = g.parse(str_to_c(a, dot));
    if (!context || !graph) return err_new(a, ERR_FORMAT, 0, "Graphviz does not take the graph");
    char *data = NULL;
    unsigned len = 0;
    Err err = NULL;
    if (g.layout(context, graph, "dot") || g.render(context, graph, format, &data, &len))
        err = err_new(a, ERR_FORMAT, 0, "Graphviz cannot draw %s", format);
    else
        *out = str_copy(a, (Str){data, len});
    if (data) g.free_data(data);
    g.free_layout(context, graph);
    g.close(graph);
    return err;
}
