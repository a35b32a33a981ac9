// sys/curl.h: libcurl's functions, looked up when a URL is asked for: its many libraries would
// otherwise cost every run of heapwise some milliseconds.
// Owns     the library stays loaded once it is.     Threads  any, one curl_open at a time.
// Failure  a machine without libcurl is an Err that names its package.
#ifndef HEAPWISE_SYS_CURL_H
#define HEAPWISE_SYS_CURL_H

#include <curl/curl.h>

#include "base/err.h"

typedef struct Curl {
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*info)(CURL *, CURLINFO, ...);
    void (*cleanup)(CURL *);
    const char *(*text)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free)(struct curl_slist *);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_set)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_add)(CURLM *, CURL *);
    CURLMcode (*multi_remove)(CURLM *, CURL *);
    CURLMcode (*multi_act)(CURLM *, curl_socket_t, int, int *);
    CURLMsg *(*multi_done)(CURLM *, int *);
    CURLMcode (*multi_cleanup)(CURLM *);
} Curl;

Err curl_open(Arena *a, Curl *out);

#endif
