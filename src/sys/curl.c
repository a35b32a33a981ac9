// sys/curl.c: curl.h over dlopen.
#include "sys/curl.h"

#include "base/library.h"

Err curl_open(Arena *a, Curl *out) {
    Curl c;
    const struct {
        const char *name;
        void *to; // a pointer to a function
    } wanted[] = {
        {"curl_easy_init", &c.init},
        {"curl_easy_setopt", &c.set},
        {"curl_easy_perform", &c.perform},
        {"curl_easy_getinfo", &c.info},
        {"curl_easy_cleanup", &c.cleanup},
        {"curl_easy_strerror", &c.text},
        {"curl_slist_append", &c.slist_append},
        {"curl_slist_free_all", &c.slist_free},
        {"curl_multi_init", &c.multi_init},
        {"curl_multi_setopt", &c.multi_set},
        {"curl_multi_add_handle", &c.multi_add},
        {"curl_multi_remove_handle", &c.multi_remove},
        {"curl_multi_socket_action", &c.multi_act},
        {"curl_multi_info_read", &c.multi_done},
        {"curl_multi_cleanup", &c.multi_cleanup},
    };
    void *lib = dlopen("libcurl.so.4", RTLD_NOW);
    if (!lib) lib = dlopen("libcurl-gnutls.so.4", RTLD_NOW);
    bool all = lib != NULL;
    for (size_t i = 0; all && i < COUNT(wanted); i++)
        all = library_symbol(lib, wanted[i].name, wanted[i].to);
    if (!all)
        return err_new(a, ERR_IO, 0,
                       "URLs are fetched by libcurl, which is not installed (Debian: libcurl4)");
    *out = c;
    return NULL;
}
