#ifndef FENNEC_GATEWAY_CCurl_SHIM_H
#define FENNEC_GATEWAY_CCurl_SHIM_H

#if !__has_include(<curl/curl.h>)
#error "<curl/curl.h> is missing: install the Debian package libcurl4-openssl-dev (apt-get install libcurl4-openssl-dev), or run 'make deps'"
#endif
#include <curl/curl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* Allocators that wipe what they give back: libcurl copies header lines, and with them the API key. */

static inline void fg_wiping_free(void *block) {
    if (block == NULL) return;
    explicit_bzero(block, malloc_usable_size(block));
    free(block);
}

/* realloc may move a block and leave the old bytes behind, so it is never used. */
static inline void *fg_wiping_realloc(void *block, size_t size) {
    void *bigger = malloc(size);
    if (bigger == NULL || block == NULL) return bigger;
    size_t used = malloc_usable_size(block);
    memcpy(bigger, block, used < size ? used : size);
    fg_wiping_free(block);
    return bigger;
}

static inline CURLcode fg_curl_global_init(void) {
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, fg_wiping_free, fg_wiping_realloc, strdup, calloc);
}

/* For the thread that libcurl runs on; prctl is variadic. */
static inline void fg_name_this_thread(const char *name) { (void)prctl(PR_SET_NAME, name, 0, 0, 0); }

/* Typed entrances to libcurl's variadic functions. */

static inline CURLcode fg_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode fg_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode fg_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode fg_curl_set_sink(CURL *easy, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode fg_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode fg_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode fg_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* CURLMsg ends in a union. */
static inline CURLcode fg_curl_message_result(const CURLMsg *message) { return message->data.result; }

#endif
