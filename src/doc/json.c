// doc/json.c: the page as data. Sections become objects, lists and tables arrays; what has no key
// is left out; an item that holds one unnamed field is that value itself.
#include "codec/json.h"

#include "doc/doc.h"

static void write_value(Json *j, DocValue v) {
    switch (v.kind) {
    case DOC_NONE: json_null(j); return;
    case DOC_TEXT: json_str(j, v.text); return;
    case DOC_INT:
    case DOC_BYTES:
    case DOC_COUNT:
    case DOC_NANOS: json_i64(j, v.n); return;
    case DOC_ADDRESS: json_u64(j, (uint64_t)v.n); return;
    case DOC_FLOAT:
    case DOC_PERCENT: json_f64(j, v.f); return;
    case DOC_BOOL: json_bool(j, v.n != 0); return;
    case DOC_PLACE:
        json_object(j);
        json_key(j, STR("file"));
        json_str(j, v.text);
        json_key(j, STR("line"));
        json_i64(j, v.n);
        json_key(j, STR("col"));
        json_u64(j, v.col);
        json_close(j);
        return;
    }
    BUG("value kind %d", v.kind);
}

static void write_table(Json *j, const DocNode *n) {
    json_array(j);
    uint32_t columns = n->table.column_count;
    for (uint32_t row = 0; columns && row + columns <= n->table.cells.len; row += columns) {
        json_object(j);
        for (uint32_t c = 0; c < columns; c++) {
            if (!n->table.columns[c].key) continue;
            json_key(j, str_c(n->table.columns[c].key));
            write_value(j, n->table.cells.v[row + c]);
        }
        json_close(j);
    }
    json_close(j);
}

static void write_code(Json *j, const DocCode *c) {
    json_object(j);
    json_key(j, STR("file"));
    json_str(j, c->file);
    json_key(j, STR("first_line"));
    json_u64(j, c->first_line);
    json_key(j, STR("text"));
    json_str(j, c->text);
    if (c->mark_line) {
        json_key(j, STR("mark_line"));
        json_u64(j, c->mark_line);
        json_key(j, STR("mark_start"));
        json_u64(j, c->mark_start);
        json_key(j, STR("mark_end"));
        json_u64(j, c->mark_end);
    }
    json_close(j);
}

static void write_finding(Json *j, const DocFinding *f) {
    static const char *const levels[] = {"note", "warning", "error"};
    json_key(j, STR("id"));
    json_str(j, f->id);
    json_key(j, STR("rule"));
    json_str(j, f->rule);
    json_key(j, STR("level"));
    json_str(j, str_c(levels[f->level]));
    if (f->rank) {
        json_key(j, STR("rank"));
        json_u64(j, f->rank);
    }
    json_key(j, STR("message"));
    json_str(j, f->message);
    json_key(j, STR("place"));
    write_value(j, f->place);
    if (f->end_col) {
        json_key(j, STR("end_col"));
        json_u64(j, f->end_col);
    }
}

static void write_flow(Json *j, const DocStepVec *flow) {
    json_array(j);
    for (uint32_t i = 0; i < flow->len; i++) {
        json_object(j);
        json_key(j, STR("text"));
        json_str(j, flow->v[i].text);
        json_key(j, STR("why"));
        json_str(j, flow->v[i].why);
        json_key(j, STR("place"));
        write_value(j, flow->v[i].place);
        json_close(j);
    }
    json_close(j);
}

// Boxes with the place of their parent in the array, or -1.
static void write_chart(Json *j, const DocChart *chart) {
    json_array(j);
    for (uint32_t i = 0; i < chart->boxes.len; i++) {
        const DocBox *b = &chart->boxes.v[i];
        json_object(j);
        json_key(j, STR("label"));
        json_str(j, b->label);
        json_key(j, STR("value"));
        json_i64(j, b->value);
        json_key(j, STR("parent"));
        json_i64(j, (int64_t)b->parent - 1);
        json_close(j);
    }
    json_close(j);
}

static void write_node(Json *j, const DocNode *n);

static void write_children(Json *j, const DocNode *n) {
    for (const DocNode *c = n->child; c; c = c->next) {
        if (!c->key.len && c->kind == PAGE_SECTION) write_children(j, c); // a heading only
        if (!c->key.len) continue;
        json_key(j, c->key);
        write_node(j, c);
    }
}

static void write_list(Json *j, const DocNode *n) {
    json_array(j);
    for (const DocNode *item = n->child; item; item = item->next) {
        if (item->kind == PAGE_FINDING) {
            write_node(j, item);
            continue;
        }
        if (item->kind != PAGE_ITEM) continue;
        const DocNode *only = item->child;
        if (only && only->kind == PAGE_FIELD && !only->key.len && !only->next) {
            write_value(j, only->value);
            continue;
        }
        json_object(j);
        write_children(j, item);
        json_close(j);
    }
    json_close(j);
}

static void write_node(Json *j, const DocNode *n) {
    switch (n->kind) {
    case PAGE_SECTION:
    case PAGE_ITEM:
        json_object(j);
        write_children(j, n);
        json_close(j);
        return;
    case PAGE_FINDING:
        json_object(j);
        write_finding(j, &n->finding);
        write_children(j, n);
        json_close(j);
        return;
    case PAGE_FLOW: write_flow(j, &n->flow); return;
    case PAGE_CHART: write_chart(j, &n->chart); return;
    case PAGE_LIST: write_list(j, n); return;
    case PAGE_FIELD:
    case PAGE_PROSE: write_value(j, n->value); return;
    case PAGE_TABLE: write_table(j, n); return;
    case PAGE_CODE: write_code(j, &n->code); return;
    case PAGE_VERBATIM: json_str(j, n->verbatim); return;
    case PAGE_STACKS: json_null(j); return; // never has a key
    }
    BUG("node kind %d", n->kind);
}

void doc_render_json(const Doc *d, Buf *out) {
    Json j = json_new(out, 2);
    json_object(&j);
    json_key(&j, STR("schema"));
    json_str(&j, str_c(d->schema));
    write_children(&j, &d->root);
    if (d->warnings.len) {
        json_key(&j, STR("warnings"));
        json_array(&j);
        for (uint32_t i = 0; i < d->warnings.len; i++) json_str(&j, d->warnings.v[i]);
        json_close(&j);
    }
    json_close(&j);
    buf_byte(out, '\n');
}
